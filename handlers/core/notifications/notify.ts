import { DAY, HOUR, MINUTE, type Instant } from '../../../contract/instant';
import type { Settings } from '../../../contract/settings';
import { isFindingKind } from '../../../contract/faults';
import type { FaultBegan, FaultEnded, FaultReport } from './fault-report';
import { writeMessage, type Message } from './message';
import type {
  Claimant,
  FaultId,
  NotificationPlace,
  NotificationPorts,
  ToldFault,
} from './notification-ports';
import { readEvent } from './read-event';

/** The end of a fault that was told longer ago may have been lost; it is told again. */
const RETOLD_AFTER = 7 * DAY;

/** An alarm follows the run of the retirement function that found its reason within two of its own periods. */
const ALARM_FOLLOWS_WITHIN = 3 * HOUR;

/**
 * How long an event that has claimed a fault keeps the others from telling it. Longer than an invocation may take, so
 * that nobody tells what is just being told; short, so that a fault which is reported anew after all tries of its first
 * event have died is told then.
 */
export const CLAIM_HOLDS = 10 * MINUTE;

/** What became of one report: for the log, and what the function returns. */
export type Notified =
  | 'told'
  | 'told already'
  | 'told with its beginning'
  | 'told by its findings'
  | 'the rotation is deferred'
  | 'nothing to end'
  | 'of another shard';

/**
 * Tells people what an event says: once when a fault begins, once when it ends.
 *
 * Several events may report one fault, in the same moment, too. So an event claims it before its message goes out, and
 * the others leave it alone; it is marked as told after that. EventBridge and Lambda deliver an event at least once, and
 * try again what failed: who dies in between is followed by the same event, which may tell it, or who cannot reach a
 * single topic gives the claim back. An end that comes while its beginning is on its way is told after it, and what
 * begins while an end is on its way is another fault. There may be a second message, and never none.
 */
export async function notify(
  ports: NotificationPorts,
  place: NotificationPlace,
  event: unknown,
): Promise<readonly Notified[]> {
  const { id, reports } = readEvent(event, place);
  const outcomes: Notified[] = [];
  for (const report of reports) {
    const outcome = await tell(ports, place, report, claimantOf(ports, id));
    ports.log.info('reported', { ...report, outcome });
    outcomes.push(outcome);
  }
  return outcomes;
}

async function tell(
  ports: NotificationPorts,
  place: NotificationPlace,
  report: FaultReport,
  claimant: Claimant,
): Promise<Notified> {
  if (await isOfAnotherShard(ports, place, report)) return 'of another shard';
  return report.phase === 'began'
    ? tellBegan(ports, place, report, claimant)
    : tellEnded(ports, place, report, claimant);
}

/**
 * What AWS reports of a secret comes to every shard, since their secrets are named alike, and is told by the one whose
 * table has the user's settings. Where they cannot be read it is told: rather one message too many.
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
    log.warn('whose secret it is could not be read, so it is told', { user, error });
    return false;
  }
}

const faultOf = ({ kind, user, keyIdSuffix }: FaultReport): FaultId => ({ kind, user, keyIdSuffix });

function claimantOf({ clock }: NotificationPorts, eventId: string): Claimant {
  const now = clock.now();
  return { claimedBy: eventId, claimedAt: now, freeBefore: now - CLAIM_HOLDS };
}

async function tellBegan(
  ports: NotificationPorts,
  place: NotificationPlace,
  report: FaultBegan,
  claimant: Claimant,
): Promise<Notified> {
  const { notifications, clock } = ports;
  if (await wasToldByFindings(ports, report)) return 'told by its findings';
  if (await isDeferred(ports, report)) return 'the rotation is deferred';
  const { kind, reporter, at, since } = report;
  const fault = faultOf(report);
  const claim = { ...claimant, reporter, at, since, retellBefore: clock.now() - RETOLD_AFTER };
  if (!(await notifications.claim(fault, claim))) {
    await tellNotedEnd(ports, place, fault, claimant);
    return 'told already';
  }
  const message = await messageFor(ports, place, report, since ?? at);
  await publish(ports, message, { ...claimant, fault }, async () => {
    await notifications.told(fault, claimant.claimedBy, clock.now());
    if (reporter === 'product') await notifications.noteTold(kind, clock.now());
    await tellNotedEnd(ports, place, fault, claimant);
  });
  return 'told';
}

/** Of a fault that was over before its beginning was told. Who dies before this is followed by the same event. */
async function tellNotedEnd(
  ports: NotificationPorts,
  place: NotificationPlace,
  fault: FaultId,
  claimant: Claimant,
): Promise<void> {
  const told = await ports.notifications.read(fault);
  if (told?.endedAt === undefined) return;
  const what = 'It was over by the time that people were told of it.';
  const { reporter, endedAt: at } = told;
  await tellEndOf(ports, place, { ...fault, phase: 'ended', reporter, at, what }, { told, claimant });
}

async function tellEnded(
  ports: NotificationPorts,
  place: NotificationPlace,
  report: FaultEnded,
  claimant: Claimant,
): Promise<Notified> {
  const { notifications } = ports;
  const { reporter, at } = report;
  const fault = faultOf(report);
  if (await notifications.noteEnd(fault, { reporter, at })) return 'told with its beginning';
  const told = await notifications.read(fault);
  // An alarm that is quiet again says nothing of what others have reported: a day without a try is no success.
  if (told === undefined || (reporter === 'alarm' && told.reporter !== 'alarm')) return 'nothing to end';
  return tellEndOf(ports, place, report, { told, claimant });
}

async function tellEndOf(
  ports: NotificationPorts,
  place: NotificationPlace,
  report: FaultEnded,
  { told, claimant }: { readonly told: ToldFault; readonly claimant: Claimant },
): Promise<Notified> {
  const { notifications } = ports;
  const fault = faultOf(report);
  if (!(await notifications.claimEnd(fault, { ...claimant, at: report.at }))) return 'told already';
  const message = await messageFor(ports, place, report, told.began);
  await publish(ports, message, { ...claimant, fault }, () =>
    notifications.forget(fault, claimant.claimedBy),
  );
  return 'told';
}

/**
 * The retirement function reports what it finds user by user, and its gauges are watched by an alarm besides, in case
 * its events do not come through. Where they did, the alarm has nothing to add.
 */
async function wasToldByFindings(
  { notifications }: NotificationPorts,
  { kind, reporter, at }: FaultBegan,
): Promise<boolean> {
  if (reporter !== 'alarm' || !isFindingKind(kind)) return false;
  const last = await notifications.lastTold(kind);
  return last !== undefined && at - last <= ALARM_FOLLOWS_WITHIN;
}

/** To Secrets Manager a rotation that waits for a free slot is a failed one: our function ends it with an error. */
async function isDeferred(
  { journals, log }: NotificationPorts,
  { kind, reporter, user }: FaultBegan,
): Promise<boolean> {
  if (reporter !== 'secretsManager' || kind !== 'rotationFailed' || user === undefined) return false;
  try {
    return (await journals.read(user)).journal?.wanted !== undefined;
  } catch (error) {
    // Rather one message too many.
    log.warn('the journal could not be read, so the failure is told', { user, error });
    return false;
  }
}

async function messageFor(
  ports: NotificationPorts,
  place: NotificationPlace,
  report: FaultReport,
  began: Instant,
): Promise<Message> {
  return writeMessage(report, { place, began, settings: await settingsOf(ports, report.user) });
}

/** A message without owner is better than none. */
async function settingsOf(
  { settings, log }: NotificationPorts,
  user: string | undefined,
): Promise<Settings | undefined> {
  if (user === undefined) return undefined;
  try {
    return await settings.read(user);
  } catch (error) {
    log.warn('the settings could not be read; the message goes without the owner', { user, error });
    return undefined;
  }
}

/**
 * To every topic. What one of them took is told: the others' failure ends the invocation with an error, which an alarm
 * watches, and not with a second message to those who have it. What none of them took may be told by the next try.
 */
async function publish(
  ports: NotificationPorts,
  message: Message,
  claimed: Pick<Claimant, 'claimedBy'> & { readonly fault: FaultId },
  whenTold: () => Promise<void>,
): Promise<void> {
  const { topics } = ports;
  const results = await Promise.allSettled(topics.map((topic) => topic.publish(message)));
  const failures = results.flatMap((result): unknown[] =>
    result.status === 'rejected' ? [result.reason] : [],
  );
  await (failures.length < topics.length ? whenTold() : release(ports, claimed));
  if (failures.length > 0) {
    const count = `${failures.length} of ${topics.length}`;
    const errors = failures.map(String).join(' ');
    throw new Error(`The message did not reach ${count} topics: ${message.subject}. ${errors}`, {
      cause: failures[0],
    });
  }
}

/** A claim that cannot be given back ends by itself, and the next try of this event may have it at once. */
async function release(
  { notifications, log }: NotificationPorts,
  { fault, claimedBy }: Pick<Claimant, 'claimedBy'> & { readonly fault: FaultId },
): Promise<void> {
  try {
    await notifications.release(fault, claimedBy);
  } catch (error) {
    log.warn('the claim could not be given back', { ...fault, error });
  }
}
