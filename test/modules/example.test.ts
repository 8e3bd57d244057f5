import { join } from 'node:path';

import { loadConfiguration } from '../../modules/config/load-configuration';
import { PROJECT } from './support/run-main';
import { synthesize } from './support/synthesize';

describe('the example', () => {
  const { stacks } = loadConfiguration(join(PROJECT, 'rotation.yaml'));

  it('is one stack', () => {
    expect(stacks.map(({ name }) => name)).toEqual(['production']);
  });

  // A changed line here is a user or a secret that Terraform would destroy and make anew, unless a `moved` block or a
  // migration goes with it. A new line is a new resource.
  it('R11: has these Terraform addresses', () => {
    const ofUser = (key: string): string[] => [
      `aws_cloudwatch_log_group.${key}`,
      `aws_cloudwatch_metric_alarm.${key}_rotation_failed`,
      `aws_cloudwatch_metric_alarm.${key}_throttled`,
      `aws_dynamodb_table_item.${key}`,
      `aws_iam_role.${key}`,
      `aws_iam_role_policy.${key}`,
      `aws_iam_user.${key}`,
      `aws_iam_user_policy_attachment.${key}`,
      `aws_lambda_function.${key}`,
      `aws_lambda_invocation.${key}_first_key`,
      `aws_lambda_invocation.${key}_removal_guard`,
      `aws_lambda_permission.${key}`,
      `aws_secretsmanager_secret.${key}`,
      `aws_secretsmanager_secret_rotation.${key}`,
    ];

    const ofStack = [
      ...['notify-alarms', 'notify-events'].flatMap((name) => [
        `aws_cloudwatch_event_rule.${name}`,
        `aws_cloudwatch_event_target.${name}`,
        `aws_lambda_permission.${name}`,
      ]),
      ...[
        'dead-letters',
        'deletion-cap-reached',
        'function-throttled',
        'held-past-maximum-age',
        'key-past-maximum-age',
        'notifications-failed',
        'rotation-overdue',
        'rotation-stuck',
        'sweep-failed',
        'sweep-not-running',
        'unmanaged-key',
        'visit-failed',
      ].map((name) => `aws_cloudwatch_metric_alarm.${name}`),
      'aws_cloudwatch_log_group.notify',
      'aws_iam_role.notify',
      'aws_iam_role_policy.notify',
      'aws_lambda_function.notify',
      'aws_lambda_function_event_invoke_config.notify',
      'aws_sns_topic.alerts',
      'aws_sns_topic_subscription.alerts-email',
      'aws_sqs_queue.notify-failed',
      'aws_sqs_queue_policy.notify-failed',
      'aws_cloudwatch_log_group.retire',
      'aws_dynamodb_table.journal',
      'aws_iam_role.retire',
      'aws_iam_role.retire-schedule',
      'aws_iam_role_policy.retire',
      'aws_iam_role_policy.retire-schedule',
      'aws_lambda_function.retire',
      'aws_lambda_function_event_invoke_config.retire',
      'aws_scheduler_schedule.retire',
      'aws_sqs_queue.retire-failed',
    ];

    expect(synthesize(stacks[0]!).addresses).toEqual(
      [
        ...ofUser('ci-deployer'),
        ...ofUser('legacy_mailer'),
        ...ofUser('reports'),
        ...ofStack,
        'aws_secretsmanager_secret_policy.ci-deployer',
      ].sort(),
    );
  });
});
