import * as z from 'zod';

import {
  ACCOUNT_ID,
  IAM_PATH,
  IAM_USER_NAME,
  KMS_KEY_ARN,
  LOG_RETENTION_DAYS,
  MOST_TAGS,
  POLICY_ARN,
  PREFIX,
  READER_ARN,
  REGION,
  ROLE_ARN,
  S3_BUCKET,
  STABLE_KEY,
  TAG_KEY,
  TAG_VALUE,
} from './aws-values';
import { DURATION_PATTERN } from './duration';
import { DEFAULT_PREFIX } from './names';

/*
 * The keys of rotation.yaml, each with its description, its rule and what to write instead: the one source of
 * the types, the errors, the JSON schema that editors complete from, and the README's table.
 *
 * Values are checked here one by one. What two values must be to each other is checked in `rules/`, because
 * zod stops at the first level, and we want all errors at once.
 */

/** How an error speaks of a key. */
export interface Wording {
  /** The rule, as a sentence without its full stop. */
  readonly rule: string;
  /** What to write instead; `found` is the text that stands in the file. */
  readonly write: (key: string, found: string | undefined) => string;
}

export const wordings = z.registry<Wording>();

interface About {
  readonly description: string;
  readonly rule: string;
  /** An example value, as it stands in the file; or what to write, from what was found. */
  readonly write: string | Wording['write'];
  /** What holds when the key is absent: a value, or words for the documentation. */
  readonly default?: unknown;
  readonly absent?: string;
}

/** zod copies a schema on `.meta()`, so the wording is attached to the copy. */
function key<S extends z.ZodType>(schema: S, about: About): S {
  const { write } = about;
  const described = schema.meta({
    description: about.description,
    ...(about.default === undefined ? {} : { default: about.default }),
    ...(about.absent === undefined ? {} : { absent: about.absent }),
  });
  wordings.add(described, {
    rule: about.rule,
    write: typeof write === 'string' ? (name) => `${name}: ${write}` : write,
  });
  return described;
}

const DURATION_RULE = 'a duration is a whole number with its unit: d (days), h (hours) or m (minutes)';

/** `90` becomes `90d` or `90h`, as is usual for the key; anything else becomes the example. */
const inUnit =
  (unit: string, example: string): Wording['write'] =>
  (name, found) =>
    `${name}: ${found !== undefined && /^\d+$/.test(found) ? `${found}${unit}` : example}`;

const duration = (about: { description: string; unit: string; default: string }) =>
  key(z.string().regex(DURATION_PATTERN), {
    description: about.description,
    default: about.default,
    rule: DURATION_RULE,
    write: inUnit(about.unit, about.default),
  });

const rotationKeys = {
  rotateEvery: key(z.string().regex(/^[1-9]\d{0,4}[dh]$/), {
    description:
      'The longest time from one rotation to the next, in days (`60d`) or hours (`36h`). Secrets Manager counts it from the last rotation and chooses the time of day (UTC). Up to a tenth sooner, depending on the stable key, so that users made together part.',
    absent: 'every second month (59 to 62 days apart), on a day and at an hour that depend on the stable key',
    rule: 'rotateEvery is a whole number of days or hours with its unit, d or h',
    write: inUnit('d', '60d'),
  }).optional(),
  schedule: key(z.string(), {
    description:
      'Instead of `rotateEvery`: a schedule of one’s own, in UTC, as Secrets Manager writes it: `cron(0 4 1 * ? *)` (six fields, on the hour) or `rate(60 days)`.',
    absent: 'see `rotateEvery`',
    rule: 'a schedule is a text: a cron() or rate() expression of Secrets Manager',
    write: 'cron(0 4 1 * ? *)',
  }).optional(),
  window: key(z.string().regex(/^([1-9]|1\d|2[0-4])h$/), {
    description:
      'How long after its scheduled start a rotation may begin, in whole hours, until midnight (UTC) at the latest. With `rotateEvery` it starts at midnight (UTC).',
    absent: '`3h`; with `rotateEvery` and `rate()` the whole day, `24h`',
    rule: 'a window is 1h to 24h, in whole hours',
    write: inUnit('h', '3h'),
  }).optional(),
  overlap: duration({
    description:
      'How long the previous key stays usable after a rotation. `0h`: the rotation itself deactivates it. Longer than any cache of the applications.',
    unit: 'h',
    default: '24h',
  }).optional(),
  gracePeriod: duration({
    description: 'How long the previous key is kept, deactivated, before it is deleted.',
    unit: 'd',
    default: '7d',
  }).optional(),
  maximumKeyAge: duration({
    description:
      'The policy: no key is usable for longer. The file is refused unless the longest time between two rotations, window, overlap and 4 days of reserve fit in it.',
    unit: 'd',
    default: '90d',
  }).optional(),
};

const defaultsSchema = key(z.strictObject(rotationKeys), {
  description: 'What holds for every user of every stack that says nothing else.',
  absent: 'the defaults below',
  rule: 'defaults is a map with the keys rotateEvery, schedule, window, overlap, gracePeriod, maximumKeyAge',
  write: () => 'remove the key, or give it at least one of these, such as overlap: 24h',
});

/** Tag maps are wide open in JSON schema's eyes, so that the pattern of the keys is said by `propertyNames`. */
const tags = (description: string) =>
  key(
    z
      .record(
        z.string(),
        key(z.string().regex(TAG_VALUE), {
          description: 'A tag’s value.',
          rule: "a tag's value has 1 to 256 letters, digits, spaces and _.:/=+-@; an empty one is refused because it makes Terraform's AWS provider drop other tags",
          write: (name, found) =>
            found !== undefined && /^[\w.:/=+@-]+$/.test(found)
              ? `${name}: "${found}"`
              : `${name}: some-value`,
        }),
      )
      .refine((map) => Object.keys(map).length <= MOST_TAGS)
      .meta({ propertyNames: { pattern: TAG_KEY.source } }),
    {
      description,
      absent: 'none',
      rule: `tags is a map of up to ${MOST_TAGS} texts`,
      write: () => 'tags: { team: platform }',
    },
  );

const permissionsBoundaryArn = (description: string) =>
  key(z.string().regex(POLICY_ARN), {
    description,
    absent: 'none',
    rule: 'a permissions boundary is the ARN of a managed policy',
    write: 'arn:aws:iam::111122223333:policy/boundary',
  });

const kmsKeyArn = (description: string, absent: string) =>
  key(z.string().regex(KMS_KEY_ARN), {
    description,
    absent,
    rule: 'a KMS key is named by the ARN of the key itself; an alias or a bare key id is not enough',
    write: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  });

const iamPath = (description: string) =>
  key(z.string().regex(IAM_PATH), {
    description,
    default: '/',
    rule: "an IAM path begins and ends with '/' and has at most 512 characters, without spaces",
    write: (name, found) => {
      const repaired = `/${(found ?? '').replace(/^\/+|\/+$/g, '')}/`;
      return `${name}: ${IAM_PATH.test(repaired) && repaired !== '//' ? repaired : '/service/'}`;
    },
  });

const roleArn = (description: string, absent: string) =>
  key(z.string().regex(ROLE_ARN), {
    description,
    absent,
    rule: 'a role is named by its ARN',
    write: 'arn:aws:iam::111122223333:role/terraform',
  });

const region = (description: string) =>
  key(z.string().regex(REGION), {
    description,
    rule: 'a region is the short name of an AWS region',
    write: 'eu-west-1',
  });

/** `yes`, `on` and the like are texts in YAML 1.2. */
const flag = (description: string) =>
  key(z.boolean(), {
    description,
    default: false,
    rule: 'a yes or no is written true or false, without quotes',
    write: (name, found) => `${name}: ${/^(no|off|false|n|0)$/i.test(found ?? '') ? 'false' : 'true'}`,
  });

const userSchema = key(
  z.strictObject({
    userName: key(z.string().regex(IAM_USER_NAME), {
      description: 'The IAM user’s name.',
      absent: 'the stable key',
      rule: 'an IAM user name has 1 to 64 letters, digits and +=,.@_-',
      write: (name, found) =>
        found !== undefined && IAM_USER_NAME.test(found) ? `${name}: "${found}"` : `${name}: legacy.mailer`,
    }).optional(),
    existing: flag(
      'The IAM user is there already: it is taken over, and neither created nor changed nor deleted.',
    ).optional(),
    decommission: flag(
      'Announces that the entry will be removed. Removing a user takes two applies: this, then the entry.',
    ).optional(),
    path: iamPath('The IAM user’s path.').optional(),
    policyArns: key(
      z
        .array(
          key(z.string().regex(POLICY_ARN), {
            description: 'ARN of a managed policy.',
            rule: 'a policy is named by the ARN of a managed policy',
            write: () => 'arn:aws:iam::aws:policy/ReadOnlyAccess, or one of your own account',
          }),
        )
        .max(20),
      {
        description:
          'Managed policies to attach to the IAM user: what its key may do. IAM allows 10, on request 20.',
        absent: 'none',
        rule: 'policyArns is a list of up to 20 policy ARNs',
        write: '[arn:aws:iam::aws:policy/ReadOnlyAccess]',
      },
    ).optional(),
    readers: key(
      z
        .array(
          key(z.string().regex(READER_ARN), {
            description: 'ARN of a role, a user or (`:root`) an account.',
            rule: 'a reader is the ARN of a role, of a user, or of an account (:root), without wildcards',
            write: (_name, found) =>
              found !== undefined && ACCOUNT_ID.test(found)
                ? `arn:aws:iam::${found}:root`
                : 'arn:aws:iam::111122223333:role/ci',
          }),
        )
        .max(50),
      {
        description:
          'Who may read the secret, beside those whom their own policies allow it. In another account they need `kmsKeyArn`.',
        absent: 'none',
        rule: 'readers is a list of up to 50 ARNs of roles, users or accounts',
        write: '[arn:aws:iam::111122223333:role/ci]',
      },
    ).optional(),
    owner: key(z.string().regex(TAG_VALUE), {
      description: 'The team or person that answers for the user; a tag on everything made for it.',
      absent: 'none',
      rule: 'an owner is a text of 1 to 256 letters, digits, spaces and _.:/=+-@, as it becomes a tag',
      write: (name, found) =>
        found !== undefined && /^[\w.:/=+@-]+$/.test(found)
          ? `${name}: "${found}"`
          : `${name}: platform-team`,
    }).optional(),
    tags: tags('Tags of the IAM user, its secret and its function; they win over the stack’s.').optional(),
    permissionsBoundaryArn: permissionsBoundaryArn('The IAM user’s permissions boundary.').optional(),
    ...rotationKeys,
  }),
  {
    description:
      'A rotated user. Its key in the file is its stable key: everything made for it is named after it.',
    rule: 'a user is a map; {} if nothing more is to be said',
    write: '{}',
  },
);

const s3BackendSchema = key(
  z.strictObject({
    bucket: key(z.string().regex(S3_BUCKET), {
      description: 'The bucket; it has to be there already.',
      rule: "a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens",
      write: 'tf-state',
    }),
    key: key(z.string().regex(/^[^/\s][^\s]{0,1022}$/), {
      description: 'The object that holds the state; no two stacks share it.',
      rule: "the state's object key is a text without spaces that does not begin with '/'",
      write: 'iam-key-rotation/production.tfstate',
    }),
    region: region('The region of the bucket.'),
    useLockfile: key(z.boolean(), {
      description: 'Lock the state by a file beside it (Terraform 1.10 and newer).',
      default: true,
      rule: 'a yes or no is written true or false, without quotes',
      write: 'true',
    }).optional(),
    kmsKeyId: kmsKeyArn('Encrypts the state.', 'the bucket’s own encryption').optional(),
    roleArn: roleArn(
      'The role to reach the bucket with.',
      'the credentials that Terraform runs with',
    ).optional(),
  }),
  {
    description: 'State in S3, always encrypted.',
    rule: 's3 is a map with bucket, key and region',
    write: '{ bucket: tf-state, key: iam-key-rotation/production.tfstate, region: eu-west-1 }',
  },
);

const localBackendSchema = key(
  z.strictObject({
    path: key(z.string().regex(/^[^\0\s][^\0\n]{0,1023}$/), {
      description: 'The state file, relative to the project’s folder.',
      absent: '`terraform-state/<stack>.tfstate`',
      rule: 'a path is a text',
      write: 'terraform-state/production.tfstate',
    }).optional(),
  }),
  {
    description: 'State in a local file: to try it out, not for a team.',
    rule: 'local is a map with a path; {} for the default path',
    write: '{ path: terraform-state/production.tfstate }',
  },
);

const stackSchema = key(
  z.strictObject({
    accountId: key(z.string().regex(ACCOUNT_ID), {
      description: 'The AWS account; Terraform refuses to work in any other.',
      rule: 'an account id is 12 digits in quotes; without quotes YAML reads a number, and leading zeros are lost',
      write: (name, found) =>
        `${name}: "${found !== undefined && ACCOUNT_ID.test(found) ? found : '111122223333'}"`,
    }),
    region: region('The AWS region of the secrets and functions.'),
    prefix: key(z.string().regex(PREFIX).min(3), {
      description: 'What all names of the stack begin with. Two stacks of one account differ in it.',
      default: DEFAULT_PREFIX,
      rule: 'a prefix begins with a letter and has letters, digits, _ and -, at least 3 of them',
      write: DEFAULT_PREFIX,
    }).optional(),
    deployRoleArn: roleArn(
      'The role that Terraform assumes to apply the stack.',
      'the credentials that Terraform runs with',
    ).optional(),
    backend: key(z.strictObject({ s3: s3BackendSchema.optional(), local: localBackendSchema.optional() }), {
      description: 'Where Terraform keeps the state.',
      absent: 'local, in `terraform-state/<stack>.tfstate`',
      rule: 'a backend is either s3 or local',
      write: '{ s3: { bucket: tf-state, key: iam-key-rotation/production.tfstate, region: eu-west-1 } }',
    }).optional(),
    functions: key(z.enum(['per-user', 'shared']), {
      description:
        '`per-user`: one rotation function for each user, whose role can touch that user alone. `shared`: one for all users of the stack.',
      default: 'per-user',
      rule: 'functions is per-user or shared',
      write: 'per-user',
    }).optional(),
    kmsKeyArn: kmsKeyArn(
      'The customer key that encrypts the secrets; needed for readers in other accounts.',
      'the account’s `aws/secretsmanager` key',
    ).optional(),
    permissionsBoundaryArn: permissionsBoundaryArn(
      'The permissions boundary of the functions’ roles.',
    ).optional(),
    rolePath: iamPath('The IAM path of the functions’ roles.').optional(),
    tags: tags('Tags of everything in the stack.').optional(),
    logRetentionDays: key(z.literal(LOG_RETENTION_DAYS), {
      description: 'How long the functions’ logs are kept.',
      default: 365,
      rule: `CloudWatch Logs keeps logs for one of these numbers of days: ${LOG_RETENTION_DAYS.join(', ')}`,
      write: (name, found) => {
        const days = Number.parseInt(found ?? '', 10);
        const next = LOG_RETENTION_DAYS.find((allowed) => allowed >= days);
        return `${name}: ${next ?? 365}`;
      },
    }).optional(),
    logKmsKeyArn: kmsKeyArn(
      'The customer key that encrypts the logs.',
      'CloudWatch Logs’ own key',
    ).optional(),
    protection: key(z.enum(['on', 'off']), {
      description:
        '`off` lifts the guard against removing a user unannounced, and the table’s deletion protection: for throw-away stacks.',
      default: 'on',
      rule: 'protection is on or off',
      write: (name, found) => `${name}: ${/^(no|off|false)$/i.test(found ?? '') ? 'off' : 'on'}`,
    }).optional(),
    secretRecoveryDays: key(
      z.literal([0, 7, 8, 9, ...Array.from({ length: 21 }, (_, index) => 10 + index)] as number[]),
      {
        description:
          'How long a deleted secret can be restored; its name is taken for that long. 0: it is gone at once.',
        default: 30,
        rule: 'secretRecoveryDays is a number without unit: 0, or 7 to 30',
        write: '30',
      },
    ).optional(),
    users: key(z.record(z.string(), userSchema).meta({ propertyNames: { pattern: STABLE_KEY.source } }), {
      description: 'The rotated users, by stable key.',
      rule: 'users is a map of users; {} if there are none',
      write: () => 'users: {}, or a user below it, such as ci-deployer: {}',
    }),
  }),
  {
    description: 'One Terraform stack: an account, a region, a state.',
    rule: 'a stack is a map with accountId, region and users',
    write: '{ accountId: "111122223333", region: eu-west-1, users: { ci-deployer: {} } }',
  },
);

export const configurationSchema = key(
  z.strictObject({
    defaults: defaultsSchema.optional(),
    stacks: key(z.record(z.string(), stackSchema).meta({ propertyNames: { pattern: STABLE_KEY.source } }), {
      description: 'The Terraform stacks, by name.',
      rule: 'stacks is a map of one or more stacks',
      write: () => 'stacks:, and below it a stack such as production: with accountId, region and users',
    }),
  }),
  {
    description: 'The configuration of iam-key-rotation.',
    rule: 'the file is a map with the key stacks and, if wanted, defaults',
    write: () => 'stacks:, and below it a stack such as production: with accountId, region and users',
  },
);

export type RawConfiguration = z.output<typeof configurationSchema>;
export type RawStack = z.output<typeof stackSchema>;
export type RawUser = z.output<typeof userSchema>;
export type RawRotation = z.output<typeof defaultsSchema>;
