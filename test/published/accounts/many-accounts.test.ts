import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';

import { readKey, whoAmI } from '../../../sandbox/demo/application';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { type Terraform, terraform } from '../../../sandbox/terraform';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { furnishProject } from '../../support/product';
import { ObjectStore } from '../../support/object-store';

const PRODUCTION = '111122223333';
const STAGING = '444455556666';
const STATE = 'iam-key-rotation/production.tfstate';

const FILES = {
  'rotation.yaml': `
include: [accounts/*.yaml]
defaults: { overlap: 12h }
`,
  'accounts/production.yaml': `
stacks:
  production:
    accountId: '${PRODUCTION}'
    region: eu-west-1
    deployRoleArn: arn:aws:iam::${PRODUCTION}:role/ci/terraform
    backend: { s3: { bucket: tf-state, key: ${STATE}, region: eu-west-1 } }
    protection: off
    secretRecoveryDays: 0
    include: [teams/*.yaml]
`,
  'accounts/staging.yaml': `
stacks:
  staging:
    accountId: '${STAGING}'
    region: eu-central-1
    deployRoleArn: arn:aws:iam::${STAGING}:role/ci/terraform
    deployRoleSessionName: iam-key-rotation
    protection: off
    secretRecoveryDays: 0
    defaults: { overlap: 6h }
    users: { payments-api: {} }
`,
  'accounts/teams/payments.yaml': `
users:
  payments-api: { owner: payments }
`,
} as const;

/** Each account is a local AWS of its own. The tests are one story: each begins where the one before ended. */
describeWithTools('one configuration for two accounts in two regions', () => {
  let folder: string;
  let accounts: Readonly<Record<'production' | 'staging', LocalAws>>;
  let states: ObjectStore;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'two-accounts-'));
    furnishProject(folder);
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const accessKeys = { propagation: { delaySeconds: 0, flapping: false } };
    const [production, staging] = await Promise.all([
      startLocalAws({ accountId: PRODUCTION, region: 'eu-west-1', accessKeys }),
      startLocalAws({ accountId: STAGING, region: 'eu-central-1', accessKeys }),
    ]);
    accounts = { production, staging };
    await Promise.all(Object.values(accounts).map(makeDeployRole));
    states = await ObjectStore.create(production, 'tf-state');
    await promisify(execFile)(process.execPath, ['--import', require.resolve('tsx'), 'main.ts'], {
      cwd: folder,
    });
  });
  afterAll(async () => {
    await Promise.all(Object.values(accounts).map((aws) => aws.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  const stackIn = (stack: keyof typeof accounts, account = stack): Terraform =>
    terraform(join(folder, 'cdktf.out/stacks', stack), { env: accounts[account].environment });
  const SecretId = 'iam-key-rotation/payments-api';

  it('is applied account by account, each by its own role, into its own state', async () => {
    for (const stack of ['production', 'staging'] as const) {
      await stackIn(stack).init();
      await stackIn(stack).apply();
    }

    for (const [account, aws] of Object.entries({
      [PRODUCTION]: accounts.production,
      [STAGING]: accounts.staging,
    })) {
      expect(await whoAmI(aws, await readKey(aws, SecretId))).toBe(
        `arn:aws:iam::${account}:user/payments-api`,
      );
      const creator = aws.calls().find(({ action }) => action === 'CreateUser');
      expect(creator?.principal?.arn).toBe(`arn:aws:iam::${account}:role/ci/terraform`);
    }
    expect(JSON.parse(await states.get(STATE))).toMatchObject({ outputs: { table_name: {} } });
    expect(readFileSync(join(folder, 'terraform-state/staging.tfstate'), 'utf8')).toContain(STAGING);
  });

  it('has the outputs of each account for itself', async () => {
    expect(await stackIn('production').output()).toMatchObject({
      secret_arns: {
        'payments-api': expect.stringMatching(/^arn:aws:secretsmanager:eu-west-1:111122223333:/) as string,
      },
    });
    expect(await stackIn('staging').output()).toMatchObject({
      secret_arns: {
        'payments-api': expect.stringMatching(/^arn:aws:secretsmanager:eu-central-1:444455556666:/) as string,
      },
    });
  });

  it('is rotated in each account, which leaves Terraform nothing to do', async () => {
    for (const stack of ['production', 'staging'] as const) {
      const aws = accounts[stack];
      const first = await readKey(aws, SecretId);
      await aws.rotationsSettled();
      await new SecretsManagerClient(aws.clientConfig()).send(new RotateSecretCommand({ SecretId }));
      await aws.rotationsSettled();

      expect((await readKey(aws, SecretId)).accessKeyId).not.toBe(first.accessKeyId);
      expect(await stackIn(stack).plan()).toMatchObject({ exitCode: 0 });
    }
  });

  it('is refused while somebody else holds the lock of the state, and says who', async () => {
    await states.put(
      `${STATE}.tflock`,
      JSON.stringify({ ID: 'a-lock', Who: 'somebody@else', Operation: 'OperationTypeApply' }),
    );

    const { exitCode, output } = await stackIn('production').run('plan', '-input=false', '-no-color');

    expect(exitCode).toBe(1);
    expect(output).toContain('Error acquiring the state lock');
    expect(output).toContain('somebody@else');
    await states.delete(`${STATE}.tflock`);
    expect(await stackIn('production').plan()).toMatchObject({ exitCode: 0 });
  });

  it('is refused in the wrong account, before anything is looked at', async () => {
    const before = accounts.production.calls().length;

    const { exitCode, output } = await stackIn('staging', 'production').run(
      'plan',
      '-input=false',
      '-no-color',
    );

    expect(exitCode).toBe(1);
    expect(output).toContain(`arn:aws:iam::${STAGING}:role/ci/terraform`);
    expect(
      accounts.production
        .calls()
        .slice(before)
        .map(({ service }) => service),
    ).not.toContain('iam');
  });

  it('goes from one account without the other noticing', async () => {
    await stackIn('staging').destroy();

    await expect(readKey(accounts.staging, SecretId)).rejects.toThrow();
    expect(await whoAmI(accounts.production, await readKey(accounts.production, SecretId))).toContain(
      PRODUCTION,
    );
  });
});

async function makeDeployRole(aws: LocalAws): Promise<void> {
  const statement = { Effect: 'Allow', Principal: { AWS: aws.accountId }, Action: 'sts:AssumeRole' };
  await new IAMClient(aws.clientConfig()).send(
    new CreateRoleCommand({
      RoleName: 'terraform',
      Path: '/ci/',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    }),
  );
}
