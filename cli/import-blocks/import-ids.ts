import type { AwsLookUps } from './aws-look-ups';

/** What a rule may ask about the resource instance whose import id it gives. */
export interface ResourceFacts {
  /** An argument with its references followed. @throws Error if it is not written out in the stack. */
  readonly text: (argument: string) => Promise<string>;
  /** The same for an argument that is a list of texts. */
  readonly texts: (argument: string) => Promise<readonly string[]>;
  /** `arn:<partition>:<service>:<region>:<account>:<rest>`, of the stack's account and the resource's region. */
  readonly arn: (service: string, rest: string) => string;
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

/**
 * How each type of resource is found again when the state is lost: the one home of import ids. A test fails for a type
 * that is synthesized and not listed here, and for one that is listed and not synthesized.
 *
 * The ids are those of the section "Import" of each resource:
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs
 */
export const IMPORT_RULES: Readonly<Record<string, ImportRule>> = {
  aws_cloudtrail: importable(
    async ({ text, arn }) => arn('cloudtrail', `trail/${await text('name')}`),
    'arn',
  ),
  aws_cloudwatch_dashboard: by('dashboard_name'),
  aws_cloudwatch_event_rule: by('name'),
  aws_cloudwatch_event_target: joined('/', 'rule', 'target_id'),
  aws_cloudwatch_log_group: by('name'),
  aws_cloudwatch_log_resource_policy: by('policy_name'),
  aws_cloudwatch_metric_alarm: by('alarm_name'),
  aws_dynamodb_table: by('name'),
  aws_dynamodb_table_item: {
    remade: 'Terraform cannot import it; its settings are written again, once the old item is removed',
  },
  aws_iam_role: by('name'),
  aws_iam_role_policy: joined(':', 'role', 'name'),
  aws_iam_user: by('name'),
  aws_iam_user_group_membership: importable(async ({ text, texts }) =>
    [await text('user'), ...(await texts('groups'))].join('/'),
  ),
  aws_iam_user_policy: joined(':', 'user', 'name'),
  aws_iam_user_policy_attachment: joined('/', 'user', 'policy_arn'),
  aws_lambda_function: by('function_name'),
  aws_lambda_function_event_invoke_config: by('function_name'),
  aws_lambda_invocation: {
    remade:
      'Terraform cannot import it; a first key that works is found and kept, and a guard is only remembered',
  },
  aws_lambda_permission: joined('/', 'function_name', 'statement_id'),
  aws_s3_bucket: by('bucket'),
  aws_s3_bucket_lifecycle_configuration: by('bucket'),
  aws_s3_bucket_ownership_controls: by('bucket'),
  aws_s3_bucket_policy: by('bucket'),
  aws_s3_bucket_public_access_block: by('bucket'),
  aws_s3_bucket_server_side_encryption_configuration: by('bucket'),
  aws_s3_bucket_versioning: by('bucket'),
  aws_scheduler_schedule: importable(async ({ text }) => `default/${await text('name')}`),
  aws_secretsmanager_secret: importable(async ({ aws, text }) => aws.secretArn(await text('name')), 'arn'),
  aws_secretsmanager_secret_policy: by('secret_arn'),
  aws_secretsmanager_secret_rotation: by('secret_id'),
  aws_sns_topic: importable(async ({ text, arn }) => arn('sns', await text('name')), 'arn'),
  aws_sns_topic_subscription: importable(async ({ aws, text }) =>
    aws.subscriptionArn({
      topicArn: await text('topic_arn'),
      protocol: await text('protocol'),
      endpoint: await text('endpoint'),
    }),
  ),
  aws_sqs_queue: importable(async ({ aws, text }) => aws.queueUrl(await text('name')), 'url'),
  terraform_data: { remade: 'it is in the state alone; the place of the stack is remembered again' },
};
