import { awsPlace } from '../../../modules/aws/aws-place';
import {
  alarmPattern,
  lifecyclePattern,
  secretsManagerPattern,
} from '../../../modules/rotation-alarms/event-patterns';
import { matchesPattern } from '../../../sandbox/eventbridge/match-pattern';
import {
  alarmState,
  findingBegan,
  findingEnded,
  keyPromoted,
  ours,
  rotationFailed,
  secretsManagerEvent,
} from '../../handlers/core/notifications/support/events';

const place = awsPlace({ partition: 'aws', accountId: '111122223333', region: 'eu-west-1' });
const STACK = 'iam-key-rotation';
const secretNamed = (name: string): string =>
  `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf`;

const own = lifecyclePattern(STACK, place);
const alarms = alarmPattern(STACK, place);
const secrets = secretsManagerPattern(STACK, place);
const sweepFailed = alarmState('iam-key-rotation/sweep-failed', 'ALARM');

it.each<[string, string, object, object]>([
  ['our own events', 'a failed rotation', own, rotationFailed()],
  ['our own events', 'a key that was promoted, which ends it', own, keyPromoted()],
  ['our own events', 'a finding', own, findingBegan()],
  ['our own events', 'the end of a finding', own, findingEnded()],
  ['alarms', 'an alarm of the stack', alarms, sweepFailed],
  ['alarms', 'an alarm of a user', alarms, alarmState('iam-key-rotation/mailer/rotation-failed', 'ALARM')],
  ['alarms', 'one that is over', alarms, alarmState('iam-key-rotation/sweep-failed', 'OK')],
  ...[
    'RotationFailed',
    'RotationAbandoned',
    'RotationSucceeded',
    'TestRotationFailed',
    'TestRotationSucceeded',
  ].map(
    (name) =>
      ['Secrets Manager', `${name} of a secret`, secrets, secretsManagerEvent(name)] as [
        string,
        string,
        object,
        object,
      ],
  ),
])('the rule on %s lets through %s', (_rule, _what, pattern, event) => {
  expect(matchesPattern(pattern, event)).toBe(true);
});

it.each([
  ['our own events', 'a key that was created', own, ours('Key Created')],
  ['our own events', 'a deferred rotation, which is no failure', own, ours('Rotation Deferred')],
  ['our own events', 'what another stack reports', own, rotationFailed({ stack: 'iam-key-rotation-2' })],
  ['our own events', 'what somebody else reports', own, { ...rotationFailed(), source: 'someone.else' }],
  [
    'alarms',
    'an alarm of a stack whose prefix begins the same',
    alarms,
    alarmState('iam-key-rotation-2/sweep-failed', 'ALARM'),
  ],
  ['alarms', 'somebody else’s alarm', alarms, alarmState('ServerCpuTooHigh', 'ALARM')],
  ['alarms', 'one without data', alarms, alarmState('iam-key-rotation/sweep-failed', 'INSUFFICIENT_DATA')],
  [
    'alarms',
    'a change of its configuration',
    alarms,
    { ...sweepFailed, 'detail-type': 'CloudWatch Alarm Configuration Change' },
  ],
  ['Secrets Manager', 'the begin of a rotation', secrets, secretsManagerEvent('RotationStarted')],
  [
    'Secrets Manager',
    'a secret of another prefix that begins the same',
    secrets,
    secretsManagerEvent('RotationFailed', secretNamed('iam-key-rotation-2/mailer')),
  ],
  [
    'Secrets Manager',
    'somebody else’s secret',
    secrets,
    secretsManagerEvent('RotationFailed', secretNamed('database')),
  ],
  [
    'Secrets Manager',
    'a call of the API',
    secrets,
    { ...secretsManagerEvent('RotationFailed'), 'detail-type': 'AWS API Call via CloudTrail' },
  ],
])('the rule on %s does not let through %s', (_rule, _what, pattern, event) => {
  expect(matchesPattern(pattern, event)).toBe(false);
});

it.each<[string, object, object]>([
  ['our own events', own, rotationFailed()],
  ['alarms', alarms, sweepFailed],
  ['Secrets Manager', secrets, secretsManagerEvent('RotationFailed')],
])('the rule on %s lets through nothing of another account', (_rule, pattern, event) => {
  expect(matchesPattern(pattern, event)).toBe(true);
  expect(matchesPattern(pattern, { ...event, account: '999988887777' })).toBe(false);
});
