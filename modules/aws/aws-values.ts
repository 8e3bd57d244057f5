/*
 * What AWS accepts, as patterns. They are the ones of IAM's and Secrets Manager's own API models where those
 * have one, so that `apply` refuses nothing that the configuration let through.
 */

export const ACCOUNT_ID = /^\d{12}$/;

/** A region's name by its grammar, so that regions yet to come are accepted and most typing errors are not. */
export const REGION =
  /^(af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov|us-iso|us-isob|us-isof|eu-isoe|eusc-de)-(central|north|south|east|west|northeast|northwest|southeast|southwest)-\d$/;

/**
 * Regions of today, for suggestions alone: what is not among them may be newer.
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
export const KNOWN_REGIONS: readonly string[] = [
  ...[
    'us-east-1',
    'us-east-2',
    'us-west-1',
    'us-west-2',
    'ca-central-1',
    'ca-west-1',
    'mx-central-1',
    'sa-east-1',
  ],
  ...[
    'eu-central-1',
    'eu-central-2',
    'eu-west-1',
    'eu-west-2',
    'eu-west-3',
    'eu-south-1',
    'eu-south-2',
    'eu-north-1',
  ],
  ...[
    'af-south-1',
    'il-central-1',
    'me-central-1',
    'me-south-1',
    'ap-east-1',
    'ap-east-2',
    'ap-south-1',
    'ap-south-2',
  ],
  ...[
    'ap-southeast-1',
    'ap-southeast-2',
    'ap-southeast-3',
    'ap-southeast-4',
    'ap-southeast-5',
    'ap-southeast-6',
  ],
  ...['ap-southeast-7', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'cn-north-1', 'cn-northwest-1'],
  ...['us-gov-east-1', 'us-gov-west-1', 'eusc-de-east-1'],
];

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddUserToGroup.html */
export const IAM_GROUP_NAME = /^[\w+=,.@-]{1,128}$/;
/** Of an inline policy. https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html */
export const IAM_POLICY_NAME = /^[\w+=,.@-]{1,128}$/;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const MOST_GROUPS_OF_USER = 10;
/** Of all inline policies of a user together; white space between the parts of a document does not count. */
export const MOST_CHARACTERS_OF_INLINE_POLICIES = 2_048;
/** Kept for the policy that lets a user decrypt its own secret: more than it has with the longest names. */
export const CHARACTERS_OF_SELF_RENEWAL = 1_000;

/** `/` or `/…/` of printable ASCII, up to 512 characters. */
export const IAM_PATH = /^\/$|^\/[!-~]{1,510}\/$/;

const PARTITION = 'aws(-[a-z]+)*';

export const POLICY_ARN = new RegExp(`^arn:${PARTITION}:iam::(\\d{12}|aws):policy/[\\w+=,.@/-]{1,640}$`);
export const ROLE_ARN = new RegExp(`^arn:${PARTITION}:iam::\\d{12}:role/[\\w+=,.@/-]{1,576}$`);
/** A role, a user, or an account as a whole. */
export const READER_ARN = new RegExp(
  `^arn:${PARTITION}:iam::\\d{12}:(root|(role|user)/[\\w+=,.@/-]{1,576})$`,
);
/** Keys only: an alias can be moved to another key, and policies take no alias. */
export const KMS_KEY_ARN = new RegExp(`^arn:${PARTITION}:kms:[a-z0-9-]+:\\d{12}:key/[A-Za-z0-9-]{1,128}$`);

/** A standard topic: a FIFO topic takes no e-mail subscription and wants more than a message. */
export const TOPIC_ARN = new RegExp(`^arn:${PARTITION}:sns:[a-z0-9-]+:\\d{12}:[A-Za-z0-9_-]{1,256}$`);

/** SNS checks little, too: whether somebody reads there shows when the subscription is confirmed. */
export const EMAIL_ADDRESS = /^[^\s@<>(),;:"[\]\\]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;

/** https://docs.aws.amazon.com/lambda/latest/api/API_VpcConfig.html, which also has the limits. */
export const SUBNET_ID = /^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/;
export const SECURITY_GROUP_ID = /^sg-([0-9a-f]{8}|[0-9a-f]{17})$/;
export const MOST_SUBNETS = 16;
export const MOST_SECURITY_GROUPS = 5;

/**
 * What IAM and Secrets Manager both accept, without the ends of lines and paragraphs (Zl, Zp), which they accept, too.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html
 */
export const TAG_KEY = /^[\p{L}\p{Zs}\p{N}_.:/=+\-@]{1,128}$/u;
export const TAG_VALUE = /^[\p{L}\p{Zs}\p{N}_.:/=+\-@]{1,256}$/u;
export const TAG_VALUE_RULE =
  "a tag's value is a text of 1 to 256 letters, digits, spaces and _.:/=+-@; an empty one is refused because it makes Terraform's AWS provider drop other tags";

/**
 * A long-term key: temporary ones begin with ASIA.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
 */
export const ACCESS_KEY_ID = /^AKIA[A-Z0-9]{12,124}$/;

/** Of 50 that AWS allows on a user or secret: ours, and the console's notes on access keys, need room too. */
export const MOST_TAGS = 40;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const S3_BUCKET = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;
export const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;

/** Part of a stack's name and of its prefix. */
export const SHARD = /^[A-Za-z0-9][A-Za-z0-9_-]{0,19}$/;
/**
 * What names of secrets begin with, without the slash behind it. It stands in policies and, twice, in the description of an
 * alarm, so it is shorter than Secrets Manager would take.
 */
export const SECRET_PREFIX = /^(?=.{3,100}$)[\w+=.@-]+(\/[\w+=.@-]+)*$/;
export const PREFIX = /^[A-Za-z][A-Za-z0-9_-]{2,}$/;

const PARTITIONS: readonly (readonly [start: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
];

/** The partition that a region belongs to: what stands after `arn:`. */
export function partitionOf(region: string): string {
  return PARTITIONS.find(([start]) => region.startsWith(start))?.[1] ?? 'aws';
}

export interface ArnParts {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/** The parts of an ARN that its pattern has accepted. */
export function arnParts(arn: string): ArnParts {
  const [, partition = '', , region = '', accountId = ''] = arn.split(':');
  return { partition, region, accountId };
}
