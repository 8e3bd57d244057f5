import { HOUR } from '../../../contract/instant';
import { isFindingKind, type FaultKind } from '../../../contract/faults';
import type { FaultReport } from './fault-report';
import type { FaultId, NotificationPlace, NotificationPorts } from './notification-ports';

/** An alarm follows the run of the retirement function that found its reason within two of its own periods. */
const ALARM_FOLLOWS_WITHIN = 3 * HOUR;

export type Reason = 'ofAnotherShard' | 'coveredByFindings' | 'rotationDeferred';

/** Why people are not told of a report, whatever they know of its fault. */
export async function whyNotToSend(
  ports: NotificationPorts,
  place: NotificationPlace,
  report: FaultReport,
): Promise<Reason | undefined> {
  if (await isOfAnotherShard(ports, place, report)) return 'ofAnotherShard';
  if (await isCoveredByFindings(ports, report)) return 'coveredByFindings';
  if (await isDeferred(ports, report)) return 'rotationDeferred';
  return undefined;
}

/**
 * What AWS reports of a secret comes to every shard, since their secrets are named alike. The shard whose table has the
 * user's settings sends it. Where the settings cannot be read it is sent: rather one message too many.
 */
async function isOfAnotherShard(
  { settings, log }: NotificationPorts,
  { sharded }: NotificationPlace,
  { reporter, user }: FaultReport,
): Promise<boolean> {
  if (!sharded || user === undefined || (reporter !== 'secretsManager' && reporter !== 'trail')) return false;
  try {
    return (await settings.read(user)) === undefined;
  } catch (error) {
    log.warn('it could not be read which shard has the secret, so the message is sent', { user, error });
    return false;
  }
}

/**
 * The retirement function reports what it finds user by user, and its gauges are watched by an alarm besides, in case
 * its events do not come through. Where they did, the alarm has nothing to add.
 */
async function isCoveredByFindings(
  { notifications }: NotificationPorts,
  { phase, kind, reporter, at }: FaultReport,
): Promise<boolean> {
  if (phase !== 'began' || reporter !== 'alarm' || !isFindingKind(kind)) return false;
  const { state } = await notifications.load(newestFinding(kind));
  return state.state === 'told' && at - state.toldAt <= ALARM_FOLLOWS_WITHIN;
}

/** Remembers it for `coveredByFindings`. Where two events do so at the same moment, either will do. */
export async function noteFinding(
  { notifications, clock }: NotificationPorts,
  { phase, kind, reporter, at }: FaultReport,
): Promise<void> {
  if (phase !== 'began' || reporter !== 'product' || !isFindingKind(kind)) return;
  const { version } = await notifications.load(newestFinding(kind));
  const facts = { began: at, reports: { others: at }, ends: {}, toldAt: clock.now() };
  await notifications.replace(newestFinding(kind), { state: 'told', ...facts }, version);
}

/** Not one fault, but the newest of its kind that people were told of, whichever user's. */
const newestFinding = (kind: FaultKind): FaultId => ({ kind, user: undefined, about: 'last' });

/** To Secrets Manager a rotation that waits for a free slot is a failed one: our function ends it with an error. */
async function isDeferred(
  { journals, log }: NotificationPorts,
  { phase, kind, reporter, user }: FaultReport,
): Promise<boolean> {
  if (phase !== 'began' || reporter !== 'secretsManager' || kind !== 'rotationFailed' || user === undefined)
    return false;
  try {
    return (await journals.read(user)).journal?.wanted !== undefined;
  } catch (error) {
    // Rather one message too many.
    log.warn('the journal could not be read, so the message of the failure is sent', { user, error });
    return false;
  }
}
