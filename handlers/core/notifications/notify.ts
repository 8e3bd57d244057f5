import { DAY, HOUR, type Instant } from '../instant';
import type { Settings } from '../settings';
import { FINDING_KINDS } from '../telemetry/names';
import type { FaultBegan, FaultEnded, FaultReport } from './fault-report';
import { writeMessage, type Message } from './message';
import type { NotificationPlace, NotificationPorts } from './notification-ports';
import { readEvent } from './read-event';

/** The end of a fault that was told longer ago may have been lost; it is told again. */
const RETOLD_AFTER = 7 * DAY;

/** An alarm follows the run of the retirement function that found its reason within two of its own periods. */
const ALARM_FOLLOWS_WITHIN = 3 * HOUR;

/** What became of one report: for the log, and what the function returns. */
export type Notified =
  'told' | 'told already' | 'told by its findings' | 'the rotation is deferred' | 'nothing to end';

/**
 * Tells people what an event says: once when a fault begins, once when it ends.
 *
 * EventBridge and Lambda deliver an event at least once, and try again what failed. So a fault is claimed before its
 * message goes out and marked as told after it: whoever dies in between is followed by a second message, not by none.
 */
export async function notify(
  ports: NotificationPorts,
  place: NotificationPlace,
  event: unknown,
): Promise<readonly Notified[]> {
  const outcomes: Notified[] = [];
  for (const report of readEvent(event, place.stack)) {
    const outcome = await (report.phase === 'began'
      ? tellBegan(ports, place, report)
      : tellEnded(ports, place, report));
    ports.log.info('reported', { ...report, outcome });
    outcomes.push(outcome);
  }
  return outcomes;
}

async function tellBegan(
  ports: NotificationPorts,
  place: NotificationPlace,
  report: FaultBegan,
): Promise<Notified> {
  const { notifications, clock } = ports;
  if (await wasToldByFindings(ports, report)) return 'told by its findings';
  if (await isDeferred(ports, report)) return 'the rotation is deferred';
  const { kind, user, keyIdSuffix, reporter, at, since } = report;
  const fault = { kind, user, keyIdSuffix };
  const claim = { reporter, at, since, retellBefore: clock.now() - RETOLD_AFTER };
  if (!(await notifications.claim(fault, claim))) return 'told already';
  const began = since ?? at;
  await publish(ports, await messageFor(ports, place, report, began), async () => {
    await notifications.told(fault, clock.now());
    if (reporter === 'product') await notifications.noteTold(kind, clock.now());
  });
  return 'told';
}

async function tellEnded(
  ports: NotificationPorts,
  place: NotificationPlace,
  report: FaultEnded,
): Promise<Notified> {
  const { notifications } = ports;
  const { kind, user, keyIdSuffix, reporter } = report;
  const fault = { kind, user, keyIdSuffix };
  const told = await notifications.read(fault);
  // An alarm that is quiet again says nothing of what others have reported: a day without a try is no success.
  if (told === undefined || (reporter === 'alarm' && told.reporter !== 'alarm')) return 'nothing to end';
  await publish(ports, await messageFor(ports, place, report, told.began), () => notifications.forget(fault));
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
  if (reporter !== 'alarm' || !(FINDING_KINDS as readonly string[]).includes(kind)) return false;
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
 * watches, and not with a second message to those who have it.
 */
async function publish(
  { topics }: NotificationPorts,
  message: Message,
  whenTold: () => Promise<void>,
): Promise<void> {
  const results = await Promise.allSettled(topics.map((topic) => topic.publish(message)));
  const failures = results.flatMap((result): unknown[] =>
    result.status === 'rejected' ? [result.reason] : [],
  );
  if (failures.length < topics.length) await whenTold();
  if (failures.length > 0) {
    const count = `${failures.length} of ${topics.length}`;
    const errors = failures.map(String).join(' ');
    throw new Error(`The message did not reach ${count} topics: ${message.subject}. ${errors}`, {
      cause: failures[0],
    });
  }
}
