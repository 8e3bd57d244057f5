import { LOG_RETENTION_DAYS } from '../aws/aws-values';
import {
  DEFAULT_LOG_RETENTION_DAYS,
  DEFAULT_MAXIMUM_DELETIONS_PER_RUN,
  DEFAULT_RUNBOOK_URL,
} from '../aws/default-values';
import { DEFAULT_PREFIX } from '../aws/names';
import { keyArnRule, type Variables } from './variable';

export const BASE_VARIABLES = {
  name: {
    type: 'string',
    description:
      'The name of this set of users, in a tag of each: the retirement function may touch the users with this tag and no others. Two sets of one account differ in it.',
    validations: [
      {
        condition: 'can(regex("^[A-Za-z_][A-Za-z0-9_-]{0,127}$", var.name))',
        message:
          'A name begins with a letter or _ and has letters, digits, _ and -. Write: name = "production".',
      },
    ],
  },
  prefix: {
    type: 'string',
    description:
      'What all names on AWS begin with. Two sets of one account differ in it, also in two regions.',
    default: DEFAULT_PREFIX,
    validations: [
      {
        condition: 'can(regex("^[A-Za-z][A-Za-z0-9_-]{2,47}$", var.prefix))',
        message:
          'A prefix begins with a letter and has 3 to 48 letters, digits, _ and -. Write: prefix = "iam-key-rotation".',
      },
    ],
  },
  retirement: {
    type: 'string',
    description:
      '`report`: the retirement function decides and reports, and changes nothing. `act`: it retires previous keys.',
    default: 'act',
    validations: [
      {
        condition: 'contains(["act", "report"], var.retirement)',
        message: 'retirement is act or report. Write: retirement = "act".',
      },
    ],
  },
  maximum_deletions_per_run: {
    type: 'number',
    description: 'How many keys one run of the retirement function, every hour, deletes at most.',
    default: DEFAULT_MAXIMUM_DELETIONS_PER_RUN,
    validations: [
      {
        condition:
          'var.maximum_deletions_per_run >= 1 && var.maximum_deletions_per_run <= 5000 && floor(var.maximum_deletions_per_run) == var.maximum_deletions_per_run',
        message:
          'maximum_deletions_per_run is a whole number, 1 to 5000. Write: maximum_deletions_per_run = 25.',
      },
    ],
  },
  metrics_per_user: {
    type: 'bool',
    description: 'Metrics of each user beside those of the whole set, which CloudWatch bills one by one.',
    default: false,
  },
  alert_emails: {
    type: 'set(string)',
    description:
      'Addresses that get every message, once their owners have confirmed it. Known when Terraform plans.',
    default: [],
    validations: [
      {
        condition:
          'alltrue([for email in var.alert_emails : can(regex("^[^@[:space:]]+@[^@[:space:]]+$", email))])',
        message: 'An address is written as in alert_emails = ["oncall@example.com"].',
      },
    ],
  },
  alert_topic_arns: {
    type: 'list(string)',
    description:
      "Standard SNS topics that were there already, in the provider's region, to send every message to. To the output `alerts_topic_arn` you can also subscribe what you have.",
    default: [],
    validations: [
      {
        condition:
          'alltrue([for arn in var.alert_topic_arns : can(regex("^arn:aws(-[a-z]+)*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$", arn))])',
        message:
          'A topic is named by its ARN, and is no FIFO topic. Write: alert_topic_arns = ["arn:aws:sns:eu-west-1:111122223333:oncall"].',
      },
      {
        condition:
          'alltrue([for arn in var.alert_topic_arns : try(split(":", arn)[3], "") == data.aws_region.current.id])',
        message: "Messages are sent to topics of the provider's region only.",
      },
    ],
  },
  alert_kms_key_arn: {
    type: 'string',
    description: "The customer key that encrypts the base's own topic; without it the account's `aws/sns`.",
    default: null,
    validations: [keyArnRule('alert_kms_key_arn')],
  },
  runbook_url: {
    type: 'string',
    description:
      'The address of `docs/runbook.md` where your people read it; alarms and messages name its sections.',
    default: DEFAULT_RUNBOOK_URL,
    validations: [
      {
        condition: 'can(regex("^[!-~]{1,200}$", var.runbook_url))',
        message:
          'An address has 1 to 200 characters without spaces. Write: runbook_url = "https://wiki.example.com/runbook".',
      },
    ],
  },
  per_function_alarms: {
    type: 'bool',
    description:
      'Two alarms for the rotation function of each user, which also see what it cannot count itself: crashes, time-outs, throttling. `false`: one alarm for all of them.',
    default: true,
  },
  trail_exists: {
    type: 'bool',
    description:
      "Whether a CloudTrail trail logs the management events of the provider's region: only then do Secrets Manager's own reports of failed rotations reach anybody.",
    default: false,
  },
  dashboard: {
    type: 'bool',
    description: 'A CloudWatch dashboard that says at one look whether all is well.',
    default: true,
  },
  protection: {
    type: 'bool',
    description:
      "`false` lifts the guard against removing a user unannounced, and the table's deletion protection: for sets that are thrown away.",
    default: true,
  },
  role_path: {
    type: 'string',
    description: "The IAM path of the functions' roles.",
    default: '/',
    validations: [
      {
        condition: 'can(regex("^/$|^/[!-~]{1,510}/$", var.role_path))',
        message: 'A path begins and ends with a slash. Write: role_path = "/service/".',
      },
    ],
  },
  permissions_boundary_arn: {
    type: 'string',
    description: "The permissions boundary of the functions' roles.",
    default: null,
  },
  log_retention_days: {
    type: 'number',
    description: "How long the functions' logs are kept.",
    default: DEFAULT_LOG_RETENTION_DAYS,
    validations: [
      {
        condition: `contains([${LOG_RETENTION_DAYS.join(', ')}], var.log_retention_days)`,
        message: `log_retention_days is one of the numbers that CloudWatch Logs offers: ${LOG_RETENTION_DAYS.join(', ')}. Write: log_retention_days = 365.`,
      },
    ],
  },
  log_kms_key_arn: {
    type: 'string',
    description: "The customer key that encrypts the logs; without it CloudWatch Logs' own.",
    default: null,
  },
} as const satisfies Variables;

/** What a `rotated-user` takes from its base: outputs of the same names. */
export const BASE_TYPE = `object({
  name                     = string
  prefix                   = string
  table_name               = string
  table_arn                = string
  protection               = bool
  role_path                = string
  permissions_boundary_arn = string
  log_retention_days       = number
  log_kms_key_arn          = string
  per_function_alarms      = bool
  runbook_url              = string
})`;
