/** An argument of a resource, the most characters that AWS takes there, and what one does about a longer one. */
interface Limit {
  readonly most: number;
  readonly remedy: string;
}

const SHORTER_NAME = 'Take a shorter prefix or stable key.';
const FEWER_READERS = 'Name fewer readers, or a whole account (:root) in place of its roles.';
const SPLIT = 'Divide the users among shards.';

/**
 * What AWS takes at most, by resource type and argument, in characters.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (white space in policies does not count)
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
const LIMITS: Readonly<Record<string, Readonly<Record<string, Limit>>>> = {
  aws_cloudwatch_event_rule: { name: { most: 64, remedy: SHORTER_NAME } },
  aws_cloudwatch_log_group: { name: { most: 512, remedy: SHORTER_NAME } },
  aws_cloudwatch_metric_alarm: {
    alarm_description: { most: 1_024, remedy: 'Take a shorter alerts.runbookUrl or secretPrefix.' },
    alarm_name: { most: 255, remedy: SHORTER_NAME },
  },
  aws_iam_role: {
    assume_role_policy: { most: 2_048, remedy: SHORTER_NAME },
    name: { most: 64, remedy: SHORTER_NAME },
  },
  aws_iam_role_policy: { policy: { most: 10_240, remedy: SPLIT } },
  aws_iam_user: { name: { most: 64, remedy: 'Take a shorter userName.' } },
  aws_iam_user_policy: { policy: { most: 2_048, remedy: 'Take shorter names.' } },
  aws_lambda_function: { function_name: { most: 64, remedy: SHORTER_NAME } },
  aws_s3_bucket: { bucket: { most: 63, remedy: SHORTER_NAME } },
  aws_scheduler_schedule: { name: { most: 64, remedy: SHORTER_NAME } },
  aws_secretsmanager_secret: { name: { most: 512, remedy: SHORTER_NAME } },
  aws_secretsmanager_secret_policy: { policy: { most: 20_480, remedy: FEWER_READERS } },
  aws_sns_topic: { name: { most: 256, remedy: SHORTER_NAME } },
  aws_sqs_queue: { name: { most: 80, remedy: SHORTER_NAME } },
};

/** The resources of a synthesized stack: by type, then by name. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/**
 * What in a stack is longer than AWS takes, as sentences. Only an apply would find it, half-way. References to what
 * Terraform knows later count as little as they can have, so that what is near a limit may still pass it.
 */
export function tooLong(resources: Resources): readonly string[] {
  return Object.entries(LIMITS).flatMap(([type, limits]) =>
    Object.entries(resources[type] ?? {}).flatMap(([name, values]) =>
      Object.entries(limits).flatMap(([argument, { most, remedy }]) => {
        const value = values[argument];
        const length = typeof value === 'string' ? lengthOf(value, argument === 'policy' ? 50 : 0) : 0;
        return length <= most
          ? []
          : [
              `${type}.${name}: ${argument} has ${length} characters, and AWS takes ${most} at most. ${remedy}`,
            ];
      }),
    ),
  );
}

/** An ARN has 50 characters at least. */
const lengthOf = (value: string, ofReference: number): number =>
  value.replaceAll(/\$\{[^{}]*\}/g, 'x'.repeat(ofReference)).length;

/** Names or policies of a stack are longer than AWS takes. */
export class StackTooLongError extends Error {
  override readonly name = 'StackTooLongError';

  constructor(stack: string, problems: readonly string[]) {
    super([`The stack ${stack} cannot be made as it is:`, ...problems].join('\n'));
  }
}
