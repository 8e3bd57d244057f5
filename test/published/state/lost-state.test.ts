import { rmSync } from 'node:fs';
import { join } from 'node:path';

import type { LocalAws } from '../../../sandbox/local-aws';
import { type Finished, runCli } from '../../cli/sync/support/run-cli';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import type { Account } from '../../e2e/stack/support/account';
import type { AppliedStack } from '../../e2e/stack/support/applied-stack';
import { Stage } from '../../e2e/stack/support/stage';

const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const USERS = { deployer: 'deployer', legacy_mailer: 'legacy.mailer@example' } as const;

const CONFIGURATION = aStack([
  aUser('deployer', {
    path: '/service/',
    policyArns: [READ_ONLY],
    readers: ['arn:aws:iam::111122223333:root'],
    owner: 'platform ${team}',
  }),
  aUser('legacy_mailer', { userName: USERS.legacy_mailer, existing: true }),
]);

/** The tests are one story: each begins where the one before ended. */
describeWithTools('a stack whose state was lost', () => {
  let stage: Stage;
  let aws: LocalAws;
  let account: Account;
  let stack: AppliedStack;
  let before: { readonly keys: unknown; readonly addresses: readonly string[] };

  const importBlocks = (...args: string[]): Promise<Finished> =>
    runCli(['import-blocks', stack.directory, ...args], aws.environment);

  /** What IAM lists and what the secrets hold, of each user. */
  const keys = (): Promise<unknown> =>
    Promise.all(
      Object.entries(USERS).map(async ([key, userName]) => ({
        listed: await account.keysOf(userName),
        current: await stage.currentKey(key),
      })),
    );

  beforeAll(async () => {
    stage = await Stage.open();
    ({ aws, account, stack } = stage);
    await account.createUser(USERS.legacy_mailer, '/');
    await stack.apply(CONFIGURATION);
    expect(await account.rotate('iam-key-rotation/deployer')).toContain('RotationSucceeded');
    before = { keys: await keys(), addresses: await stack.addresses() };
    stack.loseState();
  });
  afterAll(() => stage.close());

  it('is in AWS as before, and Terraform would make everything again', async () => {
    const changes = await stack.changes(CONFIGURATION);

    expect(Object.values(changes)).toHaveLength(
      before.addresses.filter((one) => !one.startsWith('data.')).length,
    );
    expect(new Set(Object.values(changes))).toEqual(new Set(['create']));
  });

  it('gets an import block for everything that can be imported', async () => {
    const { exitCode, stdout, stderr } = await importBlocks();

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('69 to import; 11 that Terraform makes again.');
  });

  it('would then be imported, with the rest made again, and nothing destroyed or replaced', async () => {
    const { output } = await stack.terraform.plan('-out=planned');

    expect(output).toMatch(/Plan: 69 to import, 11 to add, \d+ to change, 0 to destroy/);
  });

  it('rotates and retires nothing between the removal of the settings and the apply', async () => {
    expect(await importBlocks('--remove-settings', 'another-table')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('in table iam-key-rotation, not in another-table') as string,
    });
    expect(await importBlocks('--remove-settings', 'iam-key-rotation')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('settings#deployer, settings#legacy_mailer') as string,
    });

    expect(await account.rotate('iam-key-rotation/legacy_mailer')).toContain('RotationFailed');
    expect(aws.functionLogs('iam-key-rotation-legacy_mailer')).toContain(
      'The table holds no settings of legacy_mailer',
    );
    expect(await keys()).toEqual(before.keys);
  });

  it('comes back with one apply, and no key was touched', async () => {
    await stack.terraform.apply('planned');

    expect(await stack.addresses()).toEqual(before.addresses);
    expect(await keys()).toEqual(before.keys);
  });

  it('has nothing left to do then, and rotates as before', async () => {
    rmSync(join(stack.directory, 'imports.tf'));
    expect((await stack.terraform.plan()).exitCode).toBe(0);

    expect(await account.rotate('iam-key-rotation/legacy_mailer')).toContain('RotationSucceeded');
  });
});
