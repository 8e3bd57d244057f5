import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { iamEventsRegion } from '../../../contract/iam-events-region';
import { healthBackupRegion, ON_LEAK } from '../../../contract/leaks';
import { MESSAGE_FORMATS } from '../../../contract/chat-notification';
import { GITHUB_API, VALUE_FIELDS } from '../../../contract/delivery';
import { PLACEHOLDER, TOKEN } from '../../../contract/placeholders';
import {
  CHARACTERS_OF_SELF_RENEWAL,
  LOG_RETENTION_DAYS,
  MOST_CHARACTERS_OF_INLINE_POLICIES,
  MOST_GROUPS_OF_USER,
  MOST_SECURITY_GROUPS,
  MOST_SUBNETS,
  SECURITY_GROUP_ID,
  SUBNET_ID,
} from '../../../modules/aws/aws-values';
import {
  DEFAULT_LOG_RETENTION_DAYS,
  DEFAULT_MAXIMUM_DELETIONS_PER_RUN,
  DEFAULT_RUNBOOK_URL,
  DEFAULT_SECRET_RECOVERY_DAYS,
} from '../../../modules/aws/default-values';
import {
  DEFAULT_PREFIX,
  notificationFunctionName,
  notificationQueueName,
  RESERVED_STABLE_KEYS,
  SELF_RENEWAL_POLICY_NAME,
  TAG_KEYS,
} from '../../../modules/aws/names';
import {
  DEFAULT_FUNCTION_ARCHITECTURE,
  DEFAULT_FUNCTION_RUNTIME,
  FIRST_PROVIDER_OF_RUNTIME,
  FUNCTION_ARCHITECTURES,
  FUNCTION_RUNTIMES,
} from '../../../modules/node-function/lambda-runtime';
import {
  DEFAULT_GAPS,
  DEFAULT_RATE_WINDOW_HOURS,
  DEFAULT_WINDOW_HOURS,
  MOST_RATE_DAYS,
} from '../../../modules/schedule/schedule';
import { FORM, LETS_IN, OURS, SECRET_QUERY } from '../../../modules/config/rules/https-targets';
import { LONGEST_BODY, MOST_LEVELS } from '../../../modules/config/schema/deliver/https-body';
import { MOST_FIELDS } from '../../../modules/config/schema/deliver/parts';
import { CHARACTERS_FOR_SECRETS, deliveryStatements } from '../../../modules/key-delivery/policies';
import { targetIdOf } from '../../../modules/leak-response/leak-response';
import { otherFunctions } from '../../../modules/leak-response/policies';
import { vpcStatements } from '../../../modules/node-function/vpc';
import { awsPlace } from '../../../modules/aws/aws-place';
import { policyDocument } from '../../../modules/aws/policy-document';
import { PROVIDER_VERSION } from '../../../modules/terraform/provider-version';
import { type Declarations, readDeclarations } from '../../../release/hcl-module';

/*
 * HCL cannot import a number from TypeScript, so these facts are written in both: here they are held to one value.
 */

const FOLDER = join(__dirname, '../../../release/terraform');
const texts = (values: readonly string[]): string => values.map((value) => `"${value}"`).join(', ');

let base: Declarations;
let user: Declarations;
let existing: Declarations;
let delivery: Declarations;
let leaks: Declarations;
beforeAll(async () => {
  base = await readDeclarations(join(FOLDER, 'base'));
  user = await readDeclarations(join(FOLDER, 'rotated-user'));
  existing = await readDeclarations(join(FOLDER, 'rotated-existing-user'));
  delivery = await readDeclarations(join(FOLDER, 'key-delivery'));
  leaks = await readDeclarations(join(FOLDER, 'leak-response'));
});
const conditionsOf = (module: Declarations, variable: string): readonly unknown[] => {
  const { validation } = module.variables.get(variable) as unknown as {
    validation: { condition: string }[];
  };
  return validation.map(({ condition }) => condition);
};
const defaultsOf = (module: Declarations): Readonly<Record<string, unknown>> =>
  Object.fromEntries([...module.variables].map(([name, variable]) => [name, variable.default]));

it('the HCL modules have the defaults of the constructs', () => {
  expect(defaultsOf(base)).toMatchObject({
    prefix: DEFAULT_PREFIX,
    maximum_deletions_per_run: DEFAULT_MAXIMUM_DELETIONS_PER_RUN,
    runbook_url: DEFAULT_RUNBOOK_URL,
    log_retention_days: DEFAULT_LOG_RETENTION_DAYS,
    function_runtime: DEFAULT_FUNCTION_RUNTIME,
    function_architecture: DEFAULT_FUNCTION_ARCHITECTURE,
  });
  expect(defaultsOf(user)).toMatchObject({ secret_recovery_days: DEFAULT_SECRET_RECOVERY_DAYS });
});

it('the HCL modules take the runtimes, processors and retentions of logs that the constructs take', () => {
  expect(conditionsOf(base, 'function_runtime')).toEqual([
    `\${contains([${texts(FUNCTION_RUNTIMES)}], var.function_runtime)}`,
  ]);
  expect(conditionsOf(base, 'function_architecture')).toEqual([
    `\${contains([${texts(FUNCTION_ARCHITECTURES)}], var.function_architecture)}`,
  ]);
  expect(conditionsOf(base, 'log_retention_days')).toEqual([
    `\${contains([${LOG_RETENTION_DAYS.join(', ')}], var.log_retention_days)}`,
  ]);
});

it('the HCL modules take the formats of messages that the constructs take, and have the same one without a word', () => {
  expect(conditionsOf(base, 'alert_format')).toEqual([
    `\${contains([${texts(MESSAGE_FORMATS)}], var.alert_format)}`,
  ]);
  expect(defaultsOf(base)['alert_format']).toBe(MESSAGE_FORMATS[0]);
});

it('the HCL modules take for a leak what the constructs take, and only notify without a word', () => {
  expect(conditionsOf(base, 'on_leak')).toEqual([`\${contains([${texts(ON_LEAK)}], var.on_leak)}`]);
  expect(defaultsOf(base)['on_leak']).toBe('notify');
});

it('the HCL modules say which version of the provider the newer runtime needs', () => {
  expect(base.variables.get('function_runtime')?.description).toContain(
    `\`nodejs24.x\`, which needs version ${FIRST_PROVIDER_OF_RUNTIME['nodejs24.x']} of the AWS provider`,
  );
});

it('the HCL modules ask for the versions of the provider that the constructs ask for', () => {
  expect(readFileSync(join(FOLDER, 'shared/versions.tf'), 'utf8')).toContain(
    `version = "${PROVIDER_VERSION}"`,
  );
});

it('the HCL modules refuse the stable keys that are names of the stack', () => {
  expect(conditionsOf(user, 'name')).toContain(
    `\${!contains([${texts(RESERVED_STABLE_KEYS)}], lower(var.name))}`,
  );
});

it('the HCL modules have the limits of IAM and Lambda that rotation.yaml has', () => {
  const conditions = (module: Declarations, variable: string): string =>
    conditionsOf(module, variable).join(' ');

  expect(conditions(user, 'inline_policies')).toContain(
    `<= ${String(MOST_CHARACTERS_OF_INLINE_POLICIES)} - (var.self_renewal && length(var.inline_policies) > 0 ? ${String(CHARACTERS_OF_SELF_RENEWAL)} : 0)`,
  );
  expect(conditions(user, 'inline_policies')).toContain(`"${SELF_RENEWAL_POLICY_NAME}"`);
  expect(conditions(user, 'groups')).toContain(`length(var.groups) <= ${String(MOST_GROUPS_OF_USER)} `);
  expect(conditions(base, 'vpc')).toContain(`length(var.vpc.subnet_ids) <= ${String(MOST_SUBNETS)} `);
  expect(conditions(base, 'vpc')).toContain(
    `length(var.vpc.security_group_ids) <= ${String(MOST_SECURITY_GROUPS)} `,
  );
  for (const id of [SUBNET_ID, SECURITY_GROUP_ID])
    expect(conditions(base, 'vpc')).toContain(`"${id.source}"`);
});

it('the HCL modules have the limits of targets that rotation.yaml and the constructs have', () => {
  expect(conditionsOf(user, 'deliver').join(' ')).toContain(
    `length(target.secret.fields) >= 1 && length(target.secret.fields) <= ${String(MOST_FIELDS)} `,
  );
  expect(conditionsOf(user, 'deliver').join(' ')).toContain(
    `length(target.github_actions.secrets) >= 1 && length(target.github_actions.secrets) <= ${String(MOST_FIELDS)} `,
  );
  expect(delivery.locals.get('secrets')).toContain(
    `length(join(",", local.secret_of_each)) <= ${String(CHARACTERS_FOR_SECRETS)} ?`,
  );
});

it('the HCL modules have the placeholders, the words and the limits of addresses that rotation.yaml has', () => {
  const conditions = conditionsOf(user, 'deliver').join(' ').replaceAll('\\\\', '\\');

  expect(conditions).toContain(`contains([${texts([...VALUE_FIELDS, TOKEN])}], name)`);
  expect(conditions).toContain(`contains([${texts(VALUE_FIELDS)}], name)`);
  expect(conditions.split(`"${PLACEHOLDER.source}"`)).toHaveLength(4);
  for (const pattern of [SECRET_QUERY, OURS, LETS_IN, FORM]) {
    expect(conditions).toContain(`regex("(?i)${pattern.source}", `);
  }
  expect(conditions.split(`<= ${String(LONGEST_BODY)}`)).toHaveLength(3);
  expect(conditions.split(`range(${String(MOST_LEVELS)})`)).toHaveLength(3);
  expect(conditions).toContain(`coalesce(one.api_url, "${GITHUB_API}")`);
  expect(JSON.stringify(delivery.locals.get('github_places'))).toContain(GITHUB_API);
});

it('the HCL modules leave as much room for targets as the policy of a role has, with the longest names', () => {
  const place = awsPlace({
    partition: 'aws-us-gov',
    accountId: '111122223333',
    region: 'us-gov-northwest-1',
  });
  const prefix = 'p'.repeat(48);
  const arn = (service: string, rest: string): string =>
    `arn:${place.partition}:${service}:${place.region}:${place.accountId}:${rest}`;
  const kmsKeyArn = arn('kms', 'key/x');
  const text = policyDocument([
    ...deliveryStatements({
      ...{ place, secretPrefix: prefix, tableArn: arn('dynamodb', `table/${prefix}`) },
      queueArn: arn('sqs', `${prefix}-deliver-failed`),
      users: [
        {
          ...{ stableKey: 'x', kmsKeyArn },
          deliver: [
            { kind: 'secret', id: 'x', fields: { A: 'AccessKeyId' }, kmsKeyArn },
            { kind: 'parameter', name: '/x', kmsKeyArn },
            { kind: 'restart', ecsService: arn('ecs', 'service/x/x') },
            {
              ...{ kind: 'githubActions', repository: 'x/x', secrets: { A: 'AccessKeyId' } },
              ...{ tokenSecret: 'x', kmsKeyArn },
            },
          ],
        },
      ],
    }),
    ...vpcStatements({ subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] }, `${prefix}-deliver`),
    {
      Sid: 'WriteLog',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: arn('logs', `log-group:/aws/lambda/${prefix}-deliver:*`),
    },
  ]);

  expect(text.length + Number(delivery.locals.get('most_characters'))).toBeLessThanOrEqual(10_240);
});

it('the HCL modules have the windows and gaps of the schedules that the constructs make', () => {
  const window = `var.rotate_every_days == null ? ${String(DEFAULT_WINDOW_HOURS)} : ${String(DEFAULT_RATE_WINDOW_HOURS)}`;

  expect(user.locals.get('window_hours')).toBe(`\${${window}}`);
  expect(user.locals.get('rotated_within_seconds')).toContain(
    `var.rotate_every_days == null ? ${String(DEFAULT_GAPS.longestGapDays)} : local.rate_days`,
  );
  expect(conditionsOf(user, 'rotate_every_days')).toEqual([
    expect.stringContaining(`var.rotate_every_days <= ${String(MOST_RATE_DAYS)} `),
    expect.stringContaining(`coalesce(var.rotate_every_days, ${String(DEFAULT_GAPS.shortestGapDays)}) >=`),
  ]);
  expect(conditionsOf(user, 'maximum_key_age_days')).toEqual([
    expect.stringContaining(
      `coalesce(var.rotate_every_days, ${String(DEFAULT_GAPS.longestGapDays)}) + ((${window}) + var.overlap_hours)`,
    ),
  ]);
});

it('the HCL modules set and look for the tags of the constructs', () => {
  const tags = String(user.locals.get('tags'));
  expect(tags).toContain(`"${TAG_KEYS.user}" = var.name, "${TAG_KEYS.stack}" = var.base.name`);
  expect(tags).toContain(`"${TAG_KEYS.owner}" = var.owner`);
  expect(existing.locals.get('carries_tag')).toContain(
    `data.aws_iam_user.user.tags, "${TAG_KEYS.stack}", ""`,
  );
  expect(existing.locals.get('tag_missing')).toContain(`the tag ${TAG_KEYS.stack} = `);
});

it('the HCL modules have the same rule for the name of a user that is made and of one that is there', () => {
  expect(conditionsOf(existing, 'user_name')).toEqual(conditionsOf(user, 'user_name'));
});

it.each([
  ['a user', () => user],
  ['key-delivery', () => delivery],
  ['leak-response', () => leaks],
])(
  'the HCL modules let a base leave out what may be null, because Terraform keeps no output that is: %s',
  (_, module) => {
    const type = module().variables.get('base')?.type ?? '';
    const taken = [...type.matchAll(/^ +(\w+) +=/gm)].map(([, name]) => name!);
    const mayBeNull = taken.filter((name) => defaultsOf(base)[name] === null);

    expect(mayBeNull).not.toEqual([]);
    for (const name of mayBeNull) expect(type).toMatch(new RegExp(`^ +${name} += optional\\(`, 'm'));
  },
);

it.each([
  ['a user', () => user],
  ['key-delivery', () => delivery],
  ['leak-response', () => leaks],
])('the HCL modules hand every output of the base on that others take: %s', (_, module) => {
  const type = module().variables.get('base')?.type ?? '';
  const taken = [...type.matchAll(/^ +(\w+) +=/gm)].map(([, name]) => name);

  expect(taken.length).toBeGreaterThan(10);
  expect([...base.outputs.keys()]).toEqual(expect.arrayContaining(taken));
});

it('the HCL modules know where AWS reports leaks, as the constructs do', () => {
  const partitions = [
    'aws',
    'aws-cn',
    'aws-us-gov',
    'aws-iso',
    'aws-iso-b',
    'aws-iso-e',
    'aws-iso-f',
    'aws-eusc',
  ];
  const known = (regionOf: (partition: string) => string | undefined): object =>
    Object.fromEntries(
      partitions.flatMap((partition) => {
        const region = regionOf(partition);
        return region === undefined ? [] : [[partition, region]];
      }),
    );
  expect(leaks.locals.get('iam_regions')).toEqual(known(iamEventsRegion));
  expect(leaks.locals.get('health_backup_regions')).toEqual(known(healthBackupRegion));
});

it('the HCL modules name what the constructs name: the functions that rotate no key, the queue, and who listens', () => {
  const prefix = '${var.base.prefix}';
  expect(String(leaks.locals.get('other_functions'))).toContain('concat(["retire", "notify", "respond"], ');
  expect(String(leaks.locals.get('other_functions'))).toContain('? ["deliver"] : []');
  expect(otherFunctions('p').toSorted()).toEqual(['p-deliver', 'p-notify', 'p-respond', 'p-retire']);
  expect(String(leaks.locals.get('queue_arn'))).toContain(`:${notificationQueueName(prefix)}`);
  expect(String(leaks.locals.get('listener_name'))).toContain(`"${notificationFunctionName(prefix)}"`);
  expect(leaks.locals.get('listener_target')).toBe(
    `\${local.replaces ? "${targetIdOf('replace')}" : "${targetIdOf('notify')}"}`,
  );
});

it('the HCL module that takes providers of other regions has the versions of the others', () => {
  const constraints = (file: string): readonly string[] =>
    [...readFileSync(join(FOLDER, file), 'utf8').matchAll(/^\s*(?:required_)?version\s*= (".*")$/gm)].map(
      ([, constraint]) => constraint!,
    );
  expect(constraints('leak-response/versions.tf')).toEqual(constraints('shared/versions.tf'));
  expect(constraints('shared/versions.tf')).toHaveLength(2);
});
