import type { AwsLookUps } from './aws-look-ups';

/** What a rule may ask about the resource instance whose import id it gives. */
export interface ResourceFacts {
  /** An argument with its references followed. @throws Error if it is not written out in the stack. */
  readonly text: (argument: string) => Promise<string>;
  /** The same, or undefined where the stack does not say it. */
  readonly optionalText: (argument: string) => Promise<string | undefined>;
  /** `arn:<partition>:<service>:<region>:<account>:<rest>`, of the stack's account and the resource's region. */
  readonly arn: (service: string, rest: string) => string;
  /** A resource of the type whose argument refers to this one. @throws Error if there is none */
  readonly referrer: (type: string, argument: string) => ResourceFacts;
  readonly aws: AwsLookUps;
}

export interface Importable {
  /** What `terraform import` wants to be told; undefined where AWS has no such thing. */
  readonly importId: (resource: ResourceFacts) => Promise<string | undefined>;
  /** The attributes that have the import id as their value. */
  readonly attributes: readonly string[];
}

export interface Remade {
  readonly remade: string;
}

export type ImportRule = Importable | Remade;

const importable = (importId: Importable['importId'], ...attributes: string[]): Importable => ({
  importId,
  attributes: ['id', ...attributes],
});

const by = (argument: string, ...attributes: string[]): Importable =>
  importable((resource) => resource.text(argument), ...attributes);

const joined = (separator: string, ...names: readonly string[]): Importable =>
  importable(async ({ text }) => (await Promise.all(names.map((name) => text(name)))).join(separator));

/** Rules and targets of another bus than the default one are told with it. */
const onEventBus = (...names: readonly string[]): Importable =>
  importable(async ({ text, optionalText }) => {
    const bus = await optionalText('event_bus_name');
    const own = await Promise.all(names.map((name) => text(name)));
    return [...(bus === undefined ? [] : [bus]), ...own].join('/');
  });

/**
 * How each type of resource is found again when the state is lost: the one home of import ids. A test fails for a type
 * that is synthesized and not listed here.
 *
 * The ids are those of the section "Import" of each resource:
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs
 */
export const IMPORT_RULES: Readonly<Record<string, ImportRule>> = {
  aws_cloudtrail: importable(
    async ({ text, arn }) => arn('cloudtrail', `trail/${await text('name')}`),
    'arn',
  ),
  aws_cloudwatch_composite_alarm: by('alarm_name'),
  aws_cloudwatch_dashboard: by('dashboard_name'),
  aws_cloudwatch_event_bus: by('name'),
  aws_cloudwatch_event_rule: onEventBus('name'),
  aws_cloudwatch_event_target: onEventBus('rule', 'target_id'),
  aws_cloudwatch_log_group: by('name'),
  aws_cloudwatch_log_metric_filter: joined(':', 'log_group_name', 'name'),
  aws_cloudwatch_log_resource_policy: by('policy_name'),
  aws_cloudwatch_metric_alarm: by('alarm_name'),
  aws_dynamodb_table: by('name'),
  aws_dynamodb_table_item: {
    remade: 'Terraform cannot import it; its settings are written again, once the old item is removed',
  },
  aws_iam_role: by('name'),
  aws_iam_role_policy: joined(':', 'role', 'name'),
  aws_iam_role_policy_attachment: joined('/', 'role', 'policy_arn'),
  aws_iam_user: by('name'),
  aws_iam_user_policy: joined(':', 'user', 'name'),
  aws_iam_user_policy_attachment: joined('/', 'user', 'policy_arn'),
  aws_kms_alias: by('name', 'name'),
  aws_kms_key: importable(
    async ({ aws, referrer }) => aws.keyId(await referrer('aws_kms_alias', 'target_key_id').text('name')),
    'key_id',
  ),
  aws_lambda_event_source_mapping: importable(async ({ aws, text }) =>
    aws.eventSourceMappingId(await text('function_name'), await text('event_source_arn')),
  ),
  aws_lambda_function: by('function_name'),
  aws_lambda_function_event_invoke_config: by('function_name'),
  aws_lambda_invocation: {
    remade:
      'Terraform cannot import it; a first key that works is found and kept, and a guard is only remembered',
  },
  aws_lambda_permission: joined('/', 'function_name', 'statement_id'),
  aws_s3_bucket: by('bucket'),
  aws_s3_bucket_lifecycle_configuration: by('bucket'),
  aws_s3_bucket_logging: by('bucket'),
  aws_s3_bucket_notification: by('bucket'),
  aws_s3_bucket_object_lock_configuration: by('bucket'),
  aws_s3_bucket_ownership_controls: by('bucket'),
  aws_s3_bucket_policy: by('bucket'),
  aws_s3_bucket_public_access_block: by('bucket'),
  aws_s3_bucket_server_side_encryption_configuration: by('bucket'),
  aws_s3_bucket_versioning: by('bucket'),
  aws_scheduler_schedule: importable(
    async ({ text, optionalText }) =>
      `${(await optionalText('group_name')) ?? 'default'}/${await text('name')}`,
  ),
  aws_scheduler_schedule_group: by('name'),
  aws_secretsmanager_secret: importable(async ({ aws, text }) => aws.secretArn(await text('name')), 'arn'),
  aws_secretsmanager_secret_policy: by('secret_arn'),
  aws_secretsmanager_secret_rotation: by('secret_id'),
  aws_sns_topic: importable(async ({ text, arn }) => arn('sns', await text('name')), 'arn'),
  aws_sns_topic_policy: by('arn'),
  aws_sns_topic_subscription: importable(async ({ aws, text }) =>
    aws.subscriptionArn({
      topicArn: await text('topic_arn'),
      protocol: await text('protocol'),
      endpoint: await text('endpoint'),
    }),
  ),
  aws_sqs_queue: importable(async ({ aws, text }) => aws.queueUrl(await text('name')), 'url'),
  aws_sqs_queue_policy: by('queue_url'),
};
