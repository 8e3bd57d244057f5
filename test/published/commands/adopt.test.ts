import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import { type AdoptDocument, adoptDocumentSchema } from '../../../cli/adopt/adopt-document';
import { ADOPT_PERMISSIONS } from '../../../cli/adopt/permissions';
import { DAY } from '../../../contract/instant';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { type Finished, runCli } from '../../cli/sync/support/run-cli';
import { createAuthorizer } from '../../support/iam-evaluation/authorizer';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

describeWithTools('adopt, in an account', () => {
  let aws: LocalAws;
  let iam: IAMClient;
  let operatorArn: string;
  let environment: Readonly<Record<string, string>>;
  const folder = mkdtempSync(join(tmpdir(), 'adopt-'));
  let printed = '';
  const secrets: string[] = [];
  const ids = new Map<string, string>();

  const adopt = async (...args: readonly string[]): Promise<Finished> => {
    const finished = await runCli(['adopt', ...args], environment);
    printed += finished.stdout + finished.stderr;
    return finished;
  };
  const documentOf = async (...args: readonly string[]): Promise<AdoptDocument> => {
    const finished = await adopt('--json', ...args);
    expect(finished).toMatchObject({ exitCode: 0 });
    return adoptDocumentSchema.parse(JSON.parse(finished.stdout));
  };
  const verdicts = ({ keys }: AdoptDocument): Record<string, string> =>
    Object.fromEntries(keys.map(({ userName, verdict, certainty }) => [userName, `${verdict} ${certainty}`]));

  /** @param agent the key is used once, by a program that calls itself so; undefined: it is not used */
  async function makeUser(UserName: string, agent?: string): Promise<void> {
    await iam.send(new CreateUserCommand({ UserName, Path: '/apps/' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = AccessKey ?? {};
    secrets.push(secretAccessKey);
    ids.set(UserName, accessKeyId);
    if (agent === undefined) return;
    const sts = new STSClient({
      ...aws.clientConfig({ accessKeyId, secretAccessKey }),
      customUserAgent: [[agent, '1']],
    });
    await sts.send(new GetCallerIdentityCommand({}));
  }

  /** From now on the command is run with what `policy adopt` prints, and no more. */
  async function becomeOperator(): Promise<void> {
    const { stdout: PolicyDocument } = await runCli(['policy', 'adopt'], aws.environment);
    const RoleName = 'operator';
    const assume = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: aws.accountId } };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [assume] });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    operatorArn = Role!.Arn!;
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: RoleName, PolicyDocument }));
    const { Credentials } = await new STSClient(aws.clientConfig()).send(
      new AssumeRoleCommand({ RoleArn: operatorArn, RoleSessionName: RoleName }),
    );
    environment = {
      ...aws.environment,
      AWS_ACCESS_KEY_ID: Credentials!.AccessKeyId!,
      AWS_SECRET_ACCESS_KEY: Credentials!.SecretAccessKey!,
      AWS_SESSION_TOKEN: Credentials!.SessionToken!,
    };
  }

  beforeAll(async () => {
    const { authorize } = createAuthorizer(() => aws);
    aws = await startLocalAws({
      authorize,
      accessKeys: { propagation: { delaySeconds: 0, flapping: false } },
    });
    iam = new IAMClient(aws.clientConfig());
    await makeUser('forgotten');
    await makeUser('used-once', 'old-program');
    aws.clockShiftMs = 91 * DAY;
    await makeUser('alice', 'some-program');
    await iam.send(new CreateLoginProfileCommand({ UserName: 'alice', Password: 'correct-Horse-7-battery' }));
    await makeUser('gitlab-runner', 'some-program');
    await makeUser('mailer', 'configure-aws-credentials-for-github-actions');
    await iam.send(
      new AttachUserPolicyCommand({
        UserName: 'mailer',
        PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      }),
    );
    await makeUser('billing', 'some-program');
    await makeUser('switched-off', 'some-program');
    await iam.send(
      new UpdateAccessKeyCommand({
        ...{ UserName: 'switched-off', AccessKeyId: ids.get('switched-off')!, Status: 'Inactive' },
      }),
    );
    await iam.send(new CreateUserCommand({ UserName: 'without-keys' }));
    await becomeOperator();
  });
  afterAll(async () => {
    await aws.stop();
    rmSync(folder, { recursive: true });
  });

  it('gives a verdict on every key, with its evidence, in a document as its schema says', async () => {
    const document = await documentOf();

    expect(verdicts(document)).toEqual({
      forgotten: 'delete fact',
      'used-once': 'delete fact',
      'switched-off': 'delete guess',
      alice: 'person fact',
      mailer: 'rotate guess',
      billing: 'rotate guess',
      'gitlab-runner': 'ci guess',
    });
    expect(document).toMatchObject({ users: 8, counts: { delete: 3, person: 1, rotate: 2, ci: 1 } });
    expect(document.keys.map(({ userName, accessKeyId }) => accessKeyId === ids.get(userName))).not.toContain(
      false,
    );
  });

  it('shows a table, the most urgent first, and says what it cannot see', async () => {
    const { stdout, stderr } = await adopt('--verdict', 'delete,rotate');

    expect(stdout.indexOf('delete (3)')).toBeLessThan(stdout.indexOf('rotate (2)'));
    expect(stdout).toMatch(
      new RegExp(`forgotten +${ids.get('forgotten')!} +91d +never +yes +It was never used`),
    );
    expect(stdout).not.toContain('alice');
    expect(stderr).toContain('The credential report is of');
  });

  it('says more with the event history: whose program it was', async () => {
    expect(verdicts(await documentOf('--trail'))).toMatchObject({
      mailer: 'ci guess',
      forgotten: 'delete fact',
    });
  });

  it('takes another limit for what counts as unused', async () => {
    expect(verdicts(await documentOf('--unused-for', '365'))).toMatchObject({
      forgotten: 'rotate guess',
      'used-once': 'rotate guess',
    });
  });

  it('is not stopped by an IAM that throttles, or that does not answer once', async () => {
    const throttled = aws.inject({
      match: { action: 'ListAccessKeys' },
      fault: { kind: 'throttle' },
      times: 3,
    });
    const cut = aws.inject({ match: { action: 'ListUserTags' }, fault: { kind: 'cut' } });

    expect(Object.keys(verdicts(await documentOf()))).toHaveLength(7);

    expect([throttled.hits, cut.hits]).toEqual([3, 1]);
    for (const fault of [throttled, cut]) fault.remove();
  });

  it('names the permission that is missing, and gets by without the report', async () => {
    const message =
      'User: arn:aws:iam::111122223333:user/a is not authorized to perform: iam:X on resource: *';
    const refuse = (action: string) =>
      aws.inject({
        match: { action },
        fault: { kind: 'refuse', code: 'AccessDenied', message: message.replace('X', action), status: 403 },
        times: 9,
      });
    const report = refuse('GenerateCredentialReport');
    const document = await documentOf();
    expect(verdicts(document)).toMatchObject({ alice: 'person fact', forgotten: 'delete fact' });
    expect(document.notes[0]).toContain('iam:GenerateCredentialReport');
    report.remove();

    const users = refuse('ListUsers');
    expect(await adopt()).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('not authorized to perform: iam:ListUsers') as string,
    });
    users.remove();
  });

  it('writes entries and prints the steps, once', async () => {
    const file = join(folder, 'users.yaml');

    const { exitCode, stdout } = await adopt('--users', 'mailer', '--import', '--write', file);

    expect(exitCode).toBe(0);
    expect(stdout).toContain('"1 to import"');
    expect(readFileSync(file, 'utf8')).toMatch(
      /mailer:\n {4}import: true\n {4}path: \/apps\/\n {4}policyArns:\n {6}- arn:aws:iam::aws:policy\/ReadOnlyAccess/,
    );
    const before = readFileSync(file, 'utf8');
    expect(await adopt('--write', file)).toMatchObject({ exitCode: 1, stdout: '' });
    expect(readFileSync(file, 'utf8')).toBe(before);
    const document = await documentOf('--write', file, '--overwrite');
    expect(document).toMatchObject({ written: { file, stableKeys: ['billing', 'mailer'] } });
    expect(document.steps?.map(({ where }) => where)).toEqual(['here', 'applications', 'here']);
  });

  it.each<[string, readonly string[], string]>([
    ['no user that was chosen', ['--write', 'x.yaml', '--verdict', 'outside'], 'No user was chosen'],
    ['a user that is not there', ['--users', 'nobody'], 'has no IAM user nobody'],
    ['a folder that is not there', ['--write', 'missing/x.yaml'], 'There is no folder'],
    ['no file to import into', ['--import'], 'belong to --write'],
    ['a verdict that there is not', ['--verdict', 'remove'], 'remove is no verdict'],
    ['a state that is none', ['--state', __filename], 'is not JSON'],
    ['the beginning and the end at once', ['--write', 'x.yaml', '--take-over', 'y.yaml'], 'give one of them'],
    ['no file to take over from', ['--take-over', 'y.yaml', '--no-state'], 'y.yaml cannot be read'],
  ])('ends with 1 and what to do, where there is %s', async (_, args, message) => {
    const at = args.map((arg) => (arg.endsWith('.yaml') ? join(folder, arg) : arg));

    expect(await adopt(...at)).toMatchObject({
      ...{ exitCode: 1, stdout: '' },
      stderr: expect.stringContaining(message) as string,
    });
    expect(existsSync(join(folder, 'x.yaml'))).toBe(false);
  });

  it('has only read, with the permissions that are its own, and has needed each of them', () => {
    const seen = aws.calls().filter(({ principal }) => principal?.arn === operatorArn);
    const actions = new Set(seen.map(({ service, action }) => `${service}:${action}`));
    // Everybody may ask who they are.
    actions.delete('sts:GetCallerIdentity');

    expect([...actions].sort()).toEqual(ADOPT_PERMISSIONS.flatMap((one) => one.actions).sort());
    expect(
      [...actions].filter((action) => !/:(Get|List|Lookup|Scan|GenerateCredentialReport)/.test(action)),
    ).toEqual([]);
  });

  it('has printed no secret', () => {
    expect(secrets).toHaveLength(7);
    expect(secrets.filter((secret) => printed.includes(secret))).toEqual([]);
  });
});
