import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { CloudTrailClient, DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { S3Client, ListBucketsCommand } from '@aws-sdk/client-s3';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';

import { findLosses } from '../../../cli/check-plan/find-losses';
import { readPlan } from '../../../cli/check-plan/read-plan';
import type { StackConfiguration, UserConfiguration } from '../../../modules/config/configuration';
import type { LocalAws } from '../../../sandbox/local-aws';
import { terraformCliConfig } from '../../../sandbox/terraform';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { Application } from '../../e2e/client/support/application';
import type { Account, StoredKey } from '../../e2e/stack/support/account';
import type { AppliedStack } from '../../e2e/stack/support/applied-stack';
import { Stage } from '../../e2e/stack/support/stage';

const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const PAGE = readFileSync(join(__dirname, '../../../docs/leaving.md'), 'utf8');

/** A command as docs/leaving.md prints it. */
function printed(name: string): string {
  const [, command] =
    new RegExp(`<!-- tested: ${name} -->\\n\\n *\`\`\`\\n([\\s\\S]*?)\`\`\``).exec(PAGE) ?? [];
  if (command === undefined) throw new Error(`docs/leaving.md has no command ${name}.`);
  return command;
}

const secretOf = (key: string): string => `iam-key-rotation/${key}`;

/** What is left of a user who is only looked up. */
const released = (key: string, own: Partial<UserConfiguration> = {}): UserConfiguration =>
  aUser(key, { existing: true, ...own });

/** The tests are one story: each begins where the one before ended. */
describeWithTools('whoever leaves the product by docs/leaving.md', () => {
  let stage: Stage;
  let aws: LocalAws;
  let account: Account;
  let stack: AppliedStack;
  let applications: readonly Application[];
  const keys = new Map<string, StoredKey>();

  const owned = (key: string): UserConfiguration => aUser(key, { policyArns: [READ_ONLY] });
  const stackOf = (users: readonly UserConfiguration[], own: Partial<StackConfiguration> = {}) =>
    aStack([...users], {
      functions: 'shared',
      secretRecoveryDays: 7,
      auditTrail: { kind: 'create', retentionDays: 365 },
      ...own,
    });

  /** In the folder of the stack, as a person would. */
  const inShell = (command: string): string =>
    execFileSync('bash', ['-o', 'pipefail', '-c', command], {
      cwd: stack.directory,
      encoding: 'utf8',
      env: { ...process.env, TF_CLI_CONFIG_FILE: terraformCliConfig(), ...aws.environment },
    });
  const refusedByCheckPlan = async (): Promise<readonly string[]> => {
    const { stdout } = await stack.terraform.run('show', '-json', 'planned');
    const file = join(stack.directory, 'plan.json');
    writeFileSync(file, stdout);
    return findLosses(readPlan(file), []).refused.map(({ address }) => address);
  };
  const isRotated = async (key: string): Promise<boolean> =>
    (await account.secrets.send(new DescribeSecretCommand({ SecretId: secretOf(key) }))).RotationEnabled ===
    true;
  const expectAsBefore = async (key: string): Promise<void> => {
    expect(await account.storedKey(secretOf(key))).toEqual(keys.get(key));
    expect(await account.keysOf(key)).toEqual([`${keys.get(key)!.AccessKeyId} Active`]);
    expect(await account.policiesOf(key)).toEqual([READ_ONLY]);
    expect(await account.whoIs(keys.get(key)!)).toContain(`user/${key}`);
  };

  beforeAll(async () => {
    stage = await Stage.open();
    ({ aws, account, stack } = stage);
    await stack.apply(stackOf(['one', 'two', 'three', 'gone'].map(owned)));
    for (const key of ['one', 'two', 'three', 'gone']) {
      keys.set(key, await account.storedKey(secretOf(key)));
    }
    applications = ['one', 'two', 'three'].map(
      (key) => new Application(key, [account.clientWith(keys.get(key)!)], { parallel: 1, everyMs: 200 }),
    );
  });
  afterAll(async () => {
    for (const application of applications) await application.stop();
    await stage.close();
  });

  it('takes one user out first: the plan forgets the user and its policies, and destroys nothing', async () => {
    const changes = await stack.changes(
      stackOf([released('one', { decommission: true }), ...['two', 'three', 'gone'].map(owned)]),
    );

    expect(changes).toMatchObject({
      'aws_iam_user.one': 'remove',
      [`aws_iam_user_policy_attachment.one["${READ_ONLY}"]`]: 'remove',
    });
    expect(Object.values(changes)).not.toContain('delete');
    expect(Object.values(changes)).not.toContain('replace');
    expect(await refusedByCheckPlan()).toEqual([]);
    await stack.applyChanges();
    await expectAsBefore('one');
  });

  it('would delete that user’s secret with the entry, and check-plan refuses that and nothing else', async () => {
    await stack.changes(stackOf(['two', 'three', 'gone'].map(owned)));

    expect(await refusedByCheckPlan()).toEqual(['aws_secretsmanager_secret.one']);
  });

  it('keeps that user’s secret by having Terraform forget it, and takes the entry out', async () => {
    const [command] = /terraform state list \| grep -E '\^aws_secretsmanager[^\n]*ci-deployer[^\n]*/.exec(
      PAGE,
    )!;
    inShell(command.replace('ci-deployer', 'one'));

    await stack.changes(stackOf(['two', 'three', 'gone'].map(owned)));
    expect(await refusedByCheckPlan()).toEqual([]);
    await stack.applyChanges();

    await expectAsBefore('one');
    expect(await isRotated('one')).toBe(false);
    expect((await stack.addresses()).filter((address) => /\.one(_|$|\[)/.test(address))).toEqual([]);
    expect((await stack.terraform.plan()).exitCode).toBe(0);
  });

  it('removes one user with its keys in two applies, and its secret can be restored', async () => {
    await stack.apply(stackOf([owned('two'), owned('three'), { ...owned('gone'), decommission: true }]));
    await stack.apply(stackOf([owned('two'), owned('three')]));

    expect((await account.inventory())['users']).not.toContain('gone');
    const { DeletedDate } = await account.secrets.send(
      new DescribeSecretCommand({ SecretId: secretOf('gone') }),
    );
    expect(DeletedDate).toBeInstanceOf(Date);
    await expect(account.whoIs(keys.get('gone')!)).rejects.toThrow();
  });

  it('cannot destroy the stack as it is, and loses nothing by trying', async () => {
    const inventory = await account.inventory();

    const { exitCode, output } = await stack.terraform.run('destroy', '-auto-approve', '-input=false');

    expect(exitCode).toBe(1);
    expect(output).toContain('Instance cannot be destroyed');
    expect(await account.inventory()).toEqual(inventory);
  });

  it('releases all users with protection off, and that plan destroys nothing', async () => {
    const changes = await stack.changes(stackOf([released('two'), released('three')], { protection: false }));

    expect(Object.values(changes)).not.toContain('delete');
    expect(Object.values(changes)).not.toContain('replace');
    expect(await refusedByCheckPlan()).toEqual([]);
    await stack.applyChanges();
    for (const key of ['two', 'three']) await expectAsBefore(key);
  });

  it('keeps secrets and trail by the commands of the page, and destroys all the rest', async () => {
    inShell(printed('forget-secrets'));
    inShell(printed('forget-trail'));

    await stack.terraform.destroy();

    expect(await stack.addresses()).toEqual([]);
    const { users, secrets, functions, roles, tables } = await account.inventory();
    expect(users).toEqual(['one', 'three', 'two']);
    expect(secrets).toEqual(['gone', 'one', 'three', 'two'].map(secretOf));
    expect({ functions, roles, tables }).toEqual({ functions: [], roles: [], tables: [] });
  });

  it('has users, keys, policies, values and the trail as before, and nothing rotates any more', async () => {
    for (const key of ['one', 'two', 'three']) {
      await expectAsBefore(key);
      expect(await isRotated(key)).toBe(false);
    }
    const { trailList } = await new CloudTrailClient(aws.clientConfig()).send(new DescribeTrailsCommand({}));
    expect(trailList).toHaveLength(1);
    const { Buckets = [] } = await new S3Client({ ...aws.clientConfig(), forcePathStyle: true }).send(
      new ListBucketsCommand({}),
    );
    expect(Buckets.map(({ Name }) => Name)).toContain(trailList![0]!.S3BucketName);
  });

  it('lets no call of an application fail on the way', async () => {
    for (const application of applications) {
      await application.stop();
      expect([...application.calls.values()][0]).toBeGreaterThan(20);
      expect(application.failures).toEqual([]);
    }
  });
});
