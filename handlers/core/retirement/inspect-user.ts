import { isDeepStrictEqual } from 'node:util';

import { describeSecret, requireBound } from '../key-moves/key-work';
import { readDeliveries } from '../key-moves/deliveries';
import type { AcknowledgementReader } from '../model/acknowledgements';
import type { LastUse } from '../model/access-key';
import { CallRefusedError, CallUnansweredError } from '../model/call-errors';
import type { Journal } from '../model/journal';
import type { DeliveryReader, RotationPorts } from '../model/ports';
import type { Settings } from '../../../contract/settings';
import type { Report } from './decision';
import { readAcknowledgements } from './acknowledged';
import type { Quarantine } from './decide-leaks';
import type { QuarantineReader } from './retirement-ports';
import { decide, needsLastUse, type UserFacts, type Verdict } from './decide';

/** What is the case for one user, and what follows from it. */
export interface Inspection {
  readonly facts: UserFacts;
  readonly verdict: Verdict;
}

/** What looking at a user needs: nothing that changes something. */
export interface InspectionPorts {
  readonly secrets: Pick<RotationPorts['secrets'], 'describe'>;
  readonly keys: Pick<RotationPorts['keys'], 'list' | 'lastUsed'>;
  readonly deliveries: DeliveryReader;
  readonly acknowledgements: AcknowledgementReader;
  readonly clock: Pick<RotationPorts['clock'], 'now'>;
  readonly quarantine?: QuarantineReader | undefined;
}

/**
 * `inspectUser` with a journal that was read some time ago. Where something follows from it, the journal is read again,
 * and the rest where it is another one by now: a rotation since then would look like a contradiction.
 */
export async function inspectUserAnew(
  ports: InspectionPorts & { readonly journals: Pick<RotationPorts['journals'], 'read'> },
  settings: Settings,
  read: Journal,
  stack: string,
): Promise<Inspection> {
  const inspection = await inspectUser(ports, settings, read, stack);
  if (inspection.verdict.decisions.length === 0) return inspection;
  const { journal: fresh } = await ports.journals.read(settings.stableKey);
  const isSame = fresh === undefined || isDeepStrictEqual(fresh, read);
  return isSame ? inspection : inspectUser(ports, settings, fresh, stack);
}

/** What is to be said of a user who has no journal. */
export const noJournalYet = (stableKey: string): Report => ({
  kind: 'report',
  fault: 'unknownState',
  reason: `${stableKey} has no journal yet: terraform apply makes its first key.`,
});

/**
 * Reads everything about one user and decides what is due. Nothing is changed.
 *
 * @param stack the stack's prefix
 * @throws UnknownStateError if the journal is about another user or secret
 * @throws SecretOfAnotherUserError
 */
export async function inspectUser(
  ports: InspectionPorts,
  settings: Settings,
  journal: Journal,
  stack: string,
): Promise<Inspection> {
  requireBound(journal, settings);
  const deliveries = await readDeliveries(ports, settings);
  const acknowledgements = await readAcknowledgements(ports, settings, journal);
  const secret = await describeSecret({ ports, settings });
  const keys = await ports.keys.list(settings.userName);
  const before = {
    now: ports.clock.now(),
    stack,
    settings,
    journal,
    secret,
    deliveries,
    acknowledgements,
    keys,
  };
  const lastUses = new Map<string, LastUse | undefined>();
  for (const keyId of needsLastUse(before)) lastUses.set(keyId, await ports.keys.lastUsed(keyId));
  const facts = { ...before, lastUses, quarantine: await readQuarantine(ports, settings, journal) };
  return { facts, verdict: decide(facts) };
}

/** Only of a user whose key leaked. A look-up that fails ends no leak, and stops nothing else (R8). */
async function readQuarantine(
  { quarantine }: InspectionPorts,
  { userName }: Settings,
  { leaks = [] }: Journal,
): Promise<Quarantine | undefined> {
  if (quarantine === undefined || leaks.length === 0) return undefined;
  try {
    return await quarantine.policiesOf(userName);
  } catch (error) {
    if (error instanceof CallRefusedError || error instanceof CallUnansweredError) return 'unknown';
    throw error;
  }
}
