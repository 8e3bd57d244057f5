import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, TagUserCommand } from '@aws-sdk/client-iam';
import type { AccessKey } from '@aws-sdk/client-iam';
import {
  GetResourcePolicyCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { unzipSync } from 'fflate';
import * as z from 'zod/mini';

import { doctorDocument } from '../../cli/doctor/doctor-document';
import { settingsSchema } from '../../contract/settings';
import { defaultSchedule, scheduleEvery } from '../../modules/schedule/schedule';
import { readDeclarations } from '../../release/hcl-module';
import { readKey, whoAmI } from '../../sandbox/demo/application';
import { inventory } from '../../sandbox/demo/inventory';
import { runRetirement } from '../../sandbox/demo/retire';
import { type LocalAws, startLocalAws } from '../../sandbox/local-aws';
import { type Terraform, terraform } from '../../sandbox/terraform';
import { runCli } from '../cli/sync/support/run-cli';
import { describeWithTools } from '../sandbox/support/describe-with-tools';
import { PROJECT, programOf } from './support/packed';
import { ARCHIVE, unpackModules } from './support/terraform-modules';
import { toldOfKeyMadeByHand } from './support/told-of';

const MODULES = ['base', 'rotated-user', 'rotated-existing-user', 'key-delivery', 'leak-response'] as const;

/** Those that take nearly all they need from the base. */
const BESIDE_BASE: readonly string[] = ['key-delivery', 'leak-response'];

/**
 * A user that is there already, as docs/terraform-module.md has it; and beside it a new one, with a topic and a key that
 * are made in the same apply.
 */
const OWN_ROOT = (users: string): string => `
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

variable "emails" {
  type    = list(string)
  default = []
}

resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_kms_key" "secrets" {}

module "base" {
  source            = "../base"
  name              = "production"
  alert_emails      = var.emails
  alert_topic_arns  = [aws_sns_topic.oncall.arn]
  alert_kms_key_arn = aws_kms_key.secrets.arn
}

${users}`;

/** Somebody who does not know of the other set. */
const SECOND_SET = `
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

module "base" {
  source     = "../base"
  name       = "second"
  protection = false
}
`;

const NEW_USER = (lines = '') => `
module "reports" {
  source               = "../rotated-user"
  base                 = module.base
  name                 = "s3-backup"
  kms_key_arn          = aws_kms_key.secrets.arn
  self_renewal         = true
  secret_recovery_days = 0
  ${lines}
}
`;

const EXISTING_USER = `

${programOf('docs/terraform-module.md', 'existing').replaceAll('./modules/', '../')}`;

describe('the released modules', () => {
  const names = (): readonly string[] => Object.keys(unzipSync(readFileSync(ARCHIVE))).sort();

  it('are these files', () => {
    expect(names()).toEqual([
      'LICENSE',
      'THIRD-PARTY-NOTICES',
      'base/README.md',
      'base/locals.tf',
      'base/main.tf.json',
      'base/notify-people.zip',
      'base/outputs.tf',
      'base/retire-access-keys.zip',
      'base/tests/base.tftest.hcl',
      'base/variables.tf',
      'base/versions.tf',
      'example/main.tf',
      'key-delivery/README.md',
      'key-delivery/deliver-access-keys.zip',
      'key-delivery/locals.tf',
      'key-delivery/main.tf.json',
      'key-delivery/outputs.tf',
      'key-delivery/tests/key-delivery.tftest.hcl',
      'key-delivery/variables.tf',
      'key-delivery/versions.tf',
      'leak-response/README.md',
      'leak-response/locals.tf',
      'leak-response/main.tf.json',
      'leak-response/outputs.tf',
      'leak-response/respond-to-leaks.zip',
      'leak-response/tests/leak-response.tftest.hcl',
      'leak-response/variables.tf',
      'leak-response/versions.tf',
      'rotated-existing-user/README.md',
      'rotated-existing-user/deliver.tf',
      'rotated-existing-user/locals.tf',
      'rotated-existing-user/main.tf.json',
      'rotated-existing-user/outputs.tf',
      'rotated-existing-user/rotate-access-key.zip',
      'rotated-existing-user/tests/rotated-existing-user.tftest.hcl',
      'rotated-existing-user/user.tf',
      'rotated-existing-user/variables.tf',
      'rotated-existing-user/versions.tf',
      'rotated-user/README.md',
      'rotated-user/deliver.tf',
      'rotated-user/locals.tf',
      'rotated-user/main.tf.json',
      'rotated-user/outputs.tf',
      'rotated-user/rotate-access-key.zip',
      'rotated-user/tests/outside-aws.tftest.hcl',
      'rotated-user/tests/rotated-user.tftest.hcl',
      'rotated-user/user.tf',
      'rotated-user/variables.tf',
      'rotated-user/versions.tf',
    ]);
  });

  it.each(MODULES)('%s is a plain module, with every input and output described', async (name) => {
    const text = readFileSync(join(PROJECT, 'dist/terraform', name, 'main.tf.json'), 'utf8');
    const readme = readFileSync(join(PROJECT, 'dist/terraform', name, 'README.md'), 'utf8');
    const { variables, outputs } = await readDeclarations(join(PROJECT, 'dist/terraform', name));

    expect(text).not.toContain('"//"');
    expect(text).not.toMatch(/TfToken|TOKEN/);
    expect(Object.keys(JSON.parse(text) as object).toSorted()).toEqual([
      'check',
      'data',
      'locals',
      'resource',
    ]);
    const rows = [...readme.matchAll(/^\| `(\w+)`/gm)].map(([, input]) => input);
    expect(rows.slice(0, variables.size)).toEqual([...variables.keys()]);
    const inTable = rows.slice(variables.size);
    // What only the modules of the users take stands in a sentence below the table.
    const sentence = readme.slice(readme.lastIndexOf('|'));
    const inSentence = [...outputs.keys()].filter((output) => sentence.includes(`\`${output}\``));
    expect([...inTable, ...inSentence].toSorted()).toEqual([...outputs.keys()].toSorted());
    expect(variables.size).toBeGreaterThan(BESIDE_BASE.includes(name) ? 0 : 10);
    expect(outputs.size).toBeGreaterThan(4);
  });

  it('R11: have these Terraform addresses', () => {
    const addressesOf = (name: string): readonly string[] => {
      const { resource } = JSON.parse(
        readFileSync(join(PROJECT, 'dist/terraform', name, 'main.tf.json'), 'utf8'),
      ) as { resource: Record<string, object> };
      return Object.entries(resource).flatMap(([type, all]) =>
        Object.keys(all).map((key) => `${type}.${key}`),
      );
    };

    const ofUser = [
      'aws_cloudwatch_log_group.user',
      'aws_cloudwatch_metric_alarm.user_rotation_failed',
      'aws_cloudwatch_metric_alarm.user_throttled',
      'aws_dynamodb_table_item.user',
      'aws_iam_role.user',
      'aws_iam_role_policy.user',
      'aws_lambda_function.user',
      'aws_lambda_invocation.user_first_key',
      'aws_lambda_invocation.user_removal_guard',
      'aws_lambda_permission.user',
      'aws_secretsmanager_secret.user',
      'aws_secretsmanager_secret_policy.user',
      'aws_secretsmanager_secret_rotation.user',
      'terraform_data.user_role',
    ];
    expect(addressesOf('rotated-existing-user').toSorted()).toEqual(ofUser);
    expect(addressesOf('rotated-user').toSorted()).toEqual(
      [
        ...ofUser,
        'aws_iam_user.user',
        'aws_iam_user_group_membership.user',
        'aws_iam_user_policy.user',
        'aws_iam_user_policy.user_inline',
        'aws_iam_user_policy_attachment.user',
      ].toSorted(),
    );
    const each = (type: string, ...names: readonly string[]) => names.map((name) => `${type}.${name}`);
    expect(addressesOf('key-delivery')).toEqual([
      ...each('aws_cloudwatch_event_rule', 'deliver-events', 'deliver-labels'),
      ...each('aws_cloudwatch_event_target', 'deliver-events', 'deliver-labels'),
      'aws_cloudwatch_log_group.deliver',
      ...each('aws_iam_role', 'deliver', 'deliver-schedule'),
      ...each('aws_iam_role_policy', 'deliver', 'deliver-schedule'),
      'aws_lambda_function.deliver',
      'aws_lambda_function_event_invoke_config.deliver',
      ...each('aws_lambda_permission', 'deliver-events', 'deliver-labels'),
      'aws_scheduler_schedule.deliver',
      'aws_sqs_queue.deliver-failed',
      'terraform_data.deliver_role',
    ]);
    const heard = ['leak-health', 'leak-quarantine'];
    const brought = ['leak-events', 'leak-events-backup'];
    expect(addressesOf('leak-response').toSorted()).toEqual(
      [
        ...each('aws_cloudwatch_event_rule', ...heard, ...brought),
        ...each('aws_cloudwatch_event_target', ...heard, ...brought),
        'aws_cloudwatch_log_group.respond',
        ...each('aws_iam_role', 'leak-events', 'respond'),
        ...each('aws_iam_role_policy', 'leak-events', 'respond'),
        'aws_lambda_function.respond',
        'aws_lambda_function_event_invoke_config.respond',
        ...each('aws_lambda_permission', ...heard),
        ...each('terraform_data', 'leak_listener', 'respond_role'),
      ].toSorted(),
    );
    const rules = ['notify-alarms', 'notify-aws', 'notify-events'];
    expect(addressesOf('base').filter((one) => !one.startsWith('aws_cloudwatch_metric_alarm.'))).toEqual([
      'aws_cloudwatch_dashboard.dashboard',
      ...each('aws_cloudwatch_event_rule', ...rules),
      ...each('aws_cloudwatch_event_target', ...rules),
      ...each('aws_cloudwatch_log_group', 'notify', 'retire'),
      'aws_dynamodb_table.journal',
      ...each('aws_iam_role', 'notify', 'retire', 'retire-schedule'),
      ...each('aws_iam_role_policy', 'notify', 'retire', 'retire-schedule'),
      ...each('aws_lambda_function', 'notify', 'retire'),
      ...each('aws_lambda_function_event_invoke_config', 'notify', 'retire'),
      ...each('aws_lambda_permission', ...rules),
      'aws_scheduler_schedule.retire',
      'aws_sns_topic.alerts',
      'aws_sns_topic_subscription.alerts-email',
      ...each('aws_sqs_queue', 'notify-failed', 'retire-failed'),
      ...each('terraform_data', 'notify_role', 'place', 'retire_role'),
    ]);
  });
});

describeWithTools('the Terraform modules', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'terraform-module-'));
    unpackModules(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const inFolder = (name: string, env: Readonly<Record<string, string>> = {}): Terraform =>
    terraform(join(folder, name), { env });

  it.each(MODULES)('%s is valid, and passes its own tests', async (name) => {
    const tf = inFolder(name);
    await tf.init();
    // Terraform validates no module by itself that takes more than one provider: https://github.com/hashicorp/terraform/issues/28490
    if (name !== 'leak-response') await tf.validate();

    const { exitCode, output } = await tf.run('test', '-no-color');

    expect(output).toMatch(/Success! [1-9]\d* passed, 0 failed/);
    expect(exitCode).toBe(0);
  });

  it('are written as Terraform formats them, where a person wrote them', async () => {
    expect((await inFolder('.').run('fmt', '-check', '-recursive')).output).toBe('');
  });

  it('are called in the documentation as in the example', () => {
    const example = readFileSync(join(folder, 'example/main.tf'), 'utf8')
      // The example is thrown away in the tests.
      .replaceAll('var.protection ? 30 : 0', '30')
      .replaceAll(/\s+/g, ' ');
    const documented = programOf('docs/terraform-module.md', 'deployer').replaceAll(/\s+/g, ' ');

    expect(example).toContain(documented.trim().replaceAll('./modules/', '../'));
  });

  it('make the schedules of a name that the constructs make', async () => {
    const names = ['ci-deployer', 'a', 's3-backup', 'Mailer_2', 'x-y-z', 'reports', 'backup'];
    await writeSchedules(names);
    const tf = inFolder('schedules');
    await tf.init();
    await tf.apply();

    const made = await tf.output();

    expect(made['calendar']).toEqual(
      Object.fromEntries(names.map((name) => [name, defaultSchedule(name).expression])),
    );
    // Overlap, grace period, window and a break: 24 h + 7 d + 24 h + 1 d.
    expect(made['rate']).toEqual(
      Object.fromEntries(names.map((name) => [name, scheduleEvery(name, 60 * 24, 10).expression])),
    );
    expect(made['short']).toEqual(
      Object.fromEntries(names.map((name) => [name, scheduleEvery(name, 11 * 24, 10).expression])),
    );
  });

  /** Only the locals of the module: there is nothing on AWS in it. */
  async function writeSchedules(names: readonly string[]): Promise<void> {
    const { locals } = await readDeclarations(join(folder, 'rotated-user'));
    const wanted = [...locals].filter(([name]) => /calendar|days|hours|^schedule$/.test(name));
    const inputs = ['name', 'rotate_every_days', 'overlap_hours', 'grace_period_days'];
    const module = {
      variable: Object.fromEntries(inputs.map((name) => [name, { default: null }])),
      locals: Object.fromEntries(wanted),
      output: { schedule: { value: '${local.schedule}' } },
    };
    const call = (every: number | null): object => ({
      source: './one',
      for_each: `\${toset(${JSON.stringify(names)})}`,
      name: '${each.key}',
      rotate_every_days: every,
      overlap_hours: 24,
      grace_period_days: 7,
    });
    const calls = { calendar: call(null), rate: call(60), short: call(11) };
    const root = {
      module: calls,
      output: Object.fromEntries(
        Object.keys(calls).map((name) => [
          name,
          { value: `\${{ for key, one in module.${name} : key => one.schedule }}` },
        ]),
      ),
    };
    execFileSync('mkdir', ['-p', join(folder, 'schedules/one')]);
    writeFileSync(join(folder, 'schedules/one/main.tf.json'), JSON.stringify(module));
    writeFileSync(join(folder, 'schedules/main.tf.json'), JSON.stringify(root));
  }

  describe('in the example: `for_each`, and two regions by two provider aliases', () => {
    let aws: LocalAws;
    let tf: Terraform;
    let before: readonly string[];
    const virginia = () => ({ ...aws.clientConfig(), region: 'us-east-1' });
    const protection = '-var=protection=false';
    beforeAll(async () => {
      aws = await startLocalAws({ rotation: { retryDelayMs: 10 } });
      before = await inventory(aws);
      // `region` of the provider wins over these; the endpoint has to be the sandbox's for both.
      tf = inFolder('example', aws.environment);
      await tf.init();
    });
    afterAll(() => aws.stop());

    it('is applied, and every secret holds a key that works', async () => {
      await tf.apply(protection);

      const { secret_arns } = (await tf.output()) as { secret_arns: Record<string, string> };
      expect(Object.keys(secret_arns).sort()).toEqual(['ci-deployer', 'docs-deployer', 'mailer']);
      expect(secret_arns['mailer']).toMatch(/^arn:aws:secretsmanager:us-east-1:/);
      for (const name of ['ci-deployer', 'docs-deployer']) {
        expect(await whoAmI(aws, await readKey(aws, secret_arns[name]!))).toBe(
          `arn:aws:iam::111122223333:user/service/${name}`,
        );
      }
    });

    it('has the alarms that each base asks for', async () => {
      const alarmsIn = async (config: object): Promise<readonly string[]> => {
        const { MetricAlarms = [] } = await new CloudWatchClient(config).send(new DescribeAlarmsCommand({}));
        return MetricAlarms.map(({ AlarmName }) => AlarmName!).filter((name) =>
          /(failed|throttled)$/.test(name),
        );
      };

      expect((await alarmsIn(aws.clientConfig())).toSorted()).toEqual([
        ...['ci-deployer', 'docs-deployer'].flatMap((user) => [
          `iam-key-rotation/${user}/function-throttled`,
          `iam-key-rotation/${user}/rotation-failed`,
        ]),
        'iam-key-rotation/function-throttled',
        'iam-key-rotation/notifications-failed',
        'iam-key-rotation/sweep-failed',
        'iam-key-rotation/visit-failed',
      ]);
      expect((await alarmsIn(virginia())).toSorted()).toEqual([
        'iam-key-rotation-virginia/function-throttled',
        'iam-key-rotation-virginia/notifications-failed',
        'iam-key-rotation-virginia/rotation-failed',
        'iam-key-rotation-virginia/sweep-failed',
        'iam-key-rotation-virginia/visit-failed',
      ]);
    });

    it('is found to be as its state says, by doctor', async () => {
      const file = join(folder, 'state.json');
      writeFileSync(file, JSON.stringify(await tf.show()));
      const doctor = (...options: readonly string[]) =>
        runCli(['doctor', '--state', file, '--json', ...options], aws.environment);

      expect((await doctor()).stderr).toContain(
        'holds several stacks: iam-key-rotation (eu-west-1, account 111122223333), iam-key-rotation-virginia (us-east-1, account 111122223333). Name one with --prefix',
      );
      for (const [prefix, reader] of [
        ['iam-key-rotation', ['readers: arn:aws:iam::111122223333:role/ci']],
        ['iam-key-rotation-virginia', []],
      ] as const) {
        const { stdout, stderr } = await doctor('--prefix', prefix);
        if (stdout === '') throw new Error(stderr);
        const { checks } = doctorDocument.parse(JSON.parse(stdout));
        expect(
          checks.flatMap(({ name, findings }) => findings.map(({ subject }) => `${name}: ${subject}`)),
        ).toEqual(reader);
        const unseen = checks.filter(({ outcome }) => outcome === 'couldNotLook');
        expect(unseen).toEqual([]);
      }
    });

    it('copies a secret to another region, and lets its user read it', async () => {
      const copy = await readKey(
        { clientConfig: () => ({ ...aws.clientConfig(), region: 'us-west-2' }) },
        'iam-key-rotation-virginia/mailer',
      );

      expect(await whoAmI(aws, copy)).toBe('arn:aws:iam::111122223333:user/legacy.mailer@example');
    });

    it('tells people of a key that somebody made by hand', async () => {
      const topicArn = 'arn:aws:sns:eu-west-1:111122223333:iam-key-rotation-alerts';

      expect(await toldOfKeyMadeByHand(aws, { topicArn, userName: 'docs-deployer' })).toEqual([
        'Unmanaged access key found (iam-key-rotation/docs-deployer)',
      ]);
    });

    it('has readers where some were named', async () => {
      const secrets = new SecretsManagerClient(aws.clientConfig());
      const { ResourcePolicy } = await secrets.send(
        new GetResourcePolicyCommand({ SecretId: 'iam-key-rotation/ci-deployer' }),
      );

      expect(JSON.parse(ResourcePolicy!)).toMatchObject({
        Statement: [
          {
            Principal: { AWS: '*' },
            Condition: { StringEquals: { 'aws:PrincipalArn': ['arn:aws:iam::111122223333:role/ci'] } },
          },
        ],
      });
    });

    it('writes settings that the functions can read, with all that was said and nothing else', async () => {
      const settingsOf = async (config: object, TableName: string, key: string): Promise<object> => {
        const { Item } = await new DynamoDBClient(config).send(
          new GetItemCommand({ TableName, Key: { pk: { S: `settings#${key}` } } }),
        );
        const { pk, ...settings } = unmarshall(Item!);
        expect(pk).toBe(`settings#${key}`);
        return z.strictObject(settingsSchema.shape).parse(settings);
      };

      expect(await settingsOf(aws.clientConfig(), 'iam-key-rotation', 'ci-deployer')).toMatchObject({
        ...{ stableKey: 'ci-deployer', userName: 'ci-deployer', owner: 'platform-team' },
        ...{ overlapSeconds: 86_400, gracePeriodSeconds: 604_800, whenStillInUse: 'hold' },
        rotatedWithinSeconds: 62 * 86_400 + 3 * 3600,
      });
      const mailer = await settingsOf(virginia(), 'iam-key-rotation-virginia', 'mailer');
      expect(mailer).toMatchObject({
        ...{ userName: 'legacy.mailer@example', overlapSeconds: 7200, whenStillInUse: 'retire' },
        takeOver: 'all',
        exemption: { reason: 'waits for the new "gateway"', until: Date.UTC(2026, 0, 31) },
      });
      expect(mailer).not.toHaveProperty('owner');
    });

    it('is rotated and retired, which leaves Terraform nothing to do', async () => {
      const SecretId = 'iam-key-rotation/ci-deployer';
      // Secrets Manager tests a new configuration first.
      await aws.rotationsSettled();
      const first = await readKey(aws, SecretId);

      await new SecretsManagerClient(aws.clientConfig()).send(new RotateSecretCommand({ SecretId }));
      await aws.rotationsSettled();

      const second = await readKey(aws, SecretId);
      expect(second.accessKeyId).not.toBe(first.accessKeyId);
      expect(await whoAmI(aws, second)).toBe('arn:aws:iam::111122223333:user/service/ci-deployer');
      aws.clockShiftMs += 31 * 60 * 60 * 1000;
      expect(await runRetirement(aws, 'iam-key-rotation-retire')).toMatchObject([
        { user: 'ci-deployer', decision: 'deactivate', keyId: first.accessKeyId },
      ]);
      expect(await tf.plan(protection)).toMatchObject({ exitCode: 0 });
    });

    it('leaves nothing behind when it is destroyed', async () => {
      await tf.destroy(protection);

      expect(await inventory(aws)).toEqual(before);
      expect(existsSync(join(folder, 'example/terraform.tfstate'))).toBe(true);
      expect(readdirSync(join(folder, 'example'))).not.toContain('cdktf.out');
    });
  });

  describe('with a user that is there already, and with what is made in the same apply', () => {
    let aws: LocalAws;
    let tf: Terraform;
    let oldKey: AccessKey;
    beforeAll(async () => {
      aws = await startLocalAws({ rotation: { retryDelayMs: 10 } });
      const iam = new IAMClient(aws.clientConfig());
      await iam.send(new CreateUserCommand({ UserName: 'legacy.mailer' }));
      oldKey = (await iam.send(new CreateAccessKeyCommand({ UserName: 'legacy.mailer' }))).AccessKey!;
      mkdirSync(join(folder, 'existing'));
      configure(EXISTING_USER + NEW_USER());
      tf = inFolder('existing', aws.environment);
      await tf.init();
    });
    afterAll(() => aws.stop());
    const identity = (key: AccessKey): Promise<string> =>
      whoAmI(aws, { accessKeyId: key.AccessKeyId!, secretAccessKey: key.SecretAccessKey! });

    const configure = (users: string): void =>
      writeFileSync(join(folder, 'existing/main.tf'), OWN_ROOT(users));
    /** What Terraform would do, by address; what stays as it is does not appear. */
    const changes = async (...args: string[]): Promise<Readonly<Record<string, readonly string[]>>> => {
      await tf.plan('-out=planned', ...args);
      const { stdout } = await tf.run('show', '-json', 'planned');
      const { resource_changes } = JSON.parse(stdout) as {
        resource_changes: { address: string; mode: string; change: { actions: string[] } }[];
      };
      return Object.fromEntries(
        resource_changes
          .filter(({ mode, change }) => mode === 'managed' && change.actions[0] !== 'no-op')
          .map(({ address, change }) => [address, change.actions]),
      );
    };

    it('is refused by the plan while the user lacks the tag, which says what to do', async () => {
      const { exitCode, output } = await tf.run('plan', '-input=false', '-no-color');

      expect(exitCode).toBe(1);
      expect(output.replaceAll(/[\s│]+/g, ' ')).toContain(
        'Give the IAM user the tag iam-key-rotation:stack = "production" where it is made',
      );
    });

    it('makes a key beside the one that is in use, and one for a user with a key of KMS that is made with it', async () => {
      await new IAMClient(aws.clientConfig()).send(
        new TagUserCommand({
          UserName: 'legacy.mailer',
          Tags: [{ Key: 'iam-key-rotation:stack', Value: 'production' }],
        }),
      );
      await tf.apply();

      expect(await whoAmI(aws, await readKey(aws, 'iam-key-rotation/mailer'))).toMatch(
        /user\/legacy.mailer$/,
      );
      expect(await whoAmI(aws, await readKey(aws, 'iam-key-rotation/s3-backup/key'))).toMatch(
        /user\/s3-backup$/,
      );
      expect(await identity(oldKey)).toMatch(/user\/legacy.mailer$/);
      expect(await tf.plan()).toMatchObject({ exitCode: 0 });
    });

    it('stays as it is when something of its base changes', async () => {
      expect(await changes('-var=emails=["oncall@example.com"]')).toEqual({
        'module.base.aws_sns_topic_subscription.alerts-email["oncall@example.com"]': ['create'],
      });
    });

    it('loses nothing to another set that was given the same prefix, not even when that is cleaned up', async () => {
      mkdirSync(join(folder, 'second'));
      writeFileSync(join(folder, 'second/main.tf'), SECOND_SET);
      const second = inFolder('second', aws.environment);
      await second.init();

      const { exitCode, output } = await second.run('apply', '-auto-approve', '-input=false', '-no-color');
      expect(exitCode).toBe(1);
      expect(output).toContain('Table already exists: iam-key-rotation');
      await second.destroy();

      expect(await tf.plan()).toMatchObject({ exitCode: 0 });
    });

    it('is not lost by accident: a removal that was not announced is refused, and destroys nothing of the user', async () => {
      configure(EXISTING_USER);
      const { exitCode, output } = await tf.run('apply', '-auto-approve', '-input=false', '-no-color');

      expect(exitCode).toBe(1);
      expect(output).toContain('decommission');
      expect(await whoAmI(aws, await readKey(aws, 'iam-key-rotation/s3-backup/key'))).toMatch(
        /user\/s3-backup$/,
      );
      configure(EXISTING_USER + NEW_USER());
      expect(await changes()).toEqual({});
    });

    it('goes in two applies', async () => {
      configure(EXISTING_USER + NEW_USER('decommission = true'));
      expect(await changes()).toEqual({
        'module.reports.aws_lambda_invocation.user_removal_guard': ['update'],
      });
      await tf.apply();
      configure(EXISTING_USER);
      await tf.apply();

      await expect(readKey(aws, 'iam-key-rotation/s3-backup/key')).rejects.toThrow();
      expect(await identity(oldKey)).toMatch(/user\/legacy.mailer$/);
    });

    it('leaves a user that is only looked up, with all its keys, when its call goes', async () => {
      configure(EXISTING_USER.replace(/\}\s*$/, 'decommission = true\n}\n'));
      await tf.apply();
      configure('');
      await tf.apply();

      expect(await identity(oldKey)).toMatch(/user\/legacy.mailer$/);
    });
  });
});
