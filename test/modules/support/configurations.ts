import type { StackConfiguration, UserConfiguration } from '../../../modules/config/configuration';
import { stackSchema } from '../../../modules/config/schema/stack';
import { userSchema } from '../../../modules/config/schema/user';

/** A user as `rotation.yaml` resolves it when only its key is given; what a test is about, it says itself. */
export function aUser(key: string, own: Partial<UserConfiguration> = {}): UserConfiguration {
  return {
    ...userSchema.omit({ acknowledgement: true }).parse({}),
    key,
    userName: key,
    inlinePolicies: {},
    replicas: [],
    deliver: [],
    schedule: { expression: 'cron(0 4 1 * ? *)', windowHours: 3, longestGapDays: 31, shortestGapDays: 28 },
    overlapSeconds: 86_400,
    gracePeriodSeconds: 604_800,
    maximumKeyAgeSeconds: 7_776_000,
    whenStillInUse: 'hold',
    ...own,
  };
}

/** A stack with these users and no wishes. */
export function aStack(
  users: readonly UserConfiguration[],
  own: Partial<StackConfiguration> = {},
): StackConfiguration {
  return {
    ...stackSchema.parse({ accountId: '111122223333', region: 'eu-west-1' }),
    name: 'production',
    partition: 'aws',
    stackPrefix: 'iam-key-rotation',
    secretPrefix: 'iam-key-rotation',
    sharded: false,
    logPolicy: 'own',
    backend: { kind: 'local', path: 'terraform-state/production.tfstate' },
    logRetentionDays: 90,
    auditTrail: { kind: 'none' },
    // As it is resolved: a user has the stack's key unless it has one of its own.
    users: users.map((user) => (own.kmsKeyArn === undefined ? user : { kmsKeyArn: own.kmsKeyArn, ...user })),
    ...own,
  };
}

/** A stack that asks for everything that can be asked for. */
export function aStackWithEverything(own: Partial<StackConfiguration> = {}): StackConfiguration {
  return aStack(
    [
      aUser('ci-deployer', {
        path: '/service/',
        policyArns: [
          'arn:aws:iam::aws:policy/ReadOnlyAccess',
          'arn:aws:iam::111122223333:policy/team/deploy',
        ],
        inlinePolicies: {
          'read-reports':
            '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::reports/${aws:username}/*"}}',
        },
        groups: ['deployers'],
        readers: ['arn:aws:iam::111122223333:role/ci', 'arn:aws:iam::444455556666:root'],
        selfRenewal: true,
        sesSmtp: { region: 'eu-central-1' },
        owner: 'platform-team',
        tags: { team: 'platform', cost: '42' },
        permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/users',
      }),
      aUser('legacy_mailer', { userName: 'legacy.mailer@example', existing: true, overlapSeconds: 0 }),
      aUser('backup', {
        decommission: true,
        kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/33333333-4444-5555-6666-777777777777',
        deliver: [
          {
            kind: 'secret',
            id: 'payments/env',
            fields: { AWS_ACCESS_KEY_ID: 'AccessKeyId' },
            kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/44444444-5555-6666-7777-888888888888',
          },
          { kind: 'parameter', name: '/payments/aws-key' },
        ],
      }),
    ],
    {
      deployRoleArn: 'arn:aws:iam::111122223333:role/terraform',
      kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555',
      permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/functions',
      rolePath: '/rotation/',
      vpc: {
        subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
        securityGroupIds: ['sg-0123456789abcdef0'],
      },
      logKmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/66666666-7777-8888-9999-000000000000',
      tags: { team: 'platform' },
      alerts: {
        emails: ['oncall@example.com', 'owner@example.com'],
        topicArns: ['arn:aws:sns:eu-west-1:111122223333:oncall'],
        runbookUrl: 'https://wiki.example.com/runbook',
        perFunctionAlarms: true,
        kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/22222222-3333-4444-5555-666666666666',
      },
      auditTrail: {
        kind: 'create',
        retentionDays: 365,
        kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
      },
      ...own,
    },
  );
}
