import { journalOf, requireBound, type AtWork } from '../at-work';
import { deactivatePrevious } from '../deactivate-previous';
import { deleteRetired } from '../delete-retired';
import type { LastUse } from '../access-key';
import type { Journal, PreviousKey } from '../journal';
import { underLease, type Ledger } from '../lease';
import { settle } from '../settle';
import { decide, needsLastUse, type UserFacts } from './decide';
import type { Act, Decision, Hold } from './decision';
import type { DeletionCap } from './deletion-cap';
import type { RetirementPorts } from './retirement-ports';
import type { RetirementSettings } from './retirement-settings';

/** What one visit to a user came to. */
export interface UserOutcome {
  /** In the order in which they were done. */
  readonly acts: readonly Act[];
  /** What is left after them: holds and reports, and an act that was not done (dry run, deletion cap). */
  readonly left: readonly Decision[];
  readonly holdsBegun: readonly Hold[];
  readonly holdsEnded: readonly PreviousKey[];
}

export interface SweepUserOptions {
  /** `report`: decide and say so, change nothing. */
  readonly mode: 'act' | 'report';
  readonly deletionCap: DeletionCap;
}

/** More than the acts that one user can ever need at a time: settle, two keys to deactivate or delete, a request. */
const MOST_ACTS = 8;

/**
 * Decides what is due for one user and does it. The first decision is made from what was read without the lease, which
 * costs nothing for the many users of whom nothing is due; before anything is changed, the lease is taken, everything
 * is read anew, and decided anew.
 */
export async function sweepUser(
  ports: RetirementPorts,
  settings: RetirementSettings,
  journal: Journal,
  options: SweepUserOptions,
): Promise<UserOutcome> {
  requireBound(journal, settings);
  const before = decide(await gatherFacts(ports, settings, journal));
  const holds = compareHolds(journal, before);
  const isNothingToChange = !before.some(({ kind }) => kind === 'act') && !holds.changed;
  if (options.mode === 'report' || isNothingToChange) {
    return { acts: [], left: before, holdsBegun: [], holdsEnded: [] };
  }
  return underLease(ports, settings.stableKey, (ledger) => sweepUnderLease(ports, settings, ledger, options));
}

async function sweepUnderLease(
  ports: RetirementPorts,
  settings: RetirementSettings,
  ledger: Ledger,
  { deletionCap }: SweepUserOptions,
): Promise<UserOutcome> {
  const at = { ports, settings, ledger };
  const acts: Act[] = [];
  const reports: Decision[] = [];
  for (;;) {
    const decisions = decide(await gatherFacts(ports, settings, journalOf(at)));
    const next = decisions.find((decision) => decision.kind === 'act');
    const isDone =
      next === undefined ||
      acts.length === MOST_ACTS ||
      !deletionCap.allows(next) ||
      !(await perform(at, next));
    if (isDone) {
      const holds = compareHolds(journalOf(at), decisions);
      if (holds.changed) await journalHolds(at, holds);
      return { acts, left: [...reports, ...decisions], holdsBegun: holds.begun, holdsEnded: holds.ended };
    }
    acts.push(next);
    // What is said of a key that is dealt with now would not come back with the next decision.
    reports.push(...decisions.filter(({ kind, keyId }) => kind === 'report' && keyId === next.keyId));
  }
}

async function gatherFacts(
  ports: RetirementPorts,
  settings: RetirementSettings,
  journal: Journal,
): Promise<UserFacts> {
  const { labels } = await ports.secrets.describe(settings.secretArn);
  const keys = await ports.keys.list(settings.userName);
  const facts = { now: ports.clock.now(), settings, journal, labels, keys };
  const lastUses = new Map<string, LastUse | undefined>();
  for (const keyId of needsLastUse(facts)) lastUses.set(keyId, await ports.keys.lastUsed(keyId));
  return { ...facts, lastUses };
}

type RetirementAtWork = AtWork & { readonly ports: RetirementPorts; readonly settings: RetirementSettings };

/** @returns false if the facts, read once more immediately before the act, no longer allow it. */
async function perform(at: RetirementAtWork, { what, keyId, reason }: Act): Promise<boolean> {
  const { ports, settings, ledger } = at;
  const previous = journalOf(at).previous.find((key) => key.keyId === keyId);
  ports.log.info('decided', { decision: what, keyId, reason });
  switch (what) {
    case 'finish':
    case 'reap':
    case 'reactivate':
      await settle(at);
      return true;
    case 'deactivate':
      return previous !== undefined && deactivatePrevious(at, previous);
    case 'delete':
      return previous !== undefined && deleteRetired(at, previous);
    case 'forget':
      await ledger.amend({ previous: journalOf(at).previous.filter((key) => key.keyId !== keyId) });
      return true;
    case 'takeOver':
      return keyId !== undefined && takeOver(at, keyId);
    case 'requestRotation':
      await ledger.act(() => ports.rotations.request(settings.secretArn));
      return false; // The rotation needs the lease now, so this visit ends.
  }
}

async function takeOver(at: RetirementAtWork, keyId: string): Promise<boolean> {
  const { previous } = journalOf(at);
  await at.ledger.amend({
    previous: [
      ...previous,
      { keyId, origin: 'takenOver', replacedAt: at.ports.clock.now(), phase: 'overlap' },
    ],
  });
  return true;
}

interface HoldChanges {
  readonly changed: boolean;
  readonly begun: readonly Hold[];
  readonly ended: readonly PreviousKey[];
  readonly held: ReadonlyMap<string, Hold>;
}

function compareHolds(journal: Journal, decisions: readonly Decision[]): HoldChanges {
  const held = new Map(
    decisions.filter((decision) => decision.kind === 'hold').map((decision) => [decision.keyId, decision]),
  );
  const causeBefore = new Map(journal.previous.map((key) => [key.keyId, key.hold?.cause]));
  const begun = [...held.values()].filter(({ keyId, cause }) => causeBefore.get(keyId) !== cause);
  const ended = journal.previous.filter((key) => key.hold !== undefined && !held.has(key.keyId));
  return { changed: begun.length > 0 || ended.length > 0, begun, ended, held };
}

async function journalHolds(at: AtWork, { held }: HoldChanges): Promise<void> {
  const since = at.ports.clock.now();
  await at.ledger.amend({
    previous: journalOf(at).previous.map(({ hold, ...key }) => {
      const decision = held.get(key.keyId);
      if (decision === undefined) return key;
      return { ...key, hold: hold?.cause === decision.cause ? hold : { cause: decision.cause, since } };
    }),
  });
}
