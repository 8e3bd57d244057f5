import {
  MISSED_THREE_TIMES,
  NOT_EMPTY,
  ONCE_AN_HOUR,
  SEEN_FOR_A_DAY,
  SEEN_FOR_THREE_RUNS,
} from './alarm-timings';
import type { Fault, FaultFacts, Gauge, VisitFault } from './fault';
import {
  deliveryFunctionName,
  functionName,
  logGroupName,
  notificationFunctionName,
  notificationQueueName,
  retirementFunctionName,
  retirementQueueName,
  secretName,
  sharedFunctionName,
} from './names';
import { MINUTE } from './instant';
import { journalItemKey } from './table';

/*
 * Everything that people are notified of: one row for each fault, and everything else follows from it. The key of a row
 * is the fault's only name, from what `decide` reports to the attribute `kind` of a message. In kebab case it is the end
 * of the alarm's name and the heading of the runbook. `npm run generate` writes the tables of docs/telemetry.md and
 * docs/notifications.md, and the first paragraphs of each section of docs/runbook.md.
 *
 * The keys and the names of the gauges are published: alarms, rules and dashboards of others are written against them.
 */

/** At once, and with each visit, whatever it looks at. */
const AT_THE_USER = { by: 'visit', looksAt: 'user', confirmedAfter: 0 } as const satisfies VisitFault;

/** At once, by a visit that comes to the user's previous and unmanaged keys. */
const AT_THE_KEYS = { by: 'visit', looksAt: 'keys', confirmedAfter: 0 } as const satisfies VisitFault;

/** What passes by itself most times: people are notified when the next run finds it, too. Runs are 45 to 75 minutes apart. */
const AT_TWO_VISITS = { ...AT_THE_USER, confirmedAfter: 40 * MINUTE } as const satisfies VisitFault;

/** After the hourly run of the delivery function, which may begin 15 minutes late, has had its turn. */
const AFTER_A_DELIVERY = { ...AT_THE_USER, confirmedAfter: 80 * MINUTE } as const satisfies VisitFault;

const countOf = <const Name extends string>(name: Name, label: string, meaning: string) =>
  ({ name, label, meaning, of: 'user', counts: 'findings', ofStack: 'sum' }) as const satisfies Gauge;

/** Of two faults. */
const KEYS_HELD = countOf(
  'KeysHeld',
  'previous keys held',
  'previous keys whose retirement is due and not done, because something uses them or a person re-activated them',
);

const FIND_THE_APPLICATION = ({ prefix }: FaultFacts): string =>
  `Find the application that uses the key: ${logOf(retirementFunctionName(prefix))} names service, address and principal. Let the application read the secret again. The key is then retired automatically.`;

const PLAN = code('terraform plan');
const APPLY = code('terraform apply');

const ROWS = {
  rotationFailed: {
    title: 'Key rotation failed',
    severity: 'warning',
    meaning:
      'A step of a key rotation ended with an error, or the rotation function could not run. Secrets Manager tries again by itself. The current key continues to work.',
    firstStep: (facts) =>
      `Read the reason in the message: it says what to do. If there is no reason, read the last lines of ${rotationLogOf(facts)}. If there are no lines from that time, run ${PLAN}: it shows what is missing.`,
    foundBy: { by: 'rotation' },
    // Lambda's own count of errors, because the function cannot count a crash, a time-out or a lack of memory itself. A
    // rotation that waits for a free slot ends with an error, too, so that Secrets Manager tries it later: it is no failure.
    alarm: {
      watches: {
        sumOf: { errors: { metric: 'Errors', ofFunction: 'rotation' } },
        less: { deferred: { metric: 'RotationDeferred' } },
        withoutFunctionAlarms: { metric: 'RotationFailed' },
      },
      above: 0,
      ...SEEN_FOR_A_DAY,
    },
  },
  rotationAbandoned: {
    title: 'Secrets Manager abandoned a key rotation',
    severity: 'warning',
    meaning:
      'Secrets Manager stopped a key rotation before its end, because somebody stored another version in the secret during the rotation.',
    firstStep: ({ secret }) =>
      `Find out who changed the secret ${code(secret)}: look in CloudTrail for ${code('PutSecretValue')} and ${code('UpdateSecretVersionStage')}. The next rotation cleans up what this one left.`,
    foundBy: { by: 'secretsManager' },
  },
  rotationTestFailed: {
    title: 'Secrets Manager could not test the key rotation',
    severity: 'warning',
    meaning:
      'Secrets Manager tests the rotation of a secret when its settings change (`terraform apply`). This test failed. No key was changed.',
    firstStep: (facts) =>
      `Read the last lines of ${rotationLogOf(facts)}. If there are no lines from that time, Secrets Manager could not invoke the function: run ${PLAN}, which shows the missing permission.`,
    foundBy: { by: 'secretsManager' },
  },
  rotationOverdue: {
    title: 'Key rotation is overdue',
    severity: 'critical',
    meaning:
      'The next rotation of a user is more than a day late. The current key works, but it becomes older than planned.',
    firstStep: (facts) =>
      `Find out whether rotation is switched on, and when the last rotation was: ${describeSecret(facts)}. If it is off, run ${APPLY}. If it is on, rotate: ${rotateSecret(facts)}`,
    foundBy: AT_THE_USER,
    gauge: {
      name: 'HoursOverdue',
      label: 'hours overdue, worst user',
      meaning:
        'how many hours ago the next rotation was due at the latest, of the user who waits longest; else 0',
      of: 'user',
      counts: 'measured',
      ofStack: 'maximum',
    },
    // As `decide`: a day is time for the tries that Secrets Manager makes by itself.
    alarm: { watches: 'gauge', above: 24, ...ONCE_AN_HOUR },
  },
  rotationStuck: {
    title: 'Key rotation does not finish',
    severity: 'warning',
    meaning:
      'A key rotation has not finished for more than a day. The current key works, but no other rotation can start.',
    firstStep: (facts) =>
      `Read the last error in ${rotationLogOf(facts)}. Then continue the rotation: ${rotateSecret(facts)}`,
    foundBy: AT_THE_USER,
    gauge: countOf(
      'RotationsStuck',
      'rotations stuck',
      'users whose rotation has not finished for more than a day',
    ),
    alarm: { watches: 'gauge', above: 0, ...ONCE_AN_HOUR },
  },
  rotationWaits: {
    title: 'Requested key rotation cannot start',
    severity: 'warning',
    meaning:
      'A key rotation was requested but cannot start: both key slots of the user are taken, rotation of the secret is switched off, or another rotation does not finish. This is no failure while no key is older than `maximumKeyAge`.',
    firstStep: (facts) =>
      `Read the reason in the message. If both slots are taken, list the keys: ${listKeys(facts)}. A previous key makes room when its grace period ends; a person has to remove an unmanaged key. If rotation is switched off, run ${APPLY}.`,
    foundBy: AT_THE_KEYS,
  },
  keyPastMaximumAge: {
    title: 'Access key is older than the maximum key age',
    severity: 'critical',
    meaning: 'An active key is older than your policy (`maximumKeyAge`) allows.',
    firstStep: (facts) =>
      `Find out which key it is: ${listKeys(facts)}. If it is the current key, rotate: ${rotateSecret(facts)}`,
    foundBy: AT_THE_USER,
    gauge: countOf(
      'KeysPastMaximumAge',
      'keys past maximum age',
      'active keys that are older than `maximumKeyAge`',
    ),
    alarm: { watches: 'gauge', above: 0, ...ONCE_AN_HOUR },
  },
  heldPastMaximumAge: {
    title: 'Held previous key is older than the maximum key age',
    severity: 'critical',
    meaning:
      'A previous key stays active, because something uses it or a person re-activated it. It is now older than your policy (`maximumKeyAge`) allows.',
    firstStep: FIND_THE_APPLICATION,
    foundBy: AT_THE_KEYS,
    gauge: countOf(
      'KeysHeldPastMaximumAge',
      'held past maximum age',
      'those of the held keys that are older than `maximumKeyAge`',
    ),
    alarm: { watches: 'gauge', above: 0, ...ONCE_AN_HOUR },
  },
  stillInUse: {
    title: 'Previous key is still in use',
    severity: 'warning',
    meaning:
      'The overlap of a previous key has ended, but an application that has not read the new key still uses it. The previous key stays active.',
    firstStep: FIND_THE_APPLICATION,
    foundBy: AT_THE_KEYS,
    gauge: KEYS_HELD,
  },
  reactivatedByPerson: {
    title: 'Somebody re-activated a retired key',
    severity: 'warning',
    meaning:
      'Somebody activated a key that this product had deactivated. The key stays active until somebody deactivates it.',
    firstStep: ({ userName }) =>
      `Find out who activated the key, and why: look in CloudTrail (us-east-1) for ${code('UpdateAccessKey')}. Let the application that needs the key read the secret. Then deactivate the key: ${code(`aws iam update-access-key --user-name ${userName} --access-key-id <key id> --status Inactive`)}`,
    foundBy: AT_THE_KEYS,
    gauge: KEYS_HELD,
  },
  unmanagedKey: {
    title: 'Unmanaged access key found',
    severity: 'warning',
    meaning:
      'A rotated user has a key that this product did not create. This product never changes the key. The key takes the slot that the next rotation needs.',
    firstStep: (facts) =>
      `Find out who created the key: look in CloudTrail (us-east-1) for ${code('CreateAccessKey')}. List the keys: ${listKeys(facts)}. If nothing uses the key, delete it. If something uses it, add it to ${code('takeOver')} in ${code('rotation.yaml')}: it is then retired like a previous key. If it comes again, another Terraform configuration has an ${code('aws_iam_access_key')} of the user: have that forget it.`,
    foundBy: AT_THE_KEYS,
    gauge: countOf(
      'UnmanagedKeys',
      'unmanaged keys',
      'keys of rotated users that this product did not create',
    ),
    alarm: { watches: 'gauge', above: 0, ...ONCE_AN_HOUR },
  },
  keysLeftBehind: {
    title: 'Keys of a renamed user are left behind',
    severity: 'critical',
    meaning:
      'Somebody renamed an IAM user, and `terraform apply` made a second user of its name. The keys of the renamed user still work, and this product does not rotate, retire or report them any more.',
    firstStep: () =>
      `Find the renamed user by the id that the message names: ${code(`aws iam list-users --query "Users[?UserId=='<id>'].UserName"`)}. When no application uses its keys any more (${code('aws iam get-access-key-last-used --access-key-id <key id>')}), delete them: ${code('aws iam delete-access-key --user-name <its name now> --access-key-id <key id>')}`,
    foundBy: { by: 'firstKey' },
  },
  currentNotWorking: {
    title: 'Current key does not work',
    severity: 'critical',
    meaning:
      'The key in the secret is deleted or not active: applications cannot work with it. No other key of the user is retired while this lasts, because it may be the only way back.',
    firstStep: (facts) =>
      `List the keys: ${listKeys(facts)}. If the current key is Inactive, activate it: ${code(`aws iam update-access-key --user-name ${facts.userName} --access-key-id <key id> --status Active`)}. If it is deleted, go back to the previous key: ${code(`npx iam-key-rotation rollback --prefix ${facts.prefix} --user ${facts.user} --leave <id of the current key>`)}. If there is no previous key, rotate: ${rotateSecret(facts)}`,
    foundBy: AT_THE_USER,
  },
  secretDeleted: {
    title: 'Secret is scheduled for deletion',
    severity: 'critical',
    meaning:
      'Somebody deleted the secret. No application can read it, and after its recovery window Secrets Manager deletes it for good, with the current key in it. No key of the user is retired while this lasts.',
    firstStep: ({ secret }) =>
      `Restore the secret, by the date that the message names: ${code(`aws secretsmanager restore-secret --secret-id ${secret}`)}. Then run ${APPLY}. If the user is not needed any more, remove it from the configuration instead.`,
    foundBy: AT_THE_USER,
  },
  copyNotInSync: {
    title: 'Copy of the secret is not in sync',
    severity: 'critical',
    meaning:
      'Secrets Manager could not bring the copy of the secret in another region up to date. Applications that read it there get an older key, or none. No previous key of the user is retired while this lasts, unless it leaked, so the next rotation waits for a free slot.',
    firstStep: (facts) =>
      `Read why: ${describeSecret(facts)} shows the ${code('StatusMessage')} of each copy. Mend the cause, for example the KMS key of the other region. Then let Secrets Manager make the copy anew: ${code(`aws secretsmanager remove-regions-from-replication --secret-id ${facts.secret} --remove-replica-regions <region>`)}, and run ${APPLY}.`,
    foundBy: AT_TWO_VISITS,
  },
  notDelivered: {
    title: 'Current key has not reached a target',
    severity: 'critical',
    meaning:
      'A target of the user (another secret, a parameter, a service that is restarted, or a place outside AWS) refuses the current key, or does not answer. What reads the key there gets an older one. No previous key that the target may hold is retired while this lasts, unless it leaked, so the next rotation waits for a free slot. Delivery is tried again every hour.',
    firstStep: ({ prefix }) =>
      `Read the reason in the message, or in ${logOf(deliveryFunctionName(prefix))}, and mend the cause: for example the target is gone, its KMS key or its policy refuses the role of the function, or new tasks of the service do not come up. If nothing reads the key there any more, take the target out of ${code('deliver')} and run ${APPLY}.`,
    foundBy: AFTER_A_DELIVERY,
  },
  notAcknowledged: {
    title: 'Nobody has said that the consumers have the current key',
    severity: 'warning',
    meaning:
      'The user has `acknowledgement`: a previous key is retired only when the consumers are known to work with the current one. Nobody has said so, or no use of it was seen, for the time in `remindAfter`. The previous key stays usable, and the next rotation waits for a free slot.',
    firstStep: ({ prefix, user }) =>
      `Make sure that every consumer of the user works with the current key. Then say so: ${code(`npx iam-key-rotation acknowledge --prefix ${prefix} --user ${user} --key <id of the current key>`)}. Where a use of the key acknowledges it, the first one does that by itself.`,
    foundBy: AT_THE_USER,
  },
  acknowledgementOverdue: {
    title: 'Previous key reaches the maximum key age unacknowledged',
    severity: 'critical',
    meaning:
      'In less than 7 days a previous key reaches the maximum key age, or it has reached it, and the consumers are not known to work with the current key. What then happens is in `atMaximumKeyAge`: the key is held on, against the policy, or it is deactivated, and whoever still has it stops.',
    firstStep: ({ prefix, user }) =>
      `Find out which consumers still have the previous key: ${code(`npx iam-key-rotation who-uses --prefix ${prefix} ${user}`)}. Give them the current one, and then run ${code(`npx iam-key-rotation acknowledge --prefix ${prefix} --user ${user} --key <id of the current key>`)}.`,
    foundBy: AT_THE_USER,
  },
  rotationDetached: {
    title: 'Rotation is off, or another function rotates the secret',
    severity: 'warning',
    meaning:
      'Somebody switched the rotation of a secret off, or attached another function to it. The current key works, but this product does not replace it any more.',
    firstStep: ({ secret }) =>
      `Find out who did it: look in CloudTrail for ${code('CancelRotateSecret')} and ${code('RotateSecret')} of ${code(secret)}. Then run ${APPLY}, which attaches the rotation again.`,
    foundBy: AT_TWO_VISITS,
  },
  currentKeyLeaked: {
    title: 'Leaked key is still the current key',
    severity: 'critical',
    meaning:
      'The current key is marked as leaked: an emergency rotation did not finish, or a person made the key current again. Whoever has the key can use it.',
    firstStep: ({ prefix, user }) =>
      `Replace the key: ${code(`npx iam-key-rotation emergency --prefix ${prefix} --user ${user} --leaked <id of the current key>`)}. If the command cannot replace it, it says why.`,
    foundBy: AT_THE_USER,
  },
  keyLeaked: {
    title: 'AWS reports a leaked key of a rotated user',
    severity: 'critical',
    meaning:
      'AWS found an access key of a rotated user in a public place, and reported it. This product answered, as the message says. What AWS’s quarantine policy denies stays denied for every key of the user, and this product never detaches that policy.',
    firstStep: ({ prefix, user }) =>
      `If the message says that the key is still current, replace it now: ${code(`npx iam-key-rotation emergency --prefix ${prefix} --user ${user} --leaked <key id>`)}. Then find out what was done with the key since it leaked: ${code(`npx iam-key-rotation who-uses --prefix ${prefix} --days 90 ${user}`)}, with ${code('--regions')} in other regions, too. Remove what it made. Take the key out of the public place. Follow the support case that AWS opened, and let AWS end the quarantine.`,
    foundBy: AT_THE_USER,
  },
  leakReported: {
    title: 'AWS reports a leaked access key',
    severity: 'critical',
    meaning:
      'AWS reported that an access key of this account is exposed, and this product changed no key: the stack says `onLeak: notify`, or the key is none that this product made, or the answer failed. Whoever has the key can use it.',
    firstStep: ({ prefix, user, userName }) =>
      `Find out which key it is, and whose: the Health Dashboard names the whole id, ${code(`aws iam get-access-key-last-used --access-key-id <key id>`)} its user, and ${code(`aws iam list-access-keys --user-name ${userName}`)} the keys of a user. If it is the key of a rotated user, replace it: ${code(`npx iam-key-rotation emergency --prefix ${prefix} --user ${user} --leaked <key id>`)}. If not, make it Inactive: ${code(`aws iam update-access-key --user-name ${userName} --access-key-id <key id> --status Inactive`)}. Then find out what was done with the key since it leaked: ${code(`npx iam-key-rotation who-uses --prefix ${prefix} --days 90 <key id>`)}, with ${code('--regions')} in other regions, too. Remove what it made. Take the key out of the public place. Follow the support case that AWS opened, and let AWS end the quarantine.`,
    foundBy: { by: 'leakReport' },
  },
  exemptionEndsSoon: {
    title: 'Exemption from rotation ends soon',
    severity: 'warning',
    meaning:
      'The exemption of a user ends within 14 days. After that, the keys of the user are rotated and retired again.',
    firstStep: () =>
      'Make sure that every application of the user reads the secret. If one does not, set a later end of the exemption in `rotation.yaml`.',
    foundBy: AT_THE_USER,
  },
  unknownState: {
    title: 'Secret, journal and IAM do not agree',
    severity: 'warning',
    meaning:
      'The secret, the journal in the table and IAM do not agree about the keys of a user. No key of the user is changed until they agree.',
    firstStep: (facts) =>
      `Read the reason in the message. Compare the labels of the secret with the item ${code(journalItemKey(facts.user))} of the table: ${describeSecret(facts)}. Undo what somebody changed by hand.`,
    foundBy: AT_TWO_VISITS,
  },
  visitFailed: {
    title: 'A user could not be checked',
    severity: 'warning',
    meaning:
      'The retirement function could not check a user in two runs in a row. No key of this user is retired until it can. Other users are not affected.',
    firstStep: ({ prefix, user }) =>
      `Search ${logOf(retirementFunctionName(prefix))} for ${code(user)}: the error says what was found and what to do.`,
    foundBy: AT_TWO_VISITS,
    gauge: {
      name: 'UsersFailed',
      label: 'users not checked',
      meaning: 'users that this run could not check, each with an error in the log',
      of: 'stack',
      counts: 'measured',
      ofStack: 'sum',
    },
    alarm: { watches: 'gauge', above: 0, ...ONCE_AN_HOUR },
  },
  sweepFailed: {
    title: 'Retirement function failed',
    severity: 'warning',
    meaning:
      'A run of the retirement function ended with an error or a time-out. The next run, within the hour, continues where this one stopped.',
    firstStep: ({ prefix }) =>
      `Read ${logOf(retirementFunctionName(prefix))}, from the last error upwards. Run ${PLAN}: it shows a missing permission or table.`,
    foundBy: { by: 'alarm' },
    alarm: {
      watches: { sumOf: { errors: { metric: 'Errors', ofFunction: 'retirement' } } },
      above: 0,
      ...SEEN_FOR_THREE_RUNS,
    },
  },
  sweepNotRunning: {
    title: 'Retirement function does not run',
    severity: 'critical',
    meaning:
      'No run of the retirement function has finished for three hours. Previous keys are not retired, and no other fault that this function finds is reported.',
    firstStep: ({ prefix }) =>
      `Check that the schedule is ENABLED: ${code(`aws scheduler get-schedule --name ${retirementFunctionName(prefix)}`)}. Then read ${logOf(retirementFunctionName(prefix))}. Run ${PLAN}: it shows what somebody changed by hand.`,
    foundBy: { by: 'alarm' },
    alarm: { watches: { sumOf: { runs: { metric: 'SweepCompleted' } } }, below: 1, ...MISSED_THREE_TIMES },
  },
  deletionCapReached: {
    title: 'Key deletions postponed: limit per run reached',
    severity: 'warning',
    meaning:
      'More keys are due to be deleted than one run may delete (`maximumDeletionsPerRun`). The next runs delete the others. The limit prevents that a wrong configuration deletes many keys at once.',
    firstStep: ({ prefix }) =>
      `Check whether you expect so many deletions, for example because many users were created on one day. If not, set ${code('retirement: report')} for the stack, run ${APPLY}, and compare ${logOf(retirementFunctionName(prefix))}, which names every key, with what you expect.`,
    foundBy: { by: 'run' },
    gauge: {
      name: 'DeletionsRefused',
      label: 'deletions postponed',
      meaning: 'deletions that wait for the next run, because of `maximumDeletionsPerRun`',
      of: 'stack',
      counts: 'measured',
      ofStack: 'sum',
    },
    alarm: { watches: 'gauge', above: 0, ...ONCE_AN_HOUR },
  },
  deadLetters: {
    title: 'A run of the retirement function was lost',
    severity: 'warning',
    meaning:
      'EventBridge Scheduler could not invoke the retirement function, or the run ended with an error. The request of the run is in a queue.',
    firstStep: ({ prefix }) =>
      `Read the messages in the queue ${code(retirementQueueName(prefix))}: they say why. Then delete them. Do not send them again: the next run does what is due.`,
    foundBy: { by: 'alarm' },
    alarm: {
      watches: { sumOf: { lost: { metric: 'messages', inQueue: 'retirement' } } },
      above: 0,
      ...NOT_EMPTY,
    },
  },
  functionThrottled: {
    title: 'Lambda throttled a function',
    severity: 'warning',
    meaning:
      'Lambda did not run a function, because the account uses all of its concurrency in this region, or the function all of a limit of its own. The caller tries again, so nothing is lost yet.',
    firstStep: () =>
      'Look at the limit of the account (`aws lambda get-account-settings`) and at the metric `ConcurrentExecutions` of each function. Raise the quota if it is too low (new accounts begin with 10), or remove a limit that somebody set for the function.',
    foundBy: { by: 'alarm' },
    alarm: {
      watches: {
        sumOf: {
          retire: { metric: 'Throttles', ofFunction: 'retirement' },
          notify: { metric: 'Throttles', ofFunction: 'notification' },
          rotate: { metric: 'Throttles', ofFunction: 'rotation' },
        },
      },
      above: 0,
      userAddress: 'throttled',
      ...SEEN_FOR_A_DAY,
    },
  },
  suspiciousAct: {
    title: 'Unexpected change to a rotated user or secret',
    severity: 'critical',
    meaning:
      'Somebody who is neither this product nor its deploy role changed a rotated user, its secret or a part of this product, or tried to; or read a secret without being one of its readers.',
    firstStep: ({ prefix, user }) =>
      `Ask the principal that the message names. If nobody knows about it, treat the credentials that were used as stolen: disable them, and replace the key that was touched: ${code(`npx iam-key-rotation emergency --prefix ${prefix} --user ${user} --leaked <key id>`)}`,
    foundBy: { by: 'trail' },
  },
  notificationsFailed: {
    title: 'Notifications could not be sent',
    severity: 'critical',
    meaning:
      'The notification function failed, or EventBridge could not invoke it: nobody was notified of an event. This message may be the first one that arrives.',
    firstStep: ({ prefix }) =>
      `Read ${logOf(notificationFunctionName(prefix))}. Then read the messages in the queue ${code(notificationQueueName(prefix))}: each is an event that nobody was notified of.`,
    foundBy: { by: 'alarm' },
    alarm: {
      watches: {
        sumOf: {
          errors: { metric: 'Errors', ofFunction: 'notification' },
          lost: { metric: 'messages', inQueue: 'notification' },
        },
      },
      above: 0,
      // An encrypted topic may refuse CloudWatch; it is the best that can be done without the function.
      alsoDirectly: true,
      ...SEEN_FOR_A_DAY,
    },
  },
} as const satisfies Readonly<Record<string, Fault>>;

type Rows = typeof ROWS;

export type FaultKind = keyof Rows;

/** Faults that CloudWatch watches in an alarm. */
export type AlarmKind = {
  [Kind in FaultKind]: Rows[Kind] extends { readonly alarm: unknown } ? Kind : never;
}[FaultKind];

/** Faults that a visit of the retirement function finds, begin and end. */
export type FindingKind = {
  [Kind in FaultKind]: Rows[Kind]['foundBy'] extends VisitFault ? Kind : never;
}[FaultKind];

type GaugeOfFault = Extract<Rows[FaultKind], { readonly gauge: Gauge }>['gauge'];

/** Gauges that count the open findings of their faults. */
export type FindingGauge = Extract<GaugeOfFault, { readonly counts: 'findings' }>['name'];

/** The other gauges that belong to a fault, of each user or of the stack alone. */
export type MeasuredFaultGauge<Of extends Gauge['of'] = Gauge['of']> = Extract<
  GaugeOfFault,
  { readonly counts: 'measured'; readonly of: Of }
>['name'];

/** The catalogue. In the order of the runbook. */
export const FAULTS: Readonly<Record<FaultKind, Fault>> = ROWS;

export const FAULT_KINDS = Object.keys(ROWS) as readonly FaultKind[];

export const isAlarmKind = (word: string): word is AlarmKind =>
  Object.hasOwn(FAULTS, word) && FAULTS[word as FaultKind].alarm !== undefined;

export const isFindingKind = (word: string): word is FindingKind =>
  Object.hasOwn(FAULTS, word) && FAULTS[word as FaultKind].foundBy.by === 'visit';

export const ALARM_KINDS: readonly AlarmKind[] = FAULT_KINDS.filter(isAlarmKind);
export const FINDING_KINDS: readonly FindingKind[] = FAULT_KINDS.filter(isFindingKind);

/** Because of these faults a previous key is held, although its retirement is due. */
export const HOLD_CAUSES = [
  'stillInUse',
  'reactivatedByPerson',
  'currentNotWorking',
  'secretDeleted',
  'copyNotInSync',
  'notDelivered',
  'notAcknowledged',
] as const satisfies readonly FindingKind[];

export type HoldCause = (typeof HOLD_CAUSES)[number];

/** How a visit finds the fault. */
export const foundByVisit = (kind: FindingKind): VisitFault => ROWS[kind].foundBy;

/** `rotationFailed` as `rotation-failed`. */
export const kebabCase = (kind: string): string =>
  kind.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** For texts that speak of no user in particular. */
export const placeholders = (prefix = '<prefix>', secretPrefix = prefix): FaultFacts => ({
  prefix,
  user: '<user>',
  userName: '<IAM user>',
  secret: secretName(secretPrefix, '<user>'),
});

const logOf = (nameOfFunction: string): string => `the log group ${code(logGroupName(nameOfFunction))}`;

function rotationLogOf({ prefix, rotationFunction, user }: FaultFacts): string {
  if (rotationFunction !== undefined) return logOf(rotationFunction);
  const own = code(logGroupName(functionName(prefix, user)));
  const shared = code(logGroupName(sharedFunctionName(prefix)));
  return `the log group of the rotation function (${own}, or ${shared} if users share it)`;
}

const listKeys = ({ userName }: FaultFacts): string =>
  code(`aws iam list-access-keys --user-name ${userName}`);
const describeSecret = ({ secret }: FaultFacts): string =>
  code(`aws secretsmanager describe-secret --secret-id ${secret}`);
const rotateSecret = ({ secret }: FaultFacts): string =>
  code(`aws secretsmanager rotate-secret --secret-id ${secret}`);

/** As Markdown has it: the docs and CloudWatch's console show it so, and in an e-mail it says where a command ends. */
function code(text: string): string {
  return `\`${text}\``;
}
