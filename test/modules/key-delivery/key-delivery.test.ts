import { actsOnWatch } from '../../../modules/audit-trail/watch-patterns';
import { awsPlace } from '../../../modules/aws/aws-place';
import type { UserConfiguration } from '../../../modules/config/configuration';
import { aStack, aUser } from '../support/configurations';
import { synthesize } from '../support/synthesize';

const DELIVERS: Partial<UserConfiguration> = {
  deliver: [
    {
      kind: 'secret',
      id: 'payments/env',
      fields: { KEY: 'AccessKeyId' },
      kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/theirs',
    },
    { kind: 'parameter', name: '/payments/key' },
  ],
};
const stack = synthesize(aStack([aUser('a', DELIVERS), aUser('b')]));
const without = synthesize(aStack([aUser('a'), aUser('b')]));

it('a stack without targets has nothing of the delivery, and no right for it', () => {
  expect(without.addresses.filter((address) => address.includes('deliver'))).toEqual([]);
  expect(without.text).not.toMatch(/delivery#|iam-key-rotation-deliver/);
});

it('a stack with targets has this besides, and every address that it had', () => {
  const more = stack.addresses.filter((address) => !without.addresses.includes(address));
  expect(more.toSorted()).toEqual([
    'aws_cloudwatch_event_rule.deliver-events',
    'aws_cloudwatch_event_rule.deliver-labels',
    'aws_cloudwatch_event_target.deliver-events',
    'aws_cloudwatch_event_target.deliver-labels',
    'aws_cloudwatch_log_group.deliver',
    'aws_iam_role.deliver',
    'aws_iam_role.deliver-schedule',
    'aws_iam_role_policy.deliver',
    'aws_iam_role_policy.deliver-schedule',
    'aws_lambda_function.deliver',
    'aws_lambda_function_event_invoke_config.deliver',
    'aws_lambda_permission.deliver-events',
    'aws_lambda_permission.deliver-labels',
    'aws_scheduler_schedule.deliver',
    'aws_sqs_queue.deliver-failed',
    'terraform_data.deliver_role',
  ]);
  expect(without.addresses.filter((address) => !stack.addresses.includes(address))).toEqual([]);
});

it('the delivery function is told of a user where its key goes, and not what encrypts another secret', () => {
  expect(stack.json('aws_dynamodb_table_item.a', 'item')).toMatchObject({
    deliver: {
      L: [
        {
          M: {
            kind: { S: 'secret' },
            id: { S: 'payments/env' },
            fields: { M: { KEY: { S: 'AccessKeyId' } } },
          },
        },
        { M: { kind: { S: 'parameter' }, name: { S: '/payments/key' } } },
      ],
    },
  });
  expect(JSON.stringify(stack.json('aws_dynamodb_table_item.a', 'item'))).not.toContain('kms');
  expect(stack.json('aws_dynamodb_table_item.b', 'item')).not.toHaveProperty('deliver');
});

it('a body and headers arrive as they are written, whatever they mean to Terraform', () => {
  const body = { format: 'json', template: '{"a":"%{AccessKeyId}${x} {SecretAccessKey}"}' } as const;
  const headers = { 'X-A': '${path.module} %{ if true }' };
  const outside = synthesize(
    // As a file is resolved; the stack escapes all of it.
    aStack([
      aUser('a', {
        deliver: [{ kind: 'https', url: 'https://ci.example.com/1', method: 'PUT', headers, body }],
      }),
    ]),
  );
  const item = JSON.stringify(outside.json('aws_dynamodb_table_item.a', 'item'));
  expect(item).toContain('%%{AccessKeyId}$${x} {SecretAccessKey}');
  expect(item).toContain('$${path.module} %%{ if true }');
});

it('the delivery function is not told what encrypts the secret of a token', () => {
  const kmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/tokens';
  const outside = synthesize(
    aStack([
      aUser('a', {
        deliver: [
          {
            kind: 'githubActions',
            repository: 'acme/payments',
            secrets: { KEY: 'AccessKeyId' },
            tokenSecret: 'ci/token',
            kmsKeyArn,
          },
        ],
      }),
    ]),
  );
  expect(JSON.stringify(outside.json('aws_dynamodb_table_item.a', 'item'))).not.toContain('kms');
  expect(JSON.stringify(outside.json('aws_iam_role_policy.deliver', 'policy'))).toContain(kmsKeyArn);
});

it('the delivery function runs every hour over all users', () => {
  expect(stack.at('aws_scheduler_schedule.deliver')).toMatchObject({
    schedule_expression: 'rate(1 hour)',
    target: { input: '{"deliver":"all"}' },
  });
});

it('the delivery function runs after a promotion, a rollback, and a move of AWSCURRENT', () => {
  expect(stack.json('aws_cloudwatch_event_rule.deliver-events', 'event_pattern')).toEqual({
    account: ['111122223333'],
    source: ['iam-key-rotation'],
    'detail-type': ['Key Promoted', 'Key Rolled Back'],
    detail: { stack: ['iam-key-rotation'] },
  });
  expect(stack.json('aws_cloudwatch_event_rule.deliver-labels', 'event_pattern')).toEqual({
    account: ['111122223333'],
    source: ['aws.secretsmanager'],
    'detail-type': ['Secret Label Updated'],
    resources: [{ prefix: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/' }],
    detail: { labelUpdated: ['AWSCURRENT'] },
  });
});

it('what the delivery function could not do goes to a queue, after two more tries', () => {
  expect(stack.at('aws_lambda_function_event_invoke_config.deliver')).toMatchObject({
    maximum_retry_attempts: 2,
  });
});

it('R9: only a rotation function whose user has targets reads what they hold', () => {
  const policyOf = (key: string) => JSON.stringify(stack.json(`aws_iam_role_policy.${key}`, 'policy'));
  expect(policyOf('a')).toContain('delivery#a');
  expect(policyOf('b')).not.toContain('delivery#');
  expect(policyOf('retire')).toContain('delivery#*');
});

it('the reads of the delivery function are no acts of others, where there is one', () => {
  const watching = (deliver: UserConfiguration['deliver']) =>
    synthesize(
      aStack([aUser('a', { deliver, readers: ['arn:aws:iam::111122223333:role/ci'] })], {
        auditTrail: { kind: 'existing' },
      }),
    ).text;
  const role = 'assumed-role/iam-key-rotation-deliver/*';
  expect(watching(DELIVERS.deliver!)).toContain(role);
  expect(watching([])).not.toContain(role);
});

it('queue and schedule of the delivery function are watched as those of the retirement are', () => {
  const watchedIf = (delivers: boolean): string =>
    JSON.stringify(
      actsOnWatch({
        place: awsPlace({ partition: 'aws', accountId: '111122223333', region: 'eu-west-1' }),
        ...{ prefix: 'iam-key-rotation', users: [], rotationFunctions: [], delivers },
      }),
    );
  expect(watchedIf(true)).toContain('/111122223333/iam-key-rotation-deliver-failed"');
  expect(watchedIf(true)).toContain('"Name":["iam-key-rotation-retire","iam-key-rotation-deliver"]');
  expect(watchedIf(false)).not.toContain('deliver');
});

it('the guard against removal guards the delivery, too', () => {
  expect(stack.at('aws_lambda_invocation.a_removal_guard')).toMatchObject({
    depends_on: expect.arrayContaining([
      'aws_scheduler_schedule.deliver',
      'aws_cloudwatch_event_target.deliver-labels',
    ]),
  });
});
