import type * as z from 'zod';

import { ON_LEAK } from '../../../contract/leaks';
import { STABLE_KEY } from '../../../contract/stable-key';
import {
  ACCOUNT_ID,
  EXTERNAL_ID,
  LOG_RETENTION_DAYS,
  PREFIX,
  SECRET_PREFIX,
  SESSION_NAME,
} from '../../aws/aws-values';
import {
  DEFAULT_AUDIT_RETENTION_DAYS,
  DEFAULT_LOG_RETENTION_DAYS,
  DEFAULT_MAXIMUM_DELETIONS_PER_RUN,
  DEFAULT_SECRET_RECOVERY_DAYS,
} from '../../aws/default-values';
import { DEFAULT_PREFIX } from '../../aws/names';
import {
  DEFAULT_FUNCTION_ARCHITECTURE,
  DEFAULT_FUNCTION_RUNTIME,
  FUNCTION_ARCHITECTURES,
  FUNCTION_RUNTIMES,
} from '../../node-function/lambda-runtime';
import { alertsSchema } from './alerts';
import { allowSchema } from './allow';
import {
  iamPath,
  ignoreTags,
  kmsKeyArn,
  permissionsBoundaryArn,
  region,
  replicaRegions,
  roleArn,
  tags,
} from './aws-keys';
import { backendSchema } from './backend';
import { choice, flag, map, numberAmong, text, wholeNumber } from './builders';
import type { Condition } from './description';
import { include } from './include';
import { stackDefaultsSchema } from './rotation';
import { shardsSchema } from './shards';
import { usersSchema } from './users';
import { vpcSchema } from './vpc';

const metricsSchema = map(
  {
    perUser: flag({
      description:
        'Ages, holds and findings of each user as metrics of its own, beside those of the stack: 8 custom metrics per user.',
    }).default(false),
  },
  {
    description: 'What the functions measure.',
    absent: 'metrics of the stack alone, as many for one user as for a thousand',
    example: '{ perUser: true }',
  },
);

const IF_TRAIL_IS_MADE: Condition = {
  key: 'auditTrail',
  isMet: (auditTrail) => auditTrail === 'create',
  rule: (name) => `${name} is about the trail that auditTrail: create makes, and this stack makes none`,
  write: (name) => `auditTrail: create, or no ${name}`,
};

const IF_LEAKS_ARE_ANSWERED: Condition = {
  key: 'onLeak',
  isMet: (onLeak) => onLeak === 'replace',
  rule: (name) =>
    `${name} names the user for drills of what onLeak: replace does, and this stack replaces no leaked key`,
  write: (name) => `onLeak: replace, or no ${name}`,
};

export const stackSchema = map(
  {
    accountId: text(ACCOUNT_ID, {
      description: 'The AWS account; Terraform refuses to work in any other.',
      type: '12 digits in quotes',
      rule: 'an account id is 12 digits in quotes; without quotes YAML reads a number, and leading zeros are lost',
      example: '"111122223333"',
    }),
    region: region('The AWS region of the secrets and functions.'),
    prefix: text(PREFIX, {
      description:
        'What all names of the stack begin with; those of secrets only without `secretPrefix`. Two stacks of one account differ in it. It never changes on a live stack.',
      rule: 'a prefix begins with a letter and has letters, digits, _ and -, at least 3 of them',
      example: DEFAULT_PREFIX,
      repair: (found) => found.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z]+/, ''),
    }).default(DEFAULT_PREFIX),
    secretPrefix: text(SECRET_PREFIX, {
      description:
        'What the names of the secrets begin with: `<secretPrefix>/<stable key>`. It may have slashes, where your organisation prescribes names, as in `prod/payments`. Two stacks of one account differ in it, and none begins with that of another. Another one makes other secrets: never change it while there are users.',
      absent: 'the `prefix`',
      rule: 'a prefix of secrets has 3 to 100 letters, digits and _+=.@-, in parts that single slashes separate; it begins and ends without a slash',
      example: 'prod/payments',
      repair: (found) => found.split('/').filter(Boolean).join('/'),
    }).optional(),
    deployRoleArn: roleArn(
      'The role that Terraform assumes to apply the stack.',
      'the credentials that Terraform runs with',
      { what: 'the role', sameAccount: true },
    ).optional(),
    deployRoleExternalId: text(EXTERNAL_ID, {
      description: "The external id that the deploy role's trust policy asks for. It is no secret.",
      absent: 'none',
      rule: 'an external id is a text of 2 to 1224 letters, digits and +=,.@:/_-',
      example: 'platform-team',
    }).optional(),
    deployRoleSessionName: text(SESSION_NAME, {
      description:
        'The name of the session that Terraform opens with the deploy role, as CloudTrail shows it.',
      absent: 'one that the AWS provider makes up',
      rule: 'a session name is a text of 2 to 64 letters, digits and +=,.@_-',
      example: 'iam-key-rotation',
    }).optional(),
    backend: backendSchema.optional(),
    functions: choice(['per-user', 'shared'], {
      description:
        '`per-user`: one rotation function for each user, whose role can touch that user alone. `shared`: one for all users of the stack.',
    }).default('per-user'),
    functionRuntime: choice(FUNCTION_RUNTIMES, {
      description:
        'What the functions run on. AWS deprecates `nodejs22.x` on 2027-04-30. `nodejs24.x` needs version 6.21.0 of the AWS provider, or a newer one, and asks for it.',
      alsoMeans: { 'nodejs22.x': /^(node(js)?)?22/i, 'nodejs24.x': /^(node(js)?)?24/i },
    }).default(DEFAULT_FUNCTION_RUNTIME),
    functionArchitecture: choice(FUNCTION_ARCHITECTURES, {
      description:
        'The processors that the functions run on. `x86_64` for regions where Lambda has no `arm64`, or where it must not be used.',
      alsoMeans: { arm64: /^(arm|aarch64|graviton)/i, x86_64: /^(x86|x64|amd64|intel)/i },
    }).default(DEFAULT_FUNCTION_ARCHITECTURE),
    vpc: vpcSchema.optional(),
    kmsKeyArn: kmsKeyArn({
      description: 'The customer key that encrypts the secrets; needed for readers in other accounts.',
      absent: "the account's `aws/secretsmanager` key",
      sameRegion: 'stack',
    }).optional(),
    replicaRegions: replicaRegions(
      'Further regions that get a copy of every secret of the stack, to be read there. Rotation happens in `region` alone.',
      'none',
    ).optional(),
    permissionsBoundaryArn: permissionsBoundaryArn({
      description: "The permissions boundary of the functions' roles.",
    }).optional(),
    rolePath: iamPath({ description: "The IAM path of the functions' roles." }).default('/'),
    tags: tags('Tags of everything in the stack.').default({}),
    ignoreTags: ignoreTags.optional(),
    logRetentionDays: numberAmong(LOG_RETENTION_DAYS, {
      description: "How long the functions' logs are kept.",
      offeredBy: 'CloudWatch Logs',
    }).default(DEFAULT_LOG_RETENTION_DAYS),
    logKmsKeyArn: kmsKeyArn({
      description: 'The customer key that encrypts the logs.',
      absent: "CloudWatch Logs' own key",
      sameRegion: 'stack',
    }).optional(),
    protection: choice(['on', 'off'], {
      description:
        "`off` lifts the guard against removing a user unannounced, and the table's deletion protection: for throw-away stacks.",
      alsoMeans: { off: /^(no|false)$/i, on: /^(yes|true)$/i },
    })
      .default('on')
      .transform((word) => word === 'on'),
    secretRecoveryDays: wholeNumber({
      description:
        'How long a deleted secret can be restored, in days; its name is taken for that long. 0: it is gone at once.',
      from: 7,
      to: 30,
      or: 0,
    }).default(DEFAULT_SECRET_RECOVERY_DAYS),
    retirement: choice(['act', 'report'], {
      description:
        '`report`: the retirement function decides and reports, and changes nothing: to see what it would do in an account.',
      alsoMeans: { report: /^(no|off|false|dry.*)$/i },
    }).default('act'),
    maximumDeletionsPerRun: wholeNumber({
      description:
        'How many keys one run of the retirement function, every hour, deletes at most; the others wait for the next run.',
      from: 1,
      to: 5000,
    }).default(DEFAULT_MAXIMUM_DELETIONS_PER_RUN),
    onLeak: choice(ON_LEAK, {
      description:
        'What happens when AWS reports that a key leaked. `notify`: people are told. `replace`: the key of a rotated user is also replaced at once and made Inactive. See docs/leaks.md.',
      alsoMeans: { replace: /^(yes|true|on|rotate|emergency)$/i, notify: /^(no|false|off|tell)$/i },
    }).default('notify'),
    leakDrill: text(STABLE_KEY, {
      description:
        'With `onLeak: replace`: the stable key of the one user for drills, in which `drill leak` plays a leak. Its key is then really replaced, and whoever may put events on the default bus can ask for that, so take a user whose key nobody needs. See docs/leaks.md.',
      type: 'Stable key of a user of the stack',
      absent: 'none: there are no drills',
      onlyIf: IF_LEAKS_ARE_ANSWERED,
      rule: 'the user for drills is named by its stable key, as it stands under users',
      example: 'leak-drills',
    }).optional(),
    metrics: metricsSchema.prefault({}),
    alerts: alertsSchema.prefault({}),
    auditTrail: choice(['none', 'existing', 'create'], {
      description:
        "What CloudTrail is to do. `existing`: the account has a trail that logs management events in all regions (most organisations' accounts have), so suspicious acts on rotated users and secrets are reported. `create`: a trail and its bucket are made, too. `none`: nothing is built on a trail. See docs/audit.md.",
      alsoMeans: { create: /^(yes|on|true|new|make.*)$/i, none: /^(no|off|false)$/i },
    }).default('none'),
    auditRetentionDays: wholeNumber({
      description:
        'With `auditTrail: create`: how long its records are kept, in days. The default is a year and a month, so that a yearly audit sees the whole year.',
      onlyIf: IF_TRAIL_IS_MADE,
      from: 90,
      to: 3653,
    }).default(DEFAULT_AUDIT_RETENTION_DAYS),
    auditKmsKeyArn: kmsKeyArn({
      description:
        'With `auditTrail: create`: the customer key that encrypts the records. Its key policy has to admit CloudTrail.',
      absent: "S3's own encryption",
      onlyIf: IF_TRAIL_IS_MADE,
      sameRegion: 'stack',
    }).optional(),
    dashboard: flag({
      description:
        'A CloudWatch dashboard that says at one look whether all is well. CloudWatch charges for an account’s fourth dashboard and those after it.',
    }).default(true),
    defaults: stackDefaultsSchema.optional(),
    users: usersSchema.optional(),
    include: include(
      "Files that each hold more of the stack's `users`, so that every team has its own. Paths from the folder of this file; `*` stands for any part of a name.",
      'teams/*.yaml',
    ).optional(),
    allow: allowSchema.optional(),
    shards: shardsSchema.optional(),
  },
  {
    description: 'One Terraform stack: an account, a region, a state.',
    rule: 'a stack is a map with accountId, region and users',
    example: '{ accountId: "111122223333", region: eu-west-1, users: { ci-deployer: {} } }',
  },
);

/** As it is written. */
export type RawStack = z.input<typeof stackSchema>;
