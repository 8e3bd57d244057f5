import { stringify } from 'yaml';

import manifest from '../../package.json';
import { parseConfiguration } from '../../modules/config/parse-configuration';
import { aStackWithEverything } from '../modules/support/configurations';
import { synthesize } from '../modules/support/synthesize';
import { textOf } from './support/repository';

const PAGE = textOf('docs/security.md');

interface Row {
  readonly rules: readonly string[];
  readonly result: string;
  readonly why: string;
}

const rows: readonly Row[] = (PAGE.split('<!-- scanners:start -->')[1] ?? '')
  .split('<!-- scanners:end -->')[0]!
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:rules|-)/.test(line))
  .map((line) => {
    const [, rules = '', , result = '', why = ''] = line.split('|').map((cell) => cell.trim());
    return { rules: rules.split(', '), result, why };
  });
const rowsWith = (result: string): readonly string[] =>
  rows.filter((row) => row.result === result).map(({ rules: [first] }) => first!);

type Arguments = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, Readonly<Record<string, Arguments>>>>;

interface Check {
  readonly types: readonly string[];
  /** Whether a resource of these types fits the rule. */
  readonly holds: (resource: Arguments, all: Resources, name: string) => boolean;
  /** What makes it break the rule: a check that finds nothing then would find nothing ever. */
  readonly broken: Arguments;
  /** Where one that is left out, and not one that is otherwise, breaks the rule. */
  readonly takenOut?: string;
}

interface Statement {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, unknown>>;
}

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;
const statementsOf = (document: unknown): readonly Statement[] => {
  const { Statement } = JSON.parse(String(document)) as {
    readonly Statement: Statement | readonly Statement[];
  };
  return Array.isArray(Statement) ? (Statement as readonly Statement[]) : [Statement as Statement];
};
const allowing = (document: unknown): readonly Statement[] =>
  statementsOf(document).filter(({ Effect }) => Effect === 'Allow');
const isForAnybody = ({ Principal, Condition }: Statement): boolean =>
  JSON.stringify(Principal ?? '').includes('"*"') && Condition === undefined;
const deniesWithoutTls = (document: unknown): boolean =>
  statementsOf(document).some(
    ({ Effect, Condition }) =>
      Effect === 'Deny' && JSON.stringify(Condition ?? '').includes('aws:SecureTransport'),
  );
const policy = (...statements: readonly object[]): string => JSON.stringify({ Statement: statements });
const isSet = (value: unknown): boolean => value !== undefined && value !== '' && value !== null;
const hasOwnKey = (value: unknown): boolean => String(value).startsWith('arn:');
const settingsIn = (item: unknown): Readonly<Record<string, { readonly N?: string }>> =>
  JSON.parse(String(item)) as Readonly<Record<string, { readonly N?: string }>>;
const ANYBODY = policy({ Effect: 'Allow', Action: 'sns:Publish', Principal: '*', Resource: '*' });
const QUARTER_SECONDS = 90 * 86_400;

const MET: Readonly<Record<string, Check>> = {
  'IAM.1': {
    types: ['aws_iam_role_policy'],
    holds: ({ policy: document }) =>
      allowing(document).every(({ Action }) => listOf(Action).every((action) => !action.endsWith('*'))),
    broken: { policy: policy({ Effect: 'Allow', Action: 'iam:*', Resource: '*' }) },
  },
  'IAM.3': {
    types: ['aws_dynamodb_table_item'],
    holds: ({ item }) => Number(settingsIn(item)['maximumKeyAgeSeconds']?.N) <= QUARTER_SECONDS,
    broken: { item: JSON.stringify({ maximumKeyAgeSeconds: { N: '31536000' } }) },
  },
  CKV_AWS_60: {
    types: ['aws_iam_role'],
    holds: ({ assume_role_policy: document }) =>
      allowing(document).every(({ Principal }) =>
        /^\{"Service":"[a-z]+\.amazonaws\.com"\}$/.test(JSON.stringify(Principal)),
      ),
    broken: {
      assume_role_policy: policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }),
    },
  },
  'KMS.2': {
    types: ['aws_iam_role_policy', 'aws_iam_user_policy'],
    holds: ({ policy: document }) =>
      allowing(document)
        .filter(({ Action }) => listOf(Action).some((action) => /^kms:(Decrypt|ReEncrypt)/.test(action)))
        .every(({ Resource }) => listOf(Resource).every((resource) => !/^\*$|:key\/\*$/.test(resource))),
    broken: { policy: policy({ Effect: 'Allow', Action: ['kms:Decrypt'], Resource: '*' }) },
  },
  'SecretsManager.1': {
    types: ['aws_secretsmanager_secret'],
    holds: (_secret, all, name) =>
      Object.values(all['aws_secretsmanager_secret_rotation'] ?? {}).some(
        ({ secret_id: id, rotation_lambda_arn: by }) =>
          isSet(by) && String(id).startsWith(`\${aws_secretsmanager_secret.${name}.`),
      ),
    broken: {},
    takenOut: 'aws_secretsmanager_secret_rotation',
  },
  'SecretsManager.4': {
    types: ['aws_dynamodb_table_item'],
    holds: ({ item }) => Number(settingsIn(item)['rotatedWithinSeconds']?.N) <= QUARTER_SECONDS,
    broken: { item: JSON.stringify({ rotatedWithinSeconds: { N: '31536000' } }) },
  },
  'SecretsManager.5': {
    types: ['provider'],
    holds: ({ default_tags: tags }) => JSON.stringify(tags ?? '').includes('iam-key-rotation'),
    broken: { default_tags: undefined },
  },
  'Lambda.1': {
    types: ['aws_lambda_permission'],
    holds: ({ principal, source_arn: arn }) => principal !== '*' && isSet(arn),
    broken: { source_arn: undefined },
  },
  'Lambda.2': {
    types: ['aws_lambda_function'],
    holds: ({ runtime }) => runtime === 'nodejs22.x' || runtime === 'nodejs24.x',
    broken: { runtime: 'nodejs16.x' },
  },
  'CloudWatch.16': {
    types: ['aws_cloudwatch_log_group'],
    holds: ({ retention_in_days: days }) => Number(days) >= 365,
    broken: { retention_in_days: 30 },
  },
  'DynamoDB.1': {
    types: ['aws_dynamodb_table'],
    holds: ({ billing_mode: mode }) => mode === 'PAY_PER_REQUEST',
    broken: { billing_mode: 'PROVISIONED' },
  },
  'DynamoDB.2': {
    types: ['aws_dynamodb_table'],
    holds: ({ point_in_time_recovery: recovery }) =>
      JSON.stringify(recovery ?? '').includes('"enabled":true'),
    broken: { point_in_time_recovery: { enabled: false } },
  },
  'DynamoDB.6': {
    types: ['aws_dynamodb_table'],
    holds: ({ deletion_protection_enabled: isProtected }) => isProtected === true,
    broken: { deletion_protection_enabled: false },
  },
  'SNS.1': {
    types: ['aws_sns_topic'],
    holds: ({ kms_master_key_id: key }) => isSet(key),
    broken: { kms_master_key_id: undefined },
  },
  'SNS.4': {
    types: ['aws_sns_topic'],
    holds: ({ policy: document }) => !allowing(document).some(isForAnybody) && deniesWithoutTls(document),
    broken: { policy: ANYBODY },
  },
  'SQS.1': {
    types: ['aws_sqs_queue'],
    holds: ({ sqs_managed_sse_enabled: isEncrypted, kms_master_key_id: key }) =>
      isEncrypted === true || isSet(key),
    broken: { sqs_managed_sse_enabled: false },
  },
  'SQS.3': {
    types: ['aws_sqs_queue'],
    holds: ({ policy: document }) => !allowing(document).some(isForAnybody) && deniesWithoutTls(document),
    broken: { policy: ANYBODY },
  },
  'CloudTrail.1': {
    types: ['aws_cloudtrail'],
    holds: ({ is_multi_region_trail: isEverywhere, advanced_event_selector: selectors }) =>
      isEverywhere === true && JSON.stringify(selectors).includes('["Management"]'),
    broken: { is_multi_region_trail: false },
  },
  'CloudTrail.4': {
    types: ['aws_cloudtrail'],
    holds: ({ enable_log_file_validation: isSigned }) => isSigned === true,
    broken: { enable_log_file_validation: false },
  },
  CKV_AWS_251: {
    types: ['aws_cloudtrail'],
    holds: ({ enable_logging: records }) => records === true,
    broken: { enable_logging: false },
  },
  'S3.5': {
    types: ['aws_s3_bucket_policy'],
    holds: ({ policy: document }) => deniesWithoutTls(document),
    broken: { policy: policy({ Effect: 'Deny', Action: 's3:*', Principal: '*', Resource: '*' }) },
  },
  'S3.8': {
    types: ['aws_s3_bucket_public_access_block'],
    holds: (block) =>
      ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'].every(
        (name) => block[name] === true,
      ),
    broken: { ignore_public_acls: false },
  },
  'S3.12': {
    types: ['aws_s3_bucket_ownership_controls'],
    holds: ({ rule }) => JSON.stringify(rule).includes('BucketOwnerEnforced'),
    broken: { rule: { object_ownership: 'ObjectWriter' } },
  },
  'S3.13': {
    types: ['aws_s3_bucket_lifecycle_configuration'],
    holds: ({ rule }) =>
      JSON.stringify(rule).includes('"status":"Enabled"') &&
      /"expiration".*"days"/.test(JSON.stringify(rule)) &&
      JSON.stringify(rule).includes('abort_incomplete_multipart_upload'),
    broken: { rule: [{ status: 'Enabled' }] },
  },
  'S3.14': {
    types: ['aws_s3_bucket_versioning'],
    holds: ({ versioning_configuration: versions }) => JSON.stringify(versions).includes('"Enabled"'),
    broken: { versioning_configuration: { status: 'Suspended' } },
  },
  'AVD-AWS-0088': {
    types: ['aws_s3_bucket_server_side_encryption_configuration'],
    holds: ({ rule }) => /"sse_algorithm":"(?:AES256|aws:kms)"/.test(JSON.stringify(rule)),
    broken: { rule: [] },
  },
};

const OPTIONS: Readonly<Record<string, Omit<Check, 'broken'>>> = {
  CKV_AWS_149: {
    types: ['aws_secretsmanager_secret'],
    holds: ({ kms_key_id: key }) => hasOwnKey(key),
  },
  'Lambda.3': {
    types: ['aws_lambda_function'],
    holds: ({ vpc_config: vpc }) => JSON.stringify(vpc ?? '').includes('"subnet_ids"'),
  },
  CKV_AWS_158: {
    types: ['aws_cloudwatch_log_group'],
    holds: ({ kms_key_id: key }) => hasOwnKey(key),
  },
  'AVD-AWS-0136': {
    types: ['aws_sns_topic'],
    holds: ({ kms_master_key_id: key }) => hasOwnKey(key),
  },
  'CloudTrail.2': {
    types: ['aws_cloudtrail'],
    holds: ({ kms_key_id: key }) => hasOwnKey(key),
  },
  'S3.17': {
    types: ['aws_s3_bucket_server_side_encryption_configuration'],
    holds: ({ rule }) => JSON.stringify(rule).includes('"kms_master_key_id":"arn:'),
  },
};

/** All resources of a stack, and its provider as if it were one. */
const resourcesOf = (text: string): Resources => {
  const { resource, provider } = JSON.parse(text) as {
    readonly resource: Resources;
    readonly provider: { readonly aws: readonly Arguments[] };
  };
  return { ...resource, provider: Object.fromEntries(provider.aws.map((one, at) => [String(at), one])) };
};

const [plain] = parseConfiguration(
  'rotation.yaml',
  stringify({
    stacks: {
      production: {
        ...{ accountId: '111122223333', region: 'eu-west-1', auditTrail: 'create' },
        alerts: { emails: ['oncall@example.com'] },
        users: {
          'ci-deployer': { deliver: [{ secret: { id: 'payments/env', fields: { KEY: 'AccessKeyId' } } }] },
          backup: { readers: ['arn:aws:iam::111122223333:role/backup'] },
        },
      },
    },
  }),
).stacks;

const BY_DEFAULT = resourcesOf(synthesize(plain!).text);
const WITH_EVERYTHING = resourcesOf(synthesize(aStackWithEverything()).text);

const failing = ({ types, holds }: Pick<Check, 'types' | 'holds'>, all: Resources): readonly string[] =>
  types.flatMap((type) =>
    Object.entries(all[type] ?? {})
      .filter(([name, resource]) => !holds(resource, all, name))
      .map(([name]) => `${type}.${name}`),
  );

describe('The rules of scanners that docs/security.md has', () => {
  it('are each in one row, with a result, and a reason where they are not met', () => {
    const rules = rows.flatMap((row) => row.rules);

    expect(rows.length).toBeGreaterThan(40);
    expect(rules.filter((rule, at) => rules.indexOf(rule) !== at)).toEqual([]);
    for (const rule of rules)
      expect(rule).toMatch(/^(?:[A-Z][A-Za-z0-9]+\.\d+|CKV2?_AWS_\d+|AVD-AWS-\d{4})$/);
    for (const { rules: of, result, why } of rows) {
      expect([of, result]).toEqual([of, expect.stringMatching(/^(?:met|option|not met|n\/a)$/)]);
      if (result !== 'met') expect(why.length).toBeGreaterThan(5);
    }
  });

  it('are evaluated here where they are met, or met with an option, and no others', () => {
    expect(rowsWith('met')).toEqual(Object.keys(MET));
    expect(rowsWith('option')).toEqual(Object.keys(OPTIONS));
  });

  it.each(Object.entries(MET))(
    '%s is met by the defaults, and the check would notice if it were not',
    (_rule, check) => {
      const [type] = check.types;
      const found = Object.entries(BY_DEFAULT[type!] ?? {});
      expect(found.length).toBeGreaterThan(0);
      expect(failing(check, BY_DEFAULT)).toEqual([]);

      const others = { ...BY_DEFAULT, ...(check.takenOut === undefined ? {} : { [check.takenOut]: {} }) };
      const broken = Object.fromEntries(
        found.map(([name, resource]) => [name, { ...resource, ...check.broken }]),
      );
      expect(failing(check, { ...others, [type!]: broken })).toHaveLength(found.length);
    },
  );

  it.each(Object.entries(OPTIONS))('%s is met with the option, and not without it', (_rule, check) => {
    expect(failing(check, WITH_EVERYTHING)).toEqual([]);
    expect(failing(check, BY_DEFAULT).length).toBeGreaterThan(0);
  });
});

it('docs/security.md has each runtime dependency, and says what it is for and why it is needed', () => {
  const lines = PAGE.split('<!-- dependencies:start -->')[1]!
    .split('<!-- dependencies:end -->')[0]!
    .split('\n');
  const found = lines.flatMap((line) => {
    const [, name, use, why] = /^\| `([^`]+)` +\| ([^|]*)\| ([^|]*)\|$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, use: use!.trim(), why: why!.trim() }];
  });

  expect(found.map(({ name }) => name).sort()).toEqual(Object.keys(manifest.dependencies).sort());
  for (const { use, why } of found) {
    expect(use.length).toBeGreaterThan(5);
    expect(why.length).toBeGreaterThan(20);
  }
});
