import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CancelRotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

import { reportDocument } from '../../../cli/report/report-document';
import { rotationDocument } from '../../../cli/rotate/rotation-document';
import { statusDocument, type StatusDocument } from '../../../cli/status/status-document';
import { usesDocument } from '../../../cli/who-uses/uses-document';
import { DAY, HOUR } from '../../../contract/instant';
import type { LocalAws } from '../../../sandbox/local-aws';
import { type Finished, runCli, RunningCli } from '../../cli/sync/support/run-cli';
import { Stage } from '../../e2e/stack/support/stage';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { type Authorizer, createAuthorizer } from '../../support/iam-evaluation/authorizer';

const COMMANDS = ['status', 'rotate', 'who-uses', 'report', 'rollback', 'emergency'];

/** The tests are one story: each begins where the one before ended. */
describeWithTools('an operator with the policy that is printed for the commands', () => {
  let stage: Stage;
  let aws: LocalAws;
  let authorizer: Authorizer;
  let operatorArn: string;
  let environment: Readonly<Record<string, string>>;

  beforeAll(async () => {
    authorizer = createAuthorizer(() => aws);
    stage = await Stage.open({ authorize: authorizer.authorize });
    ({ aws } = stage);
    await stage.stack.apply(
      aStack([
        aUser('ci-deployer', { path: '/service/', owner: 'platform' }),
        aUser('mailer', {
          owner: 'mail',
          exemption: { reason: 'new gateway', until: new Date(stage.now() + 30 * DAY).toISOString() },
        }),
        aUser('reports', { owner: 'platform' }),
      ]),
    );
    const printed = await runCli(['policy', ...COMMANDS], aws.environment);
    const assume = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '111122223333' } };
    const { Role } = await stage.account.iam.send(
      new CreateRoleCommand({
        RoleName: 'operator',
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [assume] }),
      }),
    );
    operatorArn = Role!.Arn!;
    await stage.account.iam.send(
      new PutRolePolicyCommand({
        RoleName: 'operator',
        PolicyName: 'operator',
        PolicyDocument: printed.stdout,
      }),
    );
    const { Credentials } = await new STSClient(aws.clientConfig()).send(
      new AssumeRoleCommand({ RoleArn: operatorArn, RoleSessionName: 'operator' }),
    );
    environment = {
      ...aws.environment,
      AWS_ACCESS_KEY_ID: Credentials!.AccessKeyId!,
      AWS_SECRET_ACCESS_KEY: Credentials!.SecretAccessKey!,
      AWS_SESSION_TOKEN: Credentials!.SessionToken!,
    };
  });
  afterAll(() => stage.close());

  const run = (...args: string[]): Promise<Finished> => runCli(args, environment);
  const status = async (...args: string[]): Promise<StatusDocument> => {
    const { stdout } = await run('status', '--json', ...args);
    return statusDocument.parse(JSON.parse(stdout));
  };

  it('sees all users, and that nothing needs attention', async () => {
    const { exitCode, stdout } = await run('status');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^USER +KEY +AGE/);
    expect(stdout).toContain('Nothing needs attention');
    const { users } = await status();
    expect(users.map(({ user }) => user)).toEqual(['ci-deployer', 'mailer', 'reports']);
    for (const { user, keys } of users) {
      const { AccessKeyId } = await stage.currentKey(user);
      expect(keys).toMatchObject([{ id: AccessKeyId, role: 'current', status: 'Active' }]);
    }
  });

  it('rotates one user and reads each step as it is done', async () => {
    const before = await stage.currentKey('ci-deployer');

    const { exitCode, stdout, stderr } = await run('rotate', 'ci-deployer');

    const after = await stage.currentKey('ci-deployer');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`${after.AccessKeyId} is current; ${before.AccessKeyId} stays usable`);
    for (const step of ['was asked', 'was made and stored', 'was proved to work', 'is current'])
      expect(stderr).toContain(step);
  });

  it('rotates the users of an owner, and reads that an exempted user is not rotated', async () => {
    const owned = await run('rotate', '--json', '--owner', 'platform');
    const { rotations } = rotationDocument.parse(JSON.parse(owned.stdout));
    expect(rotations.map(({ user }) => user)).toEqual(['ci-deployer', 'reports']);
    expect(rotations[1]).toMatchObject({
      outcome: 'rotated',
      keyId: (await stage.currentKey('reports')).AccessKeyId,
    });
    // Both of its slots are taken.
    expect(rotations[0]).toMatchObject({ outcome: 'deferred' });
    expect(owned.exitCode).toBe(1);

    const exempted = await run('rotate', 'mailer');
    expect(exempted.exitCode).toBe(1);
    expect(exempted.stdout).toContain('not started. The configuration exempts it until');
    expect(exempted.stdout).toContain('new gateway');
  });

  it('reads why a step failed, from the log of the function', async () => {
    const permit = await stage.account.deny('iam-key-rotation-reports', 'iam:ListAccessKeys');
    const { exitCode, stdout } = await run('rotate', 'reports', '--wait', '10');
    await permit();

    expect(exitCode).toBe(1);
    expect(stdout).toContain('reports: a step failed, and Secrets Manager tries again by itself.');
    expect(stdout).toContain('ListAccessKeys');
  });

  it('reads of a held key why it is held, and finds who uses it', async () => {
    const previous = await stage.account.storedKey('iam-key-rotation/ci-deployer', 'AWSPREVIOUS');
    stage.goTo(stage.now() + 24 * HOUR);
    await stage.account.whoIs(previous);
    stage.goTo(stage.now() + 2 * HOUR);
    await stage.sweep();

    const seen = await run('status', 'ci-deployer');
    expect(seen.exitCode).toBe(1);
    expect(seen.stdout).toContain('held: Still in use: last used at');
    expect(seen.stdout).toContain('What to do first:');

    const uses = await run('who-uses', 'ci-deployer', '--json', '--days', '2');
    const { keys } = usesDocument.parse(JSON.parse(uses.stdout));
    const calls = aws
      .calls()
      .filter(
        ({ accessKeyId, action }) => accessKeyId === previous.AccessKeyId && action === 'GetCallerIdentity',
      );
    const held = keys.find(({ id }) => id === previous.AccessKeyId);
    expect(held).toMatchObject({ role: 'previous', lastUsed: { service: 'sts' } });
    expect(held?.uses.reduce((sum, use) => sum + use.calls, 0)).toBe(calls.length);
    expect(held?.uses[0]).toMatchObject({
      principal: 'arn:aws:iam::111122223333:user/service/ci-deployer',
      service: 'sts.amazonaws.com',
      actions: ['GetCallerIdentity'],
    });
  });

  it('sees first who needs attention most, without a call for each user, too', async () => {
    const { secretArn } = (await status()).users.find(({ user }) => user === 'reports')!;
    await stage.account.secrets.send(new CancelRotateSecretCommand({ SecretId: secretArn }));

    const document = await status();
    expect(document.users.map(({ attention }) => attention)).toEqual(
      document.users.map(({ attention }) => attention).toSorted(worstFirst),
    );
    expect(document.users.find(({ user }) => user === 'reports')?.findings).toMatchObject([
      { kind: 'rotationDetached' },
    ]);

    await stage.sweep();
    const before = aws.calls().length;
    const quick = await status('--quick');
    const asked = aws
      .calls()
      .slice(before)
      .filter(({ principal }) => principal?.type === 'role');
    expect(asked.map(({ action }) => action)).not.toContain('ListAccessKeys');
    expect(quick.users.find(({ user }) => user === 'reports')?.findings).toMatchObject([
      { kind: 'rotationDetached' },
    ]);
  });

  it('goes back to the previous key, and replaces one that leaked', async () => {
    const left = await stage.currentKey('ci-deployer');
    const back = await run('rollback', '--user', 'ci-deployer', '--leave', left.AccessKeyId);
    expect(back).toMatchObject({ exitCode: 0 });

    const leaked = await stage.currentKey('ci-deployer');
    const emergency = await run(
      ...[
        'emergency',
        '--user',
        'ci-deployer',
        '--leaked',
        leaked.AccessKeyId,
        '--give-way',
        left.AccessKeyId,
      ],
    );
    expect(emergency).toMatchObject({ exitCode: 0 });
    expect((await stage.currentKey('ci-deployer')).AccessKeyId).not.toBe(leaked.AccessKeyId);
  });

  it('stops watching with Ctrl-C, and the rotation goes on', async () => {
    const before = await stage.currentKey('ci-deployer');
    const rotating = new RunningCli(['rotate', 'ci-deployer'], environment);
    while (!rotating.stderr.includes('was asked')) await new Promise((resolve) => setTimeout(resolve, 20));
    rotating.stop('SIGINT');

    const { exitCode, stderr } = await rotating.finished();

    expect(exitCode).toBe(130);
    expect(stderr).toContain('go on without this command');
    await aws.rotationsSettled();
    expect((await stage.currentKey('ci-deployer')).AccessKeyId).not.toBe(before.AccessKeyId);
  });

  it('gives the auditor a report in which nothing is missing because of a right', async () => {
    const { exitCode, stdout } = await run('report', '--json');
    expect(exitCode).toBe(0);
    const { unseen, numbers } = reportDocument.parse(JSON.parse(stdout));
    expect(unseen.filter(({ when }) => when === 'thisTime')).toEqual([]);
    expect(numbers).toMatchObject({ users: 3, exemptions: 1 });
  });

  it.each([
    [['status', 'nobody'], 'holds no user nobody'],
    [['rotate'], 'Say whom to rotate in one way'],
    [['rotate', 'reports', '--all'], 'Say whom to rotate in one way'],
    [['rotate', '--owner', 'nobody'], 'Owners are: platform, mail'],
    [['who-uses', 'nobody'], 'holds no user nobody'],
    [['policy', 'nothing'], 'There is no command nothing'],
  ])('reads what is wrong with %j', async (args, said) => {
    const { exitCode, stdout, stderr } = await run(...args);
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(said);
  });

  it('reads which table there is not', async () => {
    const { exitCode, stderr } = await stage.command('status', '--prefix', 'nothing');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('This account has no table nothing in eu-west-1.');
  });

  it('was refused nothing, and has no right that no command needed', async () => {
    expect(authorizer.refusals().filter((refusal) => refusal.startsWith(operatorArn))).toEqual([]);
    expect(await authorizer.unusedGrants(operatorArn)).toEqual([]);
  });
});

const RANK = { critical: 0, warning: 1, none: 2 };
type Attention = keyof typeof RANK;
const worstFirst = (a: Attention, b: Attention): number => RANK[a] - RANK[b];
