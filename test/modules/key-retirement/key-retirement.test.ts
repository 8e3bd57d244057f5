import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

import { settingsSchema } from '../../../contract/settings';
import type { StackConfiguration } from '../../../modules/config/configuration';
import { aStack, aUser } from '../support/configurations';
import { synthesize } from '../support/synthesize';

const stack = synthesize(aStack([aUser('a')]));

it.each<[string, string, Partial<StackConfiguration>]>([
  ['MODE', 'report', { retirement: 'report' }],
  ['METRICS_PER', 'user', { metrics: { perUser: true } }],
  ['MAXIMUM_DELETIONS', '7', { maximumDeletionsPerRun: 7 }],
])('the retirement function has %s %s where the configuration says so', (name, value, own) => {
  expect(synthesize(aStack([], own)).at('aws_lambda_function.retire')).toMatchObject({
    environment: { variables: { [name]: value } },
  });
});

it('the retirement of previous keys sets nothing that only version 6 of the provider knows', () => {
  expect(stack.at('aws_scheduler_schedule.retire')).not.toHaveProperty('action_after_completion');
  for (const address of stack.addresses.filter((some) => some.includes('.retire'))) {
    expect(stack.at(address)).not.toHaveProperty('region');
  }
});

const acknowledgedBy = (by: 'command' | 'use' | 'either') =>
  ({ by, remindAfterSeconds: 259_200, atMaximumKeyAge: 'hold' }) as const;

it('the retirement function is told of a user how its keys are acknowledged, and of others nothing', () => {
  const synthesized = synthesize(
    aStack([aUser('a', { acknowledgement: acknowledgedBy('either') }), aUser('b')]),
  );
  expect(synthesized.json('aws_dynamodb_table_item.a', 'item')).toMatchObject({
    acknowledgement: {
      M: { by: { S: 'either' }, remindAfterSeconds: { N: '259200' }, atMaximumKeyAge: { S: 'hold' } },
    },
  });
  expect(synthesized.json('aws_dynamodb_table_item.b', 'item')).not.toHaveProperty('acknowledgement');
});

it.each([
  ['command', true],
  ['either', true],
  ['use', false],
] as const)('by %s: the retirement function may read words: %s (R9)', (by, may) => {
  const synthesized = synthesize(aStack([aUser('a', { acknowledgement: acknowledgedBy(by) }), aUser('b')]));
  const policy = JSON.stringify(synthesized.at('aws_iam_role_policy.retire'));
  expect(policy.includes('acknowledgement#*')).toBe(may);
});

it('what the functions read of a user who is acknowledged is what was synthesized', () => {
  const { item } = synthesize(aStack([aUser('a', { acknowledgement: acknowledgedBy('use') })])).at(
    'aws_dynamodb_table_item.a',
  ) as { item: string };
  const acknowledgement: unknown = unmarshall(JSON.parse(item) as Record<string, AttributeValue>)[
    'acknowledgement'
  ];
  expect(settingsSchema.shape.acknowledgement.parse(acknowledgement)).toEqual(acknowledgedBy('use'));
});

it('the retirement function is told of a user which keys are taken over, and an exemption with its reason as it was written', () => {
  const user = aUser('a', {
    takeOver: ['AKIAIOSFODNN7EXAMPLE'],
    exemption: { reason: 'until ${gateway} is there', until: '2027-02-01T00:00:00.000Z' },
  });

  expect(synthesize(aStack([user])).json('aws_dynamodb_table_item.a', 'item')).toMatchObject({
    takeOver: { L: [{ S: 'AKIAIOSFODNN7EXAMPLE' }] },
    exemption: {
      M: { reason: { S: 'until $${gateway} is there' }, until: { S: '2027-02-01T00:00:00.000Z' } },
    },
  });
});
