import { nextRotation } from '../../../sandbox/secrets-manager/next-rotation';
import type { RotationRules, Secret } from '../../../sandbox/secrets-manager/secret';

const rotated = (rules: RotationRules, enabled = true): Secret => ({
  ...{ name: 'a', region: 'eu-west-1', arn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-AbCdEf' },
  ...{ primaryRegion: 'eu-west-1', replicas: new Map() },
  ...{ description: undefined, kmsKeyId: undefined, tags: new Map(), policy: undefined, versions: new Map() },
  ...{ createdAt: new Date(0), changedAt: new Date(0), accessedAt: undefined },
  ...{ deletedAt: undefined, deletionDate: undefined },
  rotation: { enabled, lambdaArn: 'x', rules, configuredAt: new Date(0) },
  rotatedAt: new Date('2026-11-23T04:20:00Z'),
});

test.each<[string, RotationRules, string]>([
  ['days end with the day', { AutomaticallyAfterDays: 30 }, '2026-12-23T23:59:59.000Z'],
  ['a rate in days ends with the day', { ScheduleExpression: 'rate(2 days)' }, '2026-11-25T23:59:59.000Z'],
  ['a rate in hours ends after an hour', { ScheduleExpression: 'rate(4 hours)' }, '2026-11-23T09:20:00.000Z'],
  [
    'a cron expression ends with its window',
    { ScheduleExpression: 'cron(0 4 1 * ? *)', Duration: '3h' },
    '2026-12-01T07:00:00.000Z',
  ],
  ['a weekday is found', { ScheduleExpression: 'cron(0 4 ? * MON *)' }, '2026-11-30T23:59:59.000Z'],
  [
    'a later window of the same day counts',
    { ScheduleExpression: 'cron(0 5 * * ? *)' },
    '2026-11-23T23:59:59.000Z',
  ],
])('the next rotation: %s', (_, rules, expected) => {
  expect(nextRotation(rotated(rules))?.toISOString()).toBe(expected);
});

test('a secret whose rotation is off has no next rotation', () => {
  expect(nextRotation(rotated({ AutomaticallyAfterDays: 30 }, false))).toBeUndefined();
});
