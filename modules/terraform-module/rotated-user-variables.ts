import { DEFAULT_SECRET_RECOVERY_DAYS } from '../aws/default-values';
import { RESERVED_STABLE_KEYS } from '../aws/names';
import { DEFAULT_GAPS, DEFAULT_RATE_WINDOW_HOURS, DEFAULT_WINDOW_HOURS } from '../schedule/schedule';
import { BASE_TYPE } from './base-variables';
import { keyArnRule, type Validation, type Variables } from './variable';

/** Whole and in these bounds. */
const wholeNumber = (name: string, least: number, most: number): string =>
  `(var.${name} >= ${String(least)} && var.${name} <= ${String(most)} && floor(var.${name}) == var.${name})`;

const WINDOW_HOURS = `(var.rotate_every_days == null ? ${String(DEFAULT_WINDOW_HOURS)} : ${String(DEFAULT_RATE_WINDOW_HOURS)})`;
/** Days from one rotation to the next: at least, and at most. */
const LEAST_GAP_DAYS = `coalesce(var.rotate_every_days, ${String(DEFAULT_GAPS.shortestGapDays)})`;
const MOST_GAP_DAYS = `coalesce(var.rotate_every_days, ${String(DEFAULT_GAPS.longestGapDays)})`;

/** What one rotation to the next has to have room for, in days. */
export const LIVES_DAYS = `((var.overlap_hours + ${WINDOW_HOURS}) / 24 + var.grace_period_days + 1)`;

const reserved = RESERVED_STABLE_KEYS.map((key) => `"${key}"`).join(', ');

const USER_NAME_RULE: Validation = {
  condition: 'var.user_name == null || can(regex("^[0-9A-Za-z_+=,.@-]{1,64}$", var.user_name))',
  message: 'An IAM user name has 1 to 64 letters, digits and +=,.@_-. Write: user_name = "legacy.mailer".',
};

const NAMES = {
  base: {
    type: BASE_TYPE,
    description: 'The module `base` of the same account and region: `base = module.base`.',
  },
  name: {
    type: 'string',
    description:
      'The stable key: the secret is called `<prefix>/<name>`, the function and its role `<prefix>-<name>`. Another one makes another secret.',
    validations: [
      {
        condition: 'can(regex("^[A-Za-z_][A-Za-z0-9_-]*$", var.name))',
        message:
          'A stable key begins with a letter or _ and has letters, digits, _ and -. Write: name = "ci-deployer".',
      },
      {
        condition: `!contains([${reserved}], lower(var.name))`,
        message: `The base has functions and roles called ${RESERVED_STABLE_KEYS.join(', ')} after the prefix. Choose another name.`,
      },
      {
        condition: '!can(regex("-[A-Za-z0-9]{6}$", var.name))',
        message:
          'Secrets Manager adds a hyphen and six characters to ARNs, so a name does not end so. Choose another ending.',
      },
      {
        condition: 'length(var.base.prefix) + 1 + length(var.name) <= 64',
        message:
          'Functions and roles are called <prefix>-<name>, in at most 64 characters. Choose a shorter name or prefix.',
      },
    ],
  },
} as const satisfies Variables;

/** What is said of a user that the module makes; one that is there already has it. */
const NEW_USER_VARIABLES = {
  user_name: {
    type: 'string',
    description: "The IAM user's name; without it the stable key. A change renames the user.",
    default: null,
    validations: [USER_NAME_RULE],
  },
  path: {
    type: 'string',
    description: "The IAM user's path.",
    default: '/',
    validations: [
      {
        condition: 'can(regex("^/$|^/[!-~]{1,510}/$", var.path))',
        message: 'A path begins and ends with a slash. Write: path = "/service/".',
      },
    ],
  },
  permissions_boundary_arn: {
    type: 'string',
    description: "The IAM user's permissions boundary.",
    default: null,
  },
  policy_arns: {
    type: 'set(string)',
    description: 'Managed policies to attach to the user, known when Terraform plans.',
    default: [],
    validations: [
      {
        condition: 'length(var.policy_arns) <= 20',
        message:
          'IAM attaches up to 20 managed policies to a user. Put more into an inline policy of your own.',
      },
    ],
  },
} as const satisfies Variables;

/** What is said of a user that is there already. */
const EXISTING_USER_VARIABLES = {
  user_name: {
    type: 'string',
    description: "The IAM user's name; without it the stable key.",
    default: null,
    validations: [USER_NAME_RULE],
  },
} as const satisfies Variables;

/** What is said of every rotated user, whoever makes it. */
const SHARED_VARIABLES = {
  readers: {
    type: 'list(string)',
    description:
      'Who may read the secret, besides those whom their own policies allow it: ARNs of roles, users and accounts. In another account they need `kms_key_arn`. How many there are is known when Terraform plans.',
    default: [],
    validations: [
      {
        condition:
          'alltrue([for arn in var.readers : can(regex("^arn:aws(-[a-z]+)*:iam::[0-9]{12}:(root|(role|user)/[0-9A-Za-z_+=,.@/-]{1,576})$", arn))])',
        message:
          'A reader is the ARN of a role, of a user, or of an account (:root), without wildcards. Write: readers = ["arn:aws:iam::111122223333:role/ci"].',
      },
    ],
  },
  kms_key_arn: {
    type: 'string',
    description: "The customer key that encrypts the secret; without it the account's `aws/secretsmanager`.",
    default: null,
    validations: [keyArnRule('kms_key_arn')],
  },
  self_renewal: {
    type: 'bool',
    description:
      'Whether the user may read its own secret, so that an application that has a key gets the next one with it. A user that is made elsewhere needs `kms:Decrypt` on `kms_key_arn`, too, if that is given.',
    default: false,
  },
  replicas: {
    type: 'list(object({ region = string, kms_key_arn = optional(string) }))',
    description:
      "Regions that the secret is copied to, to be read there, each with the customer key that encrypts the copy; without one the account's `aws/secretsmanager` there. The whole list is known when Terraform plans.",
    default: [],
    validations: [
      {
        condition:
          'alltrue([for copy in var.replicas : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]+$", copy.region))]) && length(distinct(var.replicas[*].region)) == length(var.replicas)',
        message:
          'A region is written as AWS does, and once. Write: replicas = [{ region = "eu-central-1" }].',
      },
      {
        condition:
          'alltrue([for copy in var.replicas : copy.kms_key_arn == null || can(regex("^arn:aws(-[a-z]+)*:kms:${copy.region}:[0-9]{12}:key/", copy.kms_key_arn))])',
        message: 'A copy is encrypted by a key of its own region, named by its ARN.',
      },
      {
        condition: '!contains(var.replicas[*].region, data.aws_region.current.id)',
        message: "The secret itself is in the provider's region. Leave that region out of replicas.",
      },
    ],
  },
  secret_recovery_days: {
    type: 'number',
    description:
      'How long a deleted secret can be restored; its name is taken for that long. 0: it is gone at once.',
    default: DEFAULT_SECRET_RECOVERY_DAYS,
    validations: [
      {
        condition: `var.secret_recovery_days == 0 || ${wholeNumber('secret_recovery_days', 7, 30)}`,
        message: 'secret_recovery_days is 0, or 7 to 30. Write: secret_recovery_days = 30.',
      },
    ],
  },
  rotate_every_days: {
    type: 'number',
    description:
      'The longest time from one rotation to the next; up to a tenth less, by the name, so that users made together part. Without it every second month, on a day and at an hour that come from the name.',
    default: null,
    validations: [
      {
        condition: `var.rotate_every_days == null || try(${wholeNumber('rotate_every_days', 1, 999)}, false)`,
        message: 'rotate_every_days is a whole number, 1 to 999. Write: rotate_every_days = 60.',
      },
      {
        condition: `${LEAST_GAP_DAYS} >= ${LIVES_DAYS}`,
        message:
          'From one rotation to the next there has to be time for overlap, grace period, window and a day. Rotate less often, or shorten overlap_hours or grace_period_days.',
      },
    ],
  },
  overlap_hours: {
    type: 'number',
    description:
      'How long the previous key stays usable after a rotation. 0: the rotation itself deactivates it.',
    default: 24,
    validations: [
      {
        condition: wholeNumber('overlap_hours', 0, 2400),
        message: 'overlap_hours is a whole number, 0 or more. Write: overlap_hours = 24.',
      },
    ],
  },
  grace_period_days: {
    type: 'number',
    description: 'How long the previous key is kept, deactivated, before it is deleted.',
    default: 7,
    validations: [
      {
        condition: wholeNumber('grace_period_days', 0, 365),
        message: 'grace_period_days is a whole number, 0 or more. Write: grace_period_days = 7.',
      },
    ],
  },
  maximum_key_age_days: {
    type: 'number',
    description: 'The policy: no key is usable for longer.',
    default: 90,
    validations: [
      {
        condition: `${MOST_GAP_DAYS} + (${WINDOW_HOURS} + var.overlap_hours) / 24 + 4 <= var.maximum_key_age_days`,
        message:
          'The longest time between two rotations, the window, the overlap and 4 days of reserve have to fit into maximum_key_age_days. Rotate more often, or raise it.',
      },
    ],
  },
  when_still_in_use: {
    type: 'string',
    description:
      'What becomes of a previous key that is still in use when its overlap is over. `hold`: it stays usable, and is reported, until the use ends. `retire`: it is deactivated all the same. Without it `hold`, or `retire` with an overlap under 6 hours.',
    default: null,
    validations: [
      {
        condition:
          'var.when_still_in_use == null || contains(["hold", "retire"], coalesce(var.when_still_in_use, "hold"))',
        message: 'when_still_in_use is hold or retire. Write: when_still_in_use = "hold".',
      },
      {
        condition: 'var.when_still_in_use != "hold" || var.overlap_hours >= 6',
        message:
          "AWS reports a key's use hours late, so hold needs an overlap of at least 6 hours. Write: overlap_hours = 24.",
      },
    ],
  },
  take_over: {
    type: 'list(string)',
    description:
      'Keys of the user that this product did not make and is to retire: their ids, or `["all"]`. Others are reported, and never changed.',
    default: [],
    validations: [
      {
        condition:
          'var.take_over == tolist(["all"]) || alltrue([for id in var.take_over : can(regex("^AKIA[A-Z0-9]{12,124}$", id))])',
        message: 'take_over is ["all"], or a list of access key ids, which begin with AKIA.',
      },
    ],
  },
  exemption: {
    type: 'object({ reason = string, until = string })',
    description:
      "No rotation and no retirement of the user's keys until then: why, and a moment in UTC such as `2027-01-31T00:00:00Z`.",
    default: null,
    validations: [
      {
        condition: 'var.exemption == null || can(regex("Z$", timeadd(var.exemption.until, "0s")))',
        message: 'until is a moment in UTC. Write: until = "2027-01-31T00:00:00Z".',
      },
      {
        condition: 'var.exemption == null || can(regex("^[^[:cntrl:]]{1,256}$", var.exemption.reason))',
        message: 'A reason is a text of 1 to 256 characters in one line.',
      },
    ],
  },
  ses_smtp_region: {
    type: 'string',
    description:
      'The region of SES whose SMTP password is stored with each key that is made from now on; without it none is.',
    default: null,
    validations: [
      {
        condition:
          'var.ses_smtp_region == null || can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]+$", var.ses_smtp_region))',
        message: 'A region is written as AWS does. Write: ses_smtp_region = "eu-west-1".',
      },
    ],
  },
  owner: {
    type: 'string',
    description:
      'The team or person that answers for the user; a tag of all that the module makes, and in messages.',
    default: null,
    validations: [
      {
        condition: 'var.owner == null || can(regex("^[0-9A-Za-z _.:/=+@-]{1,256}$", var.owner))',
        message: 'An owner is a text of 1 to 256 letters, digits, spaces and _.:/=+-@, as it becomes a tag.',
      },
    ],
  },
  tags: {
    type: 'map(string)',
    description: 'Tags of all that the module makes, besides those of the provider.',
    default: {},
  },
  decommission: {
    type: 'bool',
    description:
      'Announces that the module call will be removed. Removing a user takes two applies: this, then the call.',
    default: false,
  },
} as const satisfies Variables;

export const ROTATED_USER_VARIABLES = { ...NAMES, ...NEW_USER_VARIABLES, ...SHARED_VARIABLES };
export const ROTATED_EXISTING_USER_VARIABLES = {
  ...NAMES,
  ...EXISTING_USER_VARIABLES,
  ...SHARED_VARIABLES,
};
