import { summary } from '../../../cli/check-plan/summary';
import type { PlannedAction, PlannedChange } from '../../../cli/check-plan/read-plan';

const change = (address: string, ...actions: PlannedAction[]): PlannedChange => ({
  ...{ address, actions },
  type: /(aws_\w+|terraform_data)\.[^.]+$/.exec(address)?.[1] ?? '',
});

it('the summary of a plan counts what is done to each user, and to the stack last', () => {
  const changes = [
    change('terraform_data.place', 'create'),
    change('aws_secretsmanager_secret.ci', 'no-op'),
    change('aws_lambda_function.ci', 'update'),
    change('aws_iam_user_policy_attachment.ci["arn:aws:iam::aws:policy/ReadOnlyAccess"]', 'update'),
    change('aws_lambda_invocation.ci_first_key', 'delete', 'create'),
    change('aws_secretsmanager_secret.ci_two', 'create'),
    change('aws_lambda_invocation.ci_two_first_key', 'create'),
    change('aws_iam_user.a', 'delete'),
    change('aws_secretsmanager_secret.a', 'delete'),
    change('aws_iam_role.rotation', 'read'),
  ];
  expect(summary({ changes })).toEqual([
    'a: 2 to delete',
    'ci: 2 to update, 1 to replace',
    'ci_two: 2 to create',
    'the stack: 1 to create',
  ]);
});

it('the summary of a plan names the users of the Terraform modules by their paths', () => {
  const changes = [
    change('module.keys["a.b"].aws_secretsmanager_secret.this', 'create'),
    change('module.keys["a.b"].aws_iam_role.rotation', 'create'),
    change('module.base.aws_dynamodb_table.journal', 'update'),
  ];
  expect(summary({ changes })).toEqual(['module.keys["a.b"]: 2 to create', 'the stack: 1 to update']);
});

it('the summary of a plan is not misled by the key of a resource that looks like an address', () => {
  const hostile = `module.keys[${JSON.stringify('x].aws_secretsmanager_secret.other["\\"]')}]`;
  const changes: PlannedChange[] = [
    { address: 'aws_secretsmanager_secret.ci', type: 'aws_secretsmanager_secret', actions: ['no-op'] },
    {
      address: 'aws_iam_user_policy.ci["aws_iam_user_policy.evil"]',
      type: 'aws_iam_user_policy',
      actions: ['create'],
    },
    {
      address: `${hostile}.aws_secretsmanager_secret.this`,
      type: 'aws_secretsmanager_secret',
      actions: ['delete'],
    },
  ];
  expect(summary({ changes })).toEqual(['ci: 1 to create', `${hostile}: 1 to delete`]);
});

it('the summary of a plan without changes is empty', () => {
  expect(summary({ changes: [change('aws_iam_user.a', 'no-op')] })).toEqual([]);
});
