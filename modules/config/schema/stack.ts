import * as z from 'zod';

import { ACCOUNT_ID, EXTERNAL_ID, LOG_RETENTION_DAYS, PREFIX, SESSION_NAME } from '../../aws/aws-values';
import { DEFAULT_PREFIX } from '../../aws/names';
import { alertsSchema } from './alerts';
import { httpBackendSchema, localBackendSchema, s3BackendSchema } from './backend';
import { include } from './include';
import { stackDefaultsSchema } from './rotation';
import { shardsSchema } from './shards';
import { usersSchema } from './users';
import { iamPath, kmsKeyArn, permissionsBoundaryArn, region, replicaRegions, roleArn, tags } from './values';
import { key } from './wording';

export const metricsSchema = key(
  z.strictObject({
    perUser: key(z.boolean(), {
      description:
        'Ages, holds and findings of each user as metrics of its own, beside those of the stack: 8 custom metrics per user.',
      default: false,
      rule: 'a yes or no is written true or false, without quotes',
      write: 'true',
    }).optional(),
  }),
  {
    description: 'What the functions measure.',
    absent: 'metrics of the stack alone, as many for one user as for a thousand',
    rule: 'metrics is a map with perUser',
    write: '{ perUser: true }',
  },
);

export const stackSchema = key(
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
    deployRoleExternalId: key(z.string().regex(EXTERNAL_ID), {
      description: "The external id that the deploy role's trust policy asks for. It is no secret.",
      absent: 'none',
      rule: 'an external id is a text of 2 to 1224 letters, digits and +=,.@:/_-',
      write: 'platform-team',
    }).optional(),
    deployRoleSessionName: key(z.string().regex(SESSION_NAME), {
      description:
        'The name of the session that Terraform opens with the deploy role, as CloudTrail shows it.',
      absent: 'one that the AWS provider makes up',
      rule: 'a session name is a text of 2 to 64 letters, digits and +=,.@_-',
      write: 'iam-key-rotation',
    }).optional(),
    backend: key(
      z.strictObject({
        s3: s3BackendSchema.optional(),
        http: httpBackendSchema.optional(),
        local: localBackendSchema.optional(),
      }),
      {
        description: 'Where Terraform keeps the state.',
        absent: 'local, in `terraform-state/<stack>.tfstate`',
        rule: 'a backend is one of s3, http and local',
        write: '{ s3: { bucket: tf-state, key: iam-key-rotation/production.tfstate, region: eu-west-1 } }',
      },
    ).optional(),
    functions: key(z.enum(['per-user', 'shared']), {
      description:
        '`per-user`: one rotation function for each user, whose role can touch that user alone. `shared`: one for all users of the stack.',
      default: 'per-user',
      rule: 'functions is per-user or shared',
      write: 'per-user',
    }).optional(),
    kmsKeyArn: kmsKeyArn(
      'The customer key that encrypts the secrets; needed for readers in other accounts.',
      "the account's `aws/secretsmanager` key",
    ).optional(),
    replicaRegions: replicaRegions(
      'Further regions that get a copy of every secret of the stack, to be read there. Rotation happens in `region` alone.',
    ).optional(),
    permissionsBoundaryArn: permissionsBoundaryArn(
      "The permissions boundary of the functions' roles.",
    ).optional(),
    rolePath: iamPath("The IAM path of the functions' roles.").optional(),
    tags: tags('Tags of everything in the stack.').optional(),
    logRetentionDays: key(z.literal(LOG_RETENTION_DAYS), {
      description: "How long the functions' logs are kept.",
      default: 365,
      rule: `logRetentionDays is a number without quotes, one that CloudWatch Logs offers: ${LOG_RETENTION_DAYS.join(', ')}`,
      write: (name, found) => {
        const days = Number.parseInt(found ?? '', 10);
        const next = LOG_RETENTION_DAYS.find((allowed) => allowed >= days);
        return `${name}: ${next ?? 365}`;
      },
    }).optional(),
    logKmsKeyArn: kmsKeyArn(
      'The customer key that encrypts the logs.',
      "CloudWatch Logs' own key",
    ).optional(),
    protection: key(z.enum(['on', 'off']), {
      description:
        "`off` lifts the guard against removing a user unannounced, and the table's deletion protection: for throw-away stacks.",
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
        rule: 'secretRecoveryDays is a number without unit and quotes: 0, or 7 to 30',
        write: '30',
      },
    ).optional(),
    retirement: key(z.enum(['act', 'report']), {
      description:
        '`report`: the retirement function decides and reports, and changes nothing: to see what it would do in an account.',
      default: 'act',
      rule: 'retirement is act or report',
      write: (name, found) => `${name}: ${/^(no|off|false|dry.*)$/i.test(found ?? '') ? 'report' : 'act'}`,
    }).optional(),
    maximumDeletionsPerRun: key(z.number().int().min(1).max(5000), {
      description:
        'How many keys one run of the retirement function, every hour, deletes at most; the others wait for the next run.',
      default: 25,
      rule: 'maximumDeletionsPerRun is a whole number without quotes, 1 to 5000',
      write: (name, found) => `${name}: ${/^[1-9]\d{0,2}$/.test(found ?? '') ? found : '25'}`,
    }).optional(),
    metrics: metricsSchema.optional(),
    alerts: alertsSchema.optional(),
    auditTrail: key(z.enum(['none', 'existing', 'create']), {
      description:
        "What CloudTrail is to do. `existing`: the account has a trail that logs management events in all regions (most organisations' accounts have), so suspicious acts on rotated users and secrets are reported. `create`: a trail and its bucket are made, too. `none`: nothing is built on a trail. See [docs/audit.md](docs/audit.md).",
      default: 'none',
      rule: 'auditTrail is none, existing or create',
      write: (name, found) =>
        `${name}: ${/^(yes|on|true|new|make.*)$/i.test(found ?? '') ? 'create' : 'none'}`,
    }).optional(),
    auditRetentionDays: key(z.number().int().min(90).max(3653), {
      description:
        'With `auditTrail: create`: how long its records are kept, 90 to 3653 days. The default is a year and a month, so that a yearly audit sees the whole year.',
      default: 400,
      rule: 'auditRetentionDays is a whole number without quotes, 90 to 3653',
      write: '400',
    }).optional(),
    auditKmsKeyArn: kmsKeyArn(
      'With `auditTrail: create`: the customer key that encrypts the records. Its key policy has to admit CloudTrail.',
      "S3's own encryption",
    ).optional(),
    dashboard: key(z.boolean(), {
      description:
        'A CloudWatch dashboard that says at one look whether all is well. CloudWatch charges for an account’s fourth dashboard and those after it.',
      default: true,
      rule: 'a yes or no is written true or false, without quotes',
      write: (name, found) => `${name}: ${/^(no|off|false|n|0)$/i.test(found ?? '') ? 'false' : 'true'}`,
    }).optional(),
    defaults: stackDefaultsSchema.optional(),
    users: usersSchema.optional(),
    include: include(
      "Files that each hold more of the stack's `users`, so that every team has its own. Paths from the folder of this file; `*` stands for any part of a name.",
      'teams/*.yaml',
    ).optional(),
    shards: shardsSchema.optional(),
  }),
  {
    description: 'One Terraform stack: an account, a region, a state.',
    rule: 'a stack is a map with accountId, region and users',
    write: '{ accountId: "111122223333", region: eu-west-1, users: { ci-deployer: {} } }',
  },
);

export type RawStack = z.output<typeof stackSchema>;
