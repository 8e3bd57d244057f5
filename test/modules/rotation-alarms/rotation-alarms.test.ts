import { ALARM_KINDS, kebabCase } from '../../../contract/faults';
import { CLAIM_HOLDS } from '../../../handlers/core/notifications/transition';
import {
  COUNTERS,
  DURATIONS,
  FURTHER_DIMENSIONS,
  GAUGES,
  HEARTBEAT,
  METRIC_NAMESPACE,
} from '../../../contract/telemetry-names';
import { alarmNamePrefix } from '../../../modules/aws/names';
import { aStack, aStackWithEverything, aUser } from '../support/configurations';
import { synthesize } from '../support/synthesize';
import { matchesPattern } from '../../../sandbox/eventbridge/match-pattern';
import {
  alarmState,
  rotationFailed,
  secretsManagerEvent,
} from '../../handlers/core/notifications/support/events';
import { alarmsIn, type SynthesizedAlarm } from '../support/alarms';

const PER_USER = synthesize(aStack([aUser('a'), aUser('b')]));
const SHARED = synthesize(aStack([aUser('a'), aUser('b')], { functions: 'shared' }));
const FRUGAL = synthesize(
  aStack([aUser('a'), aUser('b')], {
    alerts: { emails: [], topicArns: [], runbookUrl: 'docs/runbook.md', perFunctionAlarms: false },
  }),
);
/** As `shards` makes it of a stack whose prefix is `iam-key-rotation`. */
const SHARD = synthesize(
  aStack([aUser('a')], {
    ...{ name: 'production-two', prefix: 'iam-key-rotation-two', sharded: true },
    auditTrail: { kind: 'existing' },
  }),
);
const namesIn = (stack: typeof PER_USER): readonly string[] => alarmsIn(stack).map(({ name }) => name);

const OF_EVERY_STACK = [
  'iam-key-rotation/dead-letters',
  'iam-key-rotation/deletion-cap-reached',
  'iam-key-rotation/function-throttled',
  'iam-key-rotation/held-past-maximum-age',
  'iam-key-rotation/key-past-maximum-age',
  'iam-key-rotation/notifications-failed',
  'iam-key-rotation/rotation-overdue',
  'iam-key-rotation/rotation-stuck',
  'iam-key-rotation/sweep-failed',
  'iam-key-rotation/sweep-not-running',
  'iam-key-rotation/unmanaged-key',
  'iam-key-rotation/visit-failed',
];

it('the alarms of a stack are these, and two for each rotation function', () => {
  expect(namesIn(PER_USER)).toEqual(
    [
      ...OF_EVERY_STACK,
      ...['a', 'b'].flatMap((user) => [
        `iam-key-rotation/${user}/function-throttled`,
        `iam-key-rotation/${user}/rotation-failed`,
      ]),
    ].sort(),
  );
});

it.each([
  ['all users share their function', SHARED],
  ['alarms for each function are not wanted', FRUGAL],
])('the alarms of a stack are one more where %s', (_why, stack) => {
  expect(namesIn(stack)).toEqual([...OF_EVERY_STACK, 'iam-key-rotation/rotation-failed'].sort());
});

it('the alarms of a stack are told from those of a stack whose prefix begins the same', () => {
  expect(namesIn(PER_USER).every((name) => name.startsWith(alarmNamePrefix('iam-key-rotation')))).toBe(true);
  expect('iam-key-rotation-2/sweep-failed'.startsWith(alarmNamePrefix('iam-key-rotation'))).toBe(false);
});

it('the alarms of a stack are of every kind that people can be told of', () => {
  const kinds = new Set(namesIn(PER_USER).map((name) => name.split('/').at(-1)));
  expect([...kinds].sort()).toEqual(ALARM_KINDS.map(kebabCase).sort());
});

it('the alarms of a stack tell nobody by themselves, except that notifications fail', () => {
  const alarms = alarmsIn(synthesize(aStackWithEverything()));
  expect(alarms.filter(({ actions }) => actions.length > 0)).toEqual([
    expect.objectContaining({
      name: 'iam-key-rotation/notifications-failed',
      actions: ['arn:aws:sns:eu-west-1:111122223333:oncall'],
    }),
  ]);
});

it.each([
  ['is not there where the file says nothing of it, so that the function stays as it is', undefined],
  ['is as the file says', 'chat'],
] as const)('the format of messages %s', (_what, format) => {
  const alerts = { ...aStack([]).alerts, emails: ['oncall@example.com'], format };
  const stack = synthesize(aStack([aUser('a')], { alerts }));
  const { variables } = stack.at('aws_lambda_function.notify')['environment'] as { variables: object };
  expect(Object.entries(variables).find(([name]) => name === 'FORMAT')?.[1]).toBe(format);
});

const every = [PER_USER, SHARED, FRUGAL].flatMap((stack) => alarmsIn(stack));
const byName = (alarms: readonly SynthesizedAlarm[]): [string, SynthesizedAlarm][] =>
  [...new Map(alarms.map((alarm) => [JSON.stringify([alarm.name, alarm.metrics]), alarm])).values()].map(
    (alarm) => [alarm.name, alarm],
  );

describe.each(byName(every))('As for %s,', (_name, alarm) => {
  it('the alarm looks back no longer than CloudWatch does', () => {
    const seconds = alarm.periodSeconds * alarm.periods;
    expect(seconds).toBeLessThanOrEqual(alarm.periodSeconds < 3_600 ? 86_400 : 604_800);
    expect(alarm.breaching).toBeLessThanOrEqual(alarm.periods);
  });

  it('the alarm says what it means, what to do first, and where that is explained, in as many characters as fit', () => {
    const kind = alarm.name.split('/').at(-1)!;
    expect(alarm.description).toMatch(
      /^[A-Z][^\n]+\.\nFirst: [A-Z][^\n]+\nRunbook: docs\/runbook\.md#[a-z-]+$/,
    );
    expect(alarm.description.endsWith(`#${kind}`)).toBe(true);
    expect(alarm.description.length).toBeLessThanOrEqual(1024);
  });

  it('the alarm watches metrics of ours that are emitted, with the statistic that they are made for', () => {
    for (const { namespace, name, dimensions, statistic } of alarm.metrics) {
      if (namespace !== METRIC_NAMESPACE) continue;
      const further: readonly (readonly string[])[] =
        (FURTHER_DIMENSIONS as Readonly<Record<string, readonly (readonly string[])[]>>)[name] ?? [];
      expect([['Stack'], ...further]).toContainEqual(Object.keys(dimensions));
      if ((GAUGES as readonly string[]).includes(name)) expect(statistic).toBe('Maximum');
      else expect([...COUNTERS, HEARTBEAT]).toContain(name);
      if (![...GAUGES, ...DURATIONS].includes(name as never)) expect(statistic).toBe('Sum');
    }
  });

  it('the alarm watches functions and queues of the stack', () => {
    const text = JSON.stringify([PER_USER.text, SHARED.text]);
    for (const { namespace, dimensions } of alarm.metrics) {
      if (namespace === METRIC_NAMESPACE) continue;
      const [name] = Object.values(dimensions);
      const argument = namespace === 'AWS/SQS' ? 'name' : 'function_name';
      expect(text).toContain(JSON.stringify(`"${argument}": "${name!}"`).slice(1, -1));
    }
  });
});

const treatment = (name: string): string =>
  every.find((alarm) => alarm.name === `iam-key-rotation/${name}`)!.missingData;

it('what CloudWatch makes of missing data is a fault only for the heartbeat, whose absence is the fault', () => {
  expect(every.filter(({ missingData }) => missingData === 'breaching').map(({ name }) => name)).toEqual(
    Array.from({ length: 3 }, () => 'iam-key-rotation/sweep-not-running'),
  );
});

it('what CloudWatch makes of missing data is no news about a gauge, which the next run emits again', () => {
  expect(treatment('rotation-overdue')).toBe('ignore');
  expect(treatment('unmanaged-key')).toBe('ignore');
});

it('what CloudWatch makes of missing data is no error of a function that did not run, and no message in a queue that nobody uses', () => {
  expect(treatment('a/rotation-failed')).toBe('notBreaching');
  expect(treatment('dead-letters')).toBe('notBreaching');
});

it('the topic is encrypted with the account’s own key, which the notification function’s role may use as it is', () => {
  expect(PER_USER.at('aws_sns_topic.alerts')).toEqual({
    name: 'iam-key-rotation-alerts',
    kms_master_key_id: 'alias/aws/sns',
    policy: expect.any(String),
    depends_on: ['aws_dynamodb_table.journal'],
  });
  expect(JSON.stringify(PER_USER.json('aws_iam_role_policy.notify', 'policy'))).not.toContain('kms:');
});

it('the topic is used by its own account, as SNS lets it, and by nobody without TLS', () => {
  const { Statement: statements } = PER_USER.json('aws_sns_topic.alerts', 'policy') as {
    Statement: readonly { readonly Action: readonly string[] }[];
  };
  const Resource = 'arn:aws:sns:eu-west-1:111122223333:iam-key-rotation-alerts';
  expect(statements).toMatchObject([
    {
      ...{ Effect: 'Allow', Principal: { AWS: '*' }, Resource },
      Condition: { StringEquals: { 'aws:SourceOwner': '111122223333' } },
    },
    {
      ...{ Effect: 'Deny', Principal: { AWS: ['*'] }, Resource },
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ]);
  // SNS refuses `sns:*`, which holds what is done to no topic.
  for (const { Action } of statements) expect(Action).toContain('sns:Publish');
});

it('the notification function knows that secrets of a shard are named as those of the others are', () => {
  expect(PER_USER.at('aws_lambda_function.notify')).toMatchObject({
    environment: { variables: { SECRET_NAME_PREFIX: 'iam-key-rotation', SHARDED: 'false' } },
  });
  expect(SHARD.at('aws_lambda_function.notify')).toMatchObject({
    environment: {
      variables: {
        ...{ STACK: 'iam-key-rotation-two', TABLE_NAME: '${aws_dynamodb_table.journal.name}' },
        ...{ SECRET_NAME_PREFIX: 'iam-key-rotation', SHARDED: 'true' },
      },
    },
  });
});

it('the notification function has told, or been stopped, before its claim on a fault ends', () => {
  const { timeout } = PER_USER.at('aws_lambda_function.notify');
  expect(Number(timeout) * 1000).toBeLessThan(CLAIM_HOLDS / 2);
});

const matches = (rule: string, event: object): boolean =>
  matchesPattern(SHARD.json(`aws_cloudwatch_event_rule.${rule}`, 'event_pattern'), event);
const { variables: ofRotation } = SHARD.at('aws_lambda_function.a')['environment'] as {
  readonly variables: { readonly STACK: string };
};

it('the rules and alarms of a shard hear of what its own functions report, and not of what another shard’s do', () => {
  expect(matches('notify-events', rotationFailed({ stack: ofRotation.STACK }))).toBe(true);
  expect(matches('notify-events', rotationFailed({ stack: 'iam-key-rotation' }))).toBe(false);
  expect(matches('notify-alarms', alarmState('iam-key-rotation-two/sweep-failed', 'ALARM'))).toBe(true);
  expect(matches('notify-alarms', alarmState('iam-key-rotation/sweep-failed', 'ALARM'))).toBe(false);
});

it('the rules and alarms of a shard hear of what Secrets Manager reports of its secrets, which are not called as the shard is', () => {
  const name = String(SHARD.at('aws_secretsmanager_secret.a')['name']);
  const arn = `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf`;
  expect(matches('notify-aws', secretsManagerEvent('RotationFailed', arn))).toBe(true);
});

it('the rules and alarms of a shard name the secret that is there', () => {
  const texts = alarmsIn(SHARD).map(({ description }) => description);
  expect(texts.join()).toContain('rotate-secret --secret-id iam-key-rotation/<user>');
  expect(texts.filter((text) => text.includes('--secret-id iam-key-rotation-two'))).toEqual([]);
});
