import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { deploySh, type Finished } from '../../support/deploy-sh';
import { furnishProject } from '../../support/product';
import { Account } from '../../e2e/stack/support/account';

const configurationOf = (users: readonly string[]): string =>
  `stacks:
  production:
    accountId: '111122223333'
    region: eu-west-1
    protection: off
    secretRecoveryDays: 0
    users:
${users.map((user) => `      ${user}: {}\n`).join('')}`;

/** The tests are one story: each begins where the one before ended. */
describeWithTools('examples/pipelines/deploy.sh', () => {
  let aws: LocalAws;
  let checkout: string;

  beforeAll(async () => {
    aws = await startLocalAws({ accessKeys: { propagation: { delaySeconds: 0, flapping: false } } });
    checkout = mkdtempSync(join(tmpdir(), 'check out-'));
    furnishProject(checkout);
  });
  afterAll(async () => {
    await aws.stop();
    rmSync(checkout, { recursive: true, force: true });
  });

  const configure = (...users: string[]): void =>
    writeFileSync(join(checkout, 'rotation.yaml'), configurationOf(users));

  const deploy = (...args: string[]): Promise<Finished> => deploySh(checkout, aws, args);

  it('plans and changes nothing', async () => {
    configure('deployer', 'backup');

    const { exitCode, output } = await deploy('plan', 'production');

    expect(output).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy/);
    expect(output).toContain('nothing irreplaceable is lost');
    expect(exitCode).toBe(0);
    expect((await new Account(aws).inventory())['users']).toEqual([]);
  });

  it('applies the plan that was made', async () => {
    const { exitCode, output } = await deploy('apply', 'production');

    expect(output).toContain('Apply complete!');
    expect(exitCode).toBe(0);
    const account = new Account(aws);
    expect(await account.whoIs(await account.storedKey('iam-key-rotation/deployer'))).toContain(
      'user/deployer',
    );
  });

  it('refuses a plan that would lose a user and its secret, and says which', async () => {
    configure('deployer');

    const { exitCode, output } = await deploy('plan', 'production');

    expect(exitCode).toBe(1);
    expect(output).toContain('The plan is refused');
    expect(output).toContain('aws_iam_user.backup would be destroyed (delete_because_no_resource_config)');
    expect(output).toContain("--allow 'aws_iam_user.backup' --allow 'aws_secretsmanager_secret.backup'");
    expect(output).not.toContain('aws_iam_user.deployer would be');
  });

  it('applies no plan that was refused', async () => {
    const { exitCode, output } = await deploy('apply', 'production');

    expect(exitCode).toBe(1);
    expect(output).toContain('There is no plan of production that passed the check.');
    expect((await new Account(aws).inventory())['users']).toEqual(['backup', 'deployer']);
  });

  it('accepts it where each address was allowed', async () => {
    const allow = ['--allow', 'aws_iam_user.backup', '--allow', 'aws_secretsmanager_secret.backup'];

    expect(await deploy('plan', 'production', ...allow)).toMatchObject({ exitCode: 0 });
  });

  it('applies no plan that was made from another configuration', async () => {
    configure('deployer', 'reporter');

    const { exitCode, output } = await deploy('apply', 'production');

    expect({ exitCode, output }).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('The plan of production was made from another configuration') as string,
    });
  });

  it('plans no stack that the configuration no longer has, although an earlier run left its folder', async () => {
    writeFileSync(
      join(checkout, 'rotation.yaml'),
      configurationOf(['deployer']).replace('production', 'prod'),
    );

    const { exitCode, output } = await deploy('plan', 'production');

    expect(output).toContain('rotation.yaml has no stack production');
    expect(exitCode).toBe(1);
  });

  it('plans what was synthesized into the folder that the environment names', async () => {
    configure('deployer', 'backup', 'reporter');

    const { exitCode, output } = await deploySh(checkout, aws, ['plan', 'production'], {
      CDKTF_OUTDIR: 'build',
    });

    expect(output).toContain('aws_iam_user.reporter will be created');
    expect(exitCode).toBe(0);
  });

  it('says what is wrong with how it was started', async () => {
    expect(await deploy('plan')).toMatchObject({ exitCode: 64 });
    const { exitCode, output } = await deploy('plan', 'staging');
    expect({ exitCode, output }).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('rotation.yaml has no stack staging') as string,
    });
  });
});
