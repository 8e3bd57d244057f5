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
