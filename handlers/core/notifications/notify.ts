import type { Instant } from '../../../contract/instant';
import type { Settings } from '../../../contract/settings';
import { asTheTableSays } from './as-the-table-says';
import type { FaultReport } from './fault-report';
import type { FaultState } from './fault-state';
import { welcome, writeMessage, type Message } from './message';
import type { FaultId, NotificationPlace, NotificationPorts, NotificationStore } from './notification-ports';
import { noteFinding, whyNotToSend, type Reason } from './nothing-to-send';
import { ofRotatedUser } from './of-rotated-user';
import { readEvent } from './read-event';
import { threadOf } from './thread';
import { admit, type ActReport } from './told-acts';
import { afterSending, transition, type Decision, type Outcome, type Sending } from './transition';

/** What became of one report: for the log, and what the function returns. */
export type Notified = Outcome | Reason | 'contradictedByTable';

/**
 * Tells people what an event says: once when a fault begins, once when it ends.
 *
 * EventBridge and Lambda deliver an event at least once, and again if the function fails. So the claim is stored before
 * the message goes out, and that it went out is stored after it: if the function crashes in between, the event is
 * delivered again. People may get a message twice, and never none. The rules: transition.ts.
 *
 * @throws Error if a message did not reach every topic, or a record could be neither read nor stored.
 * @throws UnknownEventError
 */
export async function notify(
  ports: NotificationPorts,
  place: NotificationPlace,
  event: unknown,
): Promise<readonly Notified[]> {
  const { id, reports } = readEvent(event, place);
  const outcomes: Notified[] = [];
  for (const heard of reports) {
    const said = await asTheTableSays(ports, notLaterThan(ports.clock.now(), heard));
    const report = said && (await ofRotatedUser(ports, said));
    const outcome =
      report === undefined
        ? 'contradictedByTable'
        : ((await whyNotToSend(ports, place, report)) ?? (await tell(ports, place, report, id)));
    ports.log.info('reported', { ...(report ?? heard), outcome });
    outcomes.push(outcome);
  }
  return outcomes;
}

/** A time to come would keep everything before it from being told. */
function notLaterThan(now: Instant, report: FaultReport): FaultReport {
  const at = Math.min(report.at, now);
  if (report.phase === 'ended' || report.since === undefined) return { ...report, at };
  return { ...report, at, since: Math.min(report.since, now) };
}

async function tell(
  ports: NotificationPorts,
  place: NotificationPlace,
  report: FaultReport,
  eventId: string,
): Promise<Outcome> {
  const { kind, reporter } = report;
  // Whose key AWS reports may be found at one delivery, and not at the next one.
  const user = reporter === 'leakReport' ? undefined : report.user;
  if (!isAct(report)) return handle(ports, place, report, { kind, user, about: aboutOf(report) }, eventId);
  const admitted = await admit(ports, place, report);
  // Its place is the stack's, whoever's user or secret it was done to.
  const fault = { kind, user: undefined, about: admitted.about };
  return handle(ports, place, admitted.report, fault, eventId);
}

/** A drill is another fault than a leak of the same key, which people would not be told of while they know of the drill. */
function aboutOf({ keyIdSuffix, report, drill }: FaultReport): string | undefined {
  const about = keyIdSuffix ?? report;
  return drill === true && about !== undefined ? `drill#${about}` : about;
}

const isAct = (report: FaultReport): report is ActReport => report.act !== undefined;

async function handle(
  ports: NotificationPorts,
  place: NotificationPlace,
  report: FaultReport,
  fault: FaultId,
  eventId: string,
): Promise<Outcome> {
  const { notifications, clock, log } = ports;
  const me = () => ({ by: eventId, at: clock.now() });
  const failures: Error[] = [];
  const { outcome, send } = await change(notifications, fault, (state) => transition(state, report, me()));
  for (let next = send; next !== undefined;) {
    const sending = next;
    const { failure, isSent } = await publish(ports, await messageOf(ports, place, report, fault, sending));
    if (failure !== undefined) failures.push(failure);
    const result = isSent ? 'sent' : 'notSent';
    const after = change(notifications, fault, (state) => afterSending(state, sending, result, me()));
    if (!isSent) {
      // The next delivery of this event may take its own claim again.
      await after.catch((error: unknown) => {
        log.warn('the claim could not be given back', { ...fault, error });
      });
      break;
    }
    ({ send: next } = await after);
    if (sending.message === 'beginning') await noteFinding(ports, report);
  }
  if (failures.length > 0)
    throw new Error(failures.map(({ message }) => message).join(' '), { cause: failures[0] });
  return outcome;
}

/** Decides on what is stored, and stores what follows from it; anew if another event was faster. */
async function change<Result extends Decision>(
  store: NotificationStore,
  fault: FaultId,
  decide: (state: FaultState) => Result,
): Promise<Result> {
  for (;;) {
    const { state, version } = await store.load(fault);
    const decision = decide(state);
    if (decision.next === state || (await store.replace(fault, decision.next, version))) return decision;
  }
}

/**
 * To every topic. What one of them took is sent: the others' failure ends the invocation with an error, which an alarm
 * watches, and not with a second message to those who have it.
 */
async function publish(
  { topics }: NotificationPorts,
  message: Message,
): Promise<{ readonly failure?: Error; readonly isSent: boolean }> {
  const results = await Promise.allSettled(topics.map((topic) => topic.publish(message)));
  const errors = results.flatMap((result): unknown[] =>
    result.status === 'rejected' ? [result.reason] : [],
  );
  if (errors.length === 0) return { isSent: true };
  const count = `${errors.length} of ${topics.length}`;
  const what = `The message did not reach ${count} topics: ${message.subject}. ${errors.map(String).join(' ')}`;
  return { failure: new Error(what, { cause: errors[0] }), isSent: errors.length < topics.length };
}

async function messageOf(
  ports: NotificationPorts,
  place: NotificationPlace,
  report: FaultReport,
  fault: FaultId,
  sending: Sending,
): Promise<Message> {
  // Of acts, `since` is when the hour began in which they are told.
  const began = report.act === undefined ? sending.began : report.at;
  const thread = threadOf(place, fault, sending.thread);
  const context = { place, began, thread, settings: await settingsOf(ports, report.user) };
  if (sending.message === 'beginning')
    return (await isOfNewStack(ports, report))
      ? welcome(place, report, thread)
      : writeMessage(report, context);
  const what =
    report.phase === 'ended' ? report.what : 'It was over by the time that people were told of it.';
  return writeMessage({ ...report, phase: 'ended', at: sending.over, what }, context);
}

/**
 * A new alarm on runs finds none, and so rings until the first one, within the hour: that is no fault. Whether there was a
 * run says the table, which remembers them longer than an alarm that is made anew.
 */
async function isOfNewStack({ sweeps, log }: NotificationPorts, report: FaultReport): Promise<boolean> {
  if (report.phase === 'ended' || report.isOfNewAlarm !== true) return false;
  try {
    return !(await sweeps.hasBegun());
  } catch (error) {
    log.warn('it could not be read whether the stack is new, so the alarm is sent', { error });
    return false;
  }
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
