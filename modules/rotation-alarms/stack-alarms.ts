import type { AlarmDefinition } from './alarm-definition';
import { messagesIn, ofFunction, ofStack } from './metrics';
import { RAISE_CONCURRENCY, THROTTLED } from './rotation-function-alarms';
import { GAUGE, HEARTBEAT, QUEUE, SEEN_FOR_A_DAY, SEEN_FOR_THREE_RUNS } from './timings';

/** Names of what the alarms of a stack watch. Never references. */
export interface WatchedStack {
  /** The stack's prefix. */
  readonly stack: string;
  /** Of the secrets' names. */
  readonly secretPrefix: string;
  readonly retirementFunction: string;
  readonly retirementQueue: string;
  readonly notificationFunction: string;
  readonly notificationQueue: string;
  /** The rotation function that all users share, if they do. */
  readonly sharedFunction?: string;
  /** Topics that were there already: told of it even if the notification function cannot tell. */
  readonly topicArns: readonly string[];
}

const ABOVE_ZERO = { comparison: 'GreaterThanThreshold', threshold: 0 } as const;

/** When the retirement function reports it as a finding, too: a day is time for the tries that Secrets Manager makes. */
const OVERDUE_HOURS = 24;

const SEE_MESSAGES =
  'see the message of each user, or the log of the retirement function, which names them with the reason.';

/** Everything that is watched once for all users of a stack, in the order of the runbook. */
export function stackAlarms(watched: WatchedStack): readonly AlarmDefinition[] {
  return [...gauges(watched), ...sweeps(watched), ...plumbing(watched)];
}

/** What the retirement function finds: its messages say more, user by user; these are there in case they got lost. */
function gauges({ stack, secretPrefix }: WatchedStack): readonly AlarmDefinition[] {
  const gauge = (name: Parameters<typeof ofStack>[1]): Pick<AlarmDefinition, 'watched'> => ({
    watched: ofStack(stack, name, 'Maximum'),
  });
  return [
    {
      kind: 'rotationOverdue',
      address: 'rotation-overdue',
      means:
        'A user was not rotated within a day of when its schedule said so. The current key works, and grows older than planned.',
      first: `${SEE_MESSAGES} Then rotate by hand: aws secretsmanager rotate-secret --secret-id ${secretPrefix}/<user>`,
      ...{ ...gauge('HoursOverdue'), comparison: 'GreaterThanThreshold', ...GAUGE },
      threshold: OVERDUE_HOURS,
    },
    {
      kind: 'rotationStuck',
      address: 'rotation-stuck',
      means: 'A rotation has been under way for a day. The current key works; no new rotation can begin.',
      first: `${SEE_MESSAGES} Then ask for the rotation again: aws secretsmanager rotate-secret --secret-id ${secretPrefix}/<user>`,
      ...{ ...gauge('RotationsStuck'), ...ABOVE_ZERO, ...GAUGE },
    },
    {
      kind: 'keyPastMaximumAge',
      address: 'key-past-maximum-age',
      means: 'A key is usable for longer than the policy (maximumKeyAge) allows.',
      first: `${SEE_MESSAGES} Then rotate the user, or find out why its rotation fails.`,
      ...{ ...gauge('KeysPastMaximumAge'), ...ABOVE_ZERO, ...GAUGE },
    },
    {
      kind: 'heldPastMaximumAge',
      address: 'held-past-maximum-age',
      means:
        'A previous key is held, since something still uses it, and is usable for longer than the policy (maximumKeyAge) allows.',
      first: `${SEE_MESSAGES} The log also says who used the key; have them read the secret anew.`,
      ...{ ...gauge('KeysHeldPastMaximumAge'), ...ABOVE_ZERO, ...GAUGE },
    },
    {
      kind: 'unmanagedKey',
      address: 'unmanaged-key',
      means:
        'A rotated user has a key that this product did not create. It is never changed, is never rotated, and takes the slot that the next rotation needs.',
      first: `${SEE_MESSAGES} Then find out who made it (CloudTrail: CreateAccessKey), and delete it, or list it under takeOver.`,
      ...{ ...gauge('UnmanagedKeys'), ...ABOVE_ZERO, ...GAUGE },
    },
    {
      kind: 'visitFailed',
      address: 'visit-failed',
      means:
        'The retirement function could not visit a user: nothing of its keys is retired until it can. The others are done.',
      first: SEE_MESSAGES,
      ...{ ...gauge('UsersFailed'), ...ABOVE_ZERO, ...GAUGE },
    },
    {
      kind: 'deletionCapReached',
      address: 'deletion-cap-reached',
      means:
        'More keys are due to be deleted than one run may delete (maximumDeletionsPerRun); the others wait for the next run.',
      first:
        'find out whether so many are to be expected (many users made on one day). If not, write retirement: report for the stack, apply, and look before anything else is deleted.',
      ...{ ...gauge('DeletionsRefused'), ...ABOVE_ZERO, ...GAUGE },
    },
  ];
}

function sweeps({ stack, retirementFunction, retirementQueue }: WatchedStack): readonly AlarmDefinition[] {
  return [
    {
      kind: 'sweepFailed',
      address: 'sweep-failed',
      means:
        'A run of the retirement function ended with an error. The next one, within the hour, begins where it stopped.',
      first: `read the log group /aws/lambda/${retirementFunction} from its last error upwards.`,
      ...{ watched: ofFunction(retirementFunction, 'Errors'), ...ABOVE_ZERO, ...SEEN_FOR_THREE_RUNS },
    },
    {
      kind: 'sweepNotRunning',
      address: 'sweep-not-running',
      means:
        'No run of the retirement function has come to its end for three hours: previous keys are not retired, and nothing else that it finds is reported.',
      first: `look at the schedule ${retirementFunction} in EventBridge Scheduler (is it there, and enabled?), then at the log of the function; terraform plan shows what was changed by hand.`,
      watched: ofStack(stack, 'SweepCompleted', 'Sum'),
      ...{ comparison: 'LessThanThreshold', threshold: 1, ...HEARTBEAT },
    },
    {
      kind: 'deadLetters',
      address: 'dead-letters',
      means: `Runs of the retirement function were lost: what should have invoked it is in the queue ${retirementQueue}.`,
      first:
        'read the messages there, which say why; then delete them. Nothing has to be sent again: the next run does what is due.',
      ...{ watched: messagesIn(retirementQueue), ...ABOVE_ZERO, ...QUEUE },
    },
  ];
}

function plumbing(watched: WatchedStack): readonly AlarmDefinition[] {
  const { retirementFunction, notificationFunction, notificationQueue, sharedFunction } = watched;
  return [
    {
      kind: 'functionThrottled',
      address: 'function-throttled',
      means: `Lambda did not let a function that all users share run, because the account uses all of its concurrency in this region. ${THROTTLED}`,
      first: RAISE_CONCURRENCY,
      watched: {
        metrics: {
          retire: ofFunction(retirementFunction, 'Throttles'),
          notify: ofFunction(notificationFunction, 'Throttles'),
          ...(sharedFunction === undefined ? {} : { rotate: ofFunction(sharedFunction, 'Throttles') }),
        },
        expression: `FILL(retire, 0) + FILL(notify, 0)${sharedFunction === undefined ? '' : ' + FILL(rotate, 0)'}`,
      },
      ...ABOVE_ZERO,
      ...SEEN_FOR_A_DAY,
    },
    {
      kind: 'notificationsFailed',
      address: 'notifications-failed',
      means:
        'People could not be told of something: the notification function failed, or EventBridge could not invoke it. Its own message may not reach you either.',
      first: `read the log group /aws/lambda/${notificationFunction} and the messages in the queue ${notificationQueue}: each is an event that nobody was told of.`,
      watched: {
        metrics: {
          errors: ofFunction(notificationFunction, 'Errors'),
          lost: messagesIn(notificationQueue),
        },
        expression: 'FILL(errors, 0) + FILL(lost, 0)',
      },
      ...ABOVE_ZERO,
      ...SEEN_FOR_A_DAY,
      // Encrypted topics may refuse CloudWatch; it is the best that can be done without the function.
      directTopicArns: watched.topicArns,
    },
  ];
}
