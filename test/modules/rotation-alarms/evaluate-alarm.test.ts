import { breaches, type Datapoint } from '../../support/evaluate-alarm';
import { aStack, aUser } from '../support/configurations';
import { alarmsIn } from '../support/alarms';
import { synthesize } from '../support/synthesize';

const ALARMS = alarmsIn(synthesize(aStack([aUser('ci')])));
const wouldGoOff = (name: string, ...datapoints: readonly Datapoint[]): boolean =>
  breaches(
    ALARMS.find((alarm) => alarm.name === `iam-key-rotation/${name}`)!,
    datapoints,
  );

const lambda = (name: 'Errors' | 'Throttles', FunctionName: string, value: number): Datapoint => ({
  ...{ namespace: 'AWS/Lambda', name, value },
  dimensions: { FunctionName },
});
const ours = (name: string, value: number, more: Readonly<Record<string, string>> = {}): Datapoint => ({
  ...{ namespace: 'IamKeyRotation', name, value },
  dimensions: { Stack: 'iam-key-rotation', ...more },
});

const errors = (value: number): Datapoint => lambda('Errors', 'iam-key-rotation-ci', value);

test('rotation-failed of one user goes off for an error of which the function itself could count nothing: a crash, a time-out', () => {
  expect(wouldGoOff('ci/rotation-failed', errors(1))).toBe(true);
});

test('rotation-failed of one user goes off for an error beside a rotation that was deferred', () => {
  expect(wouldGoOff('ci/rotation-failed', errors(2), ours('RotationDeferred', 1, { User: 'ci' }))).toBe(true);
});

test.each([
  ['what went well', [errors(0)]],
  ['a rotation that was deferred', [errors(1), ours('RotationDeferred', 1, { User: 'ci' })]],
  ['another user’s error', [lambda('Errors', 'iam-key-rotation-mailer', 1)]],
  ['a function that did not run', []],
])('rotation-failed of one user does not go off for %s', (_what, datapoints) => {
  expect(wouldGoOff('ci/rotation-failed', ...datapoints)).toBe(false);
});

test.each([
  ['ci/function-throttled', 'iam-key-rotation-ci'],
  ['function-throttled', 'iam-key-rotation-retire'],
  ['function-throttled', 'iam-key-rotation-notify'],
])('the alarm %s goes off for %s, though the others were not', (alarm, functionName) => {
  expect(wouldGoOff(alarm, lambda('Throttles', functionName, 1))).toBe(true);
  expect(wouldGoOff(alarm, lambda('Throttles', functionName, 0))).toBe(false);
  expect(wouldGoOff(alarm)).toBe(false);
});

test('rotation-overdue leaves a day for the tries that Secrets Manager makes', () => {
  expect(wouldGoOff('rotation-overdue', ours('HoursOverdue', 24))).toBe(false);
  expect(wouldGoOff('rotation-overdue', ours('HoursOverdue', 24.5))).toBe(true);
});

test('notifications-failed goes off for the function’s errors, and for what EventBridge could not deliver', () => {
  expect(wouldGoOff('notifications-failed', lambda('Errors', 'iam-key-rotation-notify', 1))).toBe(true);
  expect(
    wouldGoOff('notifications-failed', {
      ...{ namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible', value: 1 },
      dimensions: { QueueName: 'iam-key-rotation-notify-failed' },
    }),
  ).toBe(true);
  expect(wouldGoOff('notifications-failed')).toBe(false);
});
