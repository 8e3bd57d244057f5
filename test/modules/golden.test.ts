import { aStackWithEverything } from './support/configurations';
import { expectGolden } from './support/golden';
import { type SynthesizedStack, synthesize } from './support/synthesize';

const OWN = synthesize(aStackWithEverything());
const SHARED = synthesize(aStackWithEverything({ functions: 'shared' }));

/** The resources at the addresses that match, with the JSON in their arguments read. */
function resources(stack: SynthesizedStack, pattern: RegExp): Readonly<Record<string, unknown>> {
  const found = stack.addresses.filter((address) => pattern.test(address));
  return Object.fromEntries(found.map((address) => [address, readable(stack.at(address))]));
}

function readable(value: unknown): unknown {
  if (typeof value === 'string') {
    if (/^(\{"|\[[{"])/.test(value)) return readable(JSON.parse(value));
    return value.replaceAll(/[0-9a-f]{64}/g, '<hash>');
  }
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, readable(own)]));
}

const user = (key: string, types: string, but = '-'): RegExp =>
  new RegExp(`^(data\\.)?(${types})\\.${key}(?!${but})(_|$)`);
const OF_USER =
  'aws_iam_user|aws_iam_user_policy_attachment|aws_secretsmanager_secret|aws_secretsmanager_secret_rotation|aws_lambda_invocation|aws_dynamodb_table_item';
const OF_FUNCTION = 'aws_lambda_function|aws_lambda_permission|aws_cloudwatch_log_group|aws_iam_role';
const POLICIES = 'aws_iam_role_policy|aws_iam_user_policy|aws_secretsmanager_secret_policy';

it.each([
  ['rotated-user.with-everything', OWN, user('ci-deployer', OF_USER, '_removal_guard')],
  ['rotated-user.removal-guard', OWN, /^aws_lambda_invocation\.ci-deployer_removal_guard$/],
  ['rotated-user.that-is-looked-up', OWN, user('legacy_mailer', OF_USER, '_removal_guard')],
  ['rotated-user.function', OWN, user('ci-deployer', OF_FUNCTION)],
  ['rotated-user.policies', OWN, user('ci-deployer', POLICIES)],
  ['shared-rotation', SHARED, /\.rotate$/],
  ['key-retirement', OWN, /^(?!aws_iam_role_policy\.).*\.retire(-failed|-schedule)?$/],
  ['key-retirement.policies', OWN, /^aws_iam_role_policy\.retire/],
  ['key-delivery', OWN, /^(?!aws_iam_role_policy\.).*\.deliver(-failed|-schedule)?$/],
  ['key-delivery.rules', OWN, /\.deliver-(labels|events)$/],
  ['key-delivery.policies', OWN, /^aws_iam_role_policy\.deliver/],
  ['notifications', OWN, /^(aws_(lambda_\w+|sqs_queue|cloudwatch_log_group|iam_role)\.notify|aws_sns)/],
  ['notifications.rules', OWN, /^aws_cloudwatch_event_.*\.notify/],
  ['notifications.policies', OWN, /^aws_iam_role_policy\.notify/],
  ['journal-table', OWN, /^aws_dynamodb_table\.journal$/],
  ['audit-trail', OWN, /^(?!aws_s3)(.*\.trail|.*suspicious-acts.*)$/],
  ['audit-trail.bucket', OWN, /^aws_s3_/],
])('what is synthesized for %s is as its golden file says', (name, stack, pattern) =>
  expectGolden(name, resources(stack, pattern)),
);

it('the stack: provider, outputs and what is only forgotten are as the golden file says', () => {
  const { provider, output, removed } = JSON.parse(OWN.text) as Record<string, unknown>;
  expectGolden('stack', readable({ provider, output, removed }));
});
