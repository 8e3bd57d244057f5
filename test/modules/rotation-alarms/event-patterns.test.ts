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

describe('the rule on our own events', () => {
  const matches = (event: unknown): boolean => matchesPattern(lifecyclePattern(STACK), event);

  test.each([
    ['a failed rotation', rotationFailed()],
    ['a key that was promoted, which ends it', keyPromoted()],
    ['a finding', findingBegan()],
    ['its end', findingEnded()],
  ])('lets through %s', (_what, event) => {
    expect(matches(event)).toBe(true);
  });

  test.each([
    ['a key that was created', ours('Key Created')],
    ['a deferred rotation, which is no failure', ours('Rotation Deferred')],
    ['what another stack reports', rotationFailed({ stack: 'iam-key-rotation-2' })],
    ['what somebody else reports', { ...rotationFailed(), source: 'someone.else' }],
  ])('does not let through %s', (_what, event) => {
    expect(matches(event)).toBe(false);
  });
});

describe('the rule on alarms', () => {
  const matches = (event: unknown): boolean => matchesPattern(alarmPattern(STACK, place), event);

  test.each([
    ['an alarm of the stack', alarmState('iam-key-rotation/sweep-failed', 'ALARM')],
    ['an alarm of a user', alarmState('iam-key-rotation/mailer/rotation-failed', 'ALARM')],
    ['one that is over', alarmState('iam-key-rotation/sweep-failed', 'OK')],
  ])('lets through %s', (_what, event) => {
    expect(matches(event)).toBe(true);
  });

  test.each([
    [
      'an alarm of a stack whose prefix begins the same',
      alarmState('iam-key-rotation-2/sweep-failed', 'ALARM'),
    ],
    ['somebody else’s alarm', alarmState('ServerCpuTooHigh', 'ALARM')],
    ['one without data', alarmState('iam-key-rotation/sweep-failed', 'INSUFFICIENT_DATA')],
    [
      'a change of its configuration',
      {
        ...alarmState('iam-key-rotation/sweep-failed', 'ALARM'),
        'detail-type': 'CloudWatch Alarm Configuration Change',
      },
    ],
  ])('does not let through %s', (_what, event) => {
    expect(matches(event)).toBe(false);
  });
});

describe('the rule on what Secrets Manager reports', () => {
  const matches = (event: unknown): boolean => matchesPattern(secretsManagerPattern(STACK, place), event);

  test.each([
    'RotationFailed',
    'RotationAbandoned',
    'RotationSucceeded',
    'TestRotationFailed',
    'TestRotationSucceeded',
  ])('lets through %s of a secret of the stack', (eventName) => {
    expect(matches(secretsManagerEvent(eventName))).toBe(true);
  });

  test.each([
    ['the begin of a rotation', secretsManagerEvent('RotationStarted')],
    [
      'a secret of another prefix that begins the same',
      secretsManagerEvent('RotationFailed', secretNamed('iam-key-rotation-2/mailer')),
    ],
    ['somebody else’s secret', secretsManagerEvent('RotationFailed', secretNamed('database'))],
    [
      'a call of the API',
      { ...secretsManagerEvent('RotationFailed'), 'detail-type': 'AWS API Call via CloudTrail' },
    ],
  ])('does not let through %s', (_what, event) => {
    expect(matches(event)).toBe(false);
  });
});
