import { DAY, SECOND, type Instant } from '../../../contract/instant';
import type { Settings } from '../../../contract/settings';
import { overlapEnd } from '../key-moves/overlap';
import type { AccessKey, LastUse } from '../model/access-key';
import type { Acknowledgements } from '../model/acknowledgements';
import type { DeliveryJournal } from '../model/delivery-journal';
import type { Journal, PreviousKey } from '../model/journal';
import { isAcknowledged } from './acknowledged';
import type { Report } from './decision';

export interface AcknowledgementFacts {
  readonly now: Instant;
  readonly settings: Settings;
  readonly journal: Journal;
  readonly keys: readonly AccessKey[];
  readonly deliveries: DeliveryJournal | undefined;
  readonly acknowledgements: Acknowledgements;
  readonly lastUses: ReadonlyMap<string, LastUse | undefined>;
}

/** Before a key that waits for an acknowledgement reaches the maximum key age. */
const ACKNOWLEDGEMENT_NOTICE = 7 * DAY;

/** Undefined: the consumers work with the current key, or the maximum key age came before that, and the configuration goes on then. */
export function whyUnacknowledged(
  facts: AcknowledgementFacts,
  key: PreviousKey,
  listed: AccessKey,
): string | undefined {
  const { journal, settings, deliveries, now } = facts;
  const { acknowledgement } = settings;
  if (acknowledgement === undefined || isAcknowledged(facts)) return undefined;
  const goesOn = acknowledgement.atMaximumKeyAge === 'retire' && now >= maximumAgeAt(facts, listed);
  if (goesOn) return undefined;
  const since = iso(overlapEnd(key, settings, deliveries));
  return `Waits since ${since} for an acknowledgement of the current key ${journal.current?.keyId ?? ''}: ${WAITS_FOR[acknowledgement.by]}.`;
}

const WAITS_FOR: Readonly<Record<NonNullable<Settings['acknowledgement']>['by'], string>> = {
  command: 'nobody has said that the consumers work with it',
  use: 'no use of it has been seen',
  either: 'nobody has said that the consumers work with it, and no use of it has been seen',
};

const maximumAgeAt = (
  { settings }: Pick<AcknowledgementFacts, 'settings'>,
  { createdAt }: AccessKey,
): Instant => createdAt + settings.maximumKeyAgeSeconds * SECOND;

/** A reminder; and, before a key that waits and is Active reaches the maximum key age, what happens then. */
export function reportAcknowledgement(facts: AcknowledgementFacts): readonly Report[] {
  const { journal, keys, settings, now } = facts;
  const { current, previous } = journal;
  const { acknowledgement } = settings;
  if (acknowledgement === undefined || current === undefined || isAcknowledged(facts)) return [];
  const waiting = keys.filter(({ id }) =>
    previous.some(({ keyId, phase, leaked }) => keyId === id && phase === 'overlap' && leaked === undefined),
  );
  if (waiting.length === 0) return [];
  const isReminded = now - current.since >= acknowledgement.remindAfterSeconds * SECOND;
  const missing = `the current key ${current.keyId} is not acknowledged`;
  const reminder = report(
    'notAcknowledged',
    `Since ${iso(current.since)} ${missing}: ${WAITS_FOR[acknowledgement.by]}. ${namesOf(waiting)} waits for it.`,
  );
  // The policy is about keys that are Active.
  const overdue = waiting
    .filter((key) => key.status !== 'Inactive' && now >= maximumAgeAt(facts, key) - ACKNOWLEDGEMENT_NOTICE)
    .map((key) => {
      const then = acknowledgement.atMaximumKeyAge === 'retire' ? 'it is retired then' : 'it is held on then';
      const reaches = `${key.id} reaches the maximum key age at ${iso(maximumAgeAt(facts, key))}`;
      return report('acknowledgementOverdue', `${reaches}, and ${missing}: ${then}.`);
    });
  return [...(isReminded ? [reminder] : []), ...overdue];
}

const namesOf = (keys: readonly AccessKey[]): string => keys.map(({ id }) => id).join(' and ');

const report = (fault: Report['fault'], reason: string): Report => ({ kind: 'report', fault, reason });

const iso = (moment: Instant): string => new Date(moment).toISOString();
