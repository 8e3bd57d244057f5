import { DAY, type Instant } from '../../../contract/instant';
import type { Settings } from '../../../contract/settings';
import type { DeliveryJournal } from '../model/delivery-journal';
import type { CurrentKey, Journal, PreviousKey } from '../model/journal';
import type { SecretCopy, SecretDescription } from '../model/ports';
import { describeUndelivered, targetsThatMayHold } from './deliveries';

/** Why applications may not get the current key, although AWSCURRENT is where it should be. */
export interface Unreadable {
  readonly cause: 'secretDeleted' | 'copyNotInSync';
  /** A sentence for a person. */
  readonly what: string;
}

type Readability = Pick<SecretDescription, 'arn' | 'deletedDate' | 'copies'>;

/**
 * What keeps applications from reading the current key. While there is something, the previous key may be all that they
 * have, so it is neither deactivated nor deleted (R3).
 */
export function whyUnreadable(secret: Readability, now: Instant): readonly Unreadable[] {
  const { deletedDate, copies } = secret;
  const lagging = copies.filter(({ status }) => status !== 'InSync');
  return [
    ...(deletedDate === undefined ? [] : [deleted(secret.arn, deletedDate, now)]),
    ...(lagging.length === 0 ? [] : [notInSync(lagging)]),
  ];
}

/** Why a previous key may be all that somebody has. */
export interface WhyItStays {
  readonly cause: Unreadable['cause'] | 'notDelivered';
  /** A sentence for a person. */
  readonly what: string;
}

/**
 * What a previous key has to wait for. A key that leaked does not wait for copies or targets: one may be `Failed` for
 * months, and whoever has the key uses it meanwhile.
 */
export function whyPreviousStays(
  key: PreviousKey,
  { secret, journal, settings, deliveries, now }: ServedByOthers,
): WhyItStays | undefined {
  const unreadable = whyUnreadable(secret, now);
  if (key.leaked !== undefined) return unreadable.find(({ cause }) => cause === 'secretDeleted');
  return unreadable[0] ?? whyNotDelivered(key, journal.current, settings, deliveries);
}

/** All that somebody may have a key from. */
export interface ServedByOthers {
  readonly secret: Readability;
  readonly journal: Pick<Journal, 'current'>;
  readonly settings: Pick<Settings, 'deliver'>;
  readonly deliveries: DeliveryJournal | undefined;
  readonly now: Instant;
}

function whyNotDelivered(
  key: PreviousKey,
  current: CurrentKey | undefined,
  settings: Pick<Settings, 'deliver'>,
  deliveries: DeliveryJournal | undefined,
): WhyItStays | undefined {
  const targets = targetsThatMayHold(key, current, settings, deliveries);
  if (targets.length === 0) return undefined;
  const names = targets.map((target) => describeUndelivered(target, deliveries));
  return { cause: 'notDelivered', what: `It may be the key that is in use there: ${names.join('; ')}.` };
}

/** The shortest and the longest recovery window that DeleteSecret takes (F 1.24). */
const SHORTEST_WINDOW = 7 * DAY;
const LONGEST_WINDOW = 30 * DAY;

/** How long the secret can be restored for certain, and at the longest, in words. */
function restorableUntil(deletedDate: Instant, now: Instant): string {
  if (deletedDate > now) return `until ${iso(deletedDate)}`;
  return (
    `until ${iso(deletedDate + SHORTEST_WINDOW)} for certain, and until ${iso(deletedDate + LONGEST_WINDOW)} at the longest ` +
    '(whoever deleted it chose 7 to 30 days)'
  );
}

function deleted(arn: string, deletedDate: Instant, now: Instant): Unreadable {
  return {
    cause: 'secretDeleted',
    what:
      'The secret is scheduled for deletion: no application can read it. It can be restored ' +
      `${restorableUntil(deletedDate, now)}: aws secretsmanager restore-secret --secret-id ${arn} - then run ` +
      '`terraform apply`. After that it is gone, with the current key in it.',
  };
}

function notInSync(lagging: readonly SecretCopy[]): Unreadable {
  const copies = lagging.map(
    ({ region, status, message }) => `${region} (${status}${message === undefined ? '' : `: ${message}`})`,
  );
  return {
    cause: 'copyNotInSync',
    what:
      `Not in sync: the copy of the secret in ${copies.join(', ')}. Applications that read it there may get an older key, or ` +
      'none.',
  };
}

const iso = (moment: Instant): string => new Date(moment).toISOString();
