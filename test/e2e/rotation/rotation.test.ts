import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { readKey, refusalOf, whoAmI } from '../../../sandbox/demo/application';
import { inventory } from '../../../sandbox/demo/inventory';
import { keysOf } from '../../../sandbox/demo/keys';
import { runRetirement } from '../../../sandbox/demo/retire';
import { makeThrowAwayProject, type ThrowAwayProject } from '../../../sandbox/demo/throw-away-project';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { type Terraform, terraform } from '../../../sandbox/terraform';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { Account } from '../stack/support/account';
import { findAnywhere, secretAccessKeysOf } from './support/secret-hunt';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const RETIREMENT = 'iam-key-rotation-retire';
const ROLE_OF_REPORTS = 'arn:aws:iam::111122223333:role/iam-key-rotation-reports';

/** The example's users: `ci-deployer` has the default overlap of a day, `reports` one of zero. */
const CI_DEPLOYER = { userName: 'ci-deployer', secretArn: 'iam-key-rotation/ci-deployer' };
const REPORTS = { userName: 'reports', secretArn: 'iam-key-rotation/reports' };
const LEGACY_MAILER = { userName: 'legacy.mailer@example', secretArn: 'iam-key-rotation/legacy_mailer' };
const USERS = [CI_DEPLOYER, REPORTS, LEGACY_MAILER];

/** The AWS CLI is needed for nothing else, so its absence is no failure. */
const hasAwsCli = spawnSync('aws', ['--version'], { stdio: 'ignore' }).status === 0;
const describeCredentialProcess = hasAwsCli ? describe : describe.skip;

/** The tests are one story: each begins where the one before ended. */
describeWithTools('the example, from rotation.yaml to keys that are rotated', () => {
  let aws: LocalAws;
  let account: Account;
  let project: ThrowAwayProject;
  let tf: Terraform;
  let before: readonly string[];
  let terraformOutput = '';
  let home: string;

  beforeAll(async () => {
    project = makeThrowAwayProject();
    home = mkdtempSync(join(tmpdir(), 'aws-home-'));
    aws = await startLocalAws({ rotation: { retryDelayMs: 10 } });
    account = new Account(aws);
    before = await inventory(aws);
    await project.synthesize();
    tf = terraform(project.stackDirectory, {
      env: aws.environment,
      onOutput: (text) => (terraformOutput += text),
    });
    await tf.init();
  });
  afterAll(async () => {
    await aws.stop();
    project.remove();
    rmSync(home, { recursive: true });
  });

  /** Fails with what the function logged, unless the first try succeeds. */
  const rotateAtOnce = async (user: { secretArn: string }): Promise<void> => {
    const functionName = user.secretArn.replace('/', '-');
    const logged = aws.functionLogs(functionName).length;
    const reported = await account.rotate(user.secretArn);
    if (reported.join() === 'RotationStarted,RotationSucceeded') return;
    throw new Error(`${reported.join(', ')}:\n${aws.functionLogs(functionName).slice(logged)}`);
  };
  const createdKeysOf = ({ userName }: { userName: string }): number =>
    aws
      .calls()
      .filter(({ action, status }) => action === 'CreateAccessKey' && status === 200)
      .filter(({ parameters }) => parameters['UserName'] === userName).length;

  it('is valid Terraform', () => tf.validate());

  it('fails the apply if a first key cannot be made, says why, and has the other users’ keys made', async () => {
    const fault = aws.inject({
      match: { action: 'CreateAccessKey', principalArn: ROLE_OF_REPORTS },
      fault: {
        kind: 'refuse',
        code: 'LimitExceeded',
        message: 'Cannot exceed quota for AccessKeysPerUser: 2',
        status: 409,
      },
      times: 100,
    });

    const apply = await tf.run('apply', '-auto-approve', '-input=false', '-no-color');

    fault.remove();
    expect(apply.exitCode).toBe(1);
    const said = apply.output.replaceAll(/[\s│]+/g, ' ');
    expect(said).toContain('firstKey of IAM user reports (account 111122223333)');
    expect(said).toContain('LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2');
    expect(said).not.toMatch(/\bat \S+ \(?\S+\.[cm]?[jt]s:\d+/);
    await expect(readKey(aws, REPORTS.secretArn)).rejects.toThrow(/find/);
    expect(await keysOf(aws, CI_DEPLOYER)).toMatchObject([{ label: 'AWSCURRENT', refusal: undefined }]);
    expect(await keysOf(aws, LEGACY_MAILER)).toMatchObject([{ label: 'AWSCURRENT', refusal: undefined }]);
  });

  it('is mended by the next apply, with one key even if the answer is lost and Terraform asks again', async () => {
    const fault = aws.inject({
      match: { service: 'lambda', action: 'Invoke' },
      fault: { kind: 'loseAnswer', atOnce: true },
    });

    await tf.apply();

    expect(fault.hits).toBe(1);
    // Both invocations ran in parallel, and whichever came second may still be at it.
    while (!aws.functionLogs('iam-key-rotation-reports').includes('holds a key that works already')) {
      await sleep(100);
    }
    expect(createdKeysOf(REPORTS)).toBe(1);
    expect(await keysOf(aws, REPORTS)).toMatchObject([{ label: 'AWSCURRENT', refusal: undefined }]);
  });

  it('then has a key that works in every secret', async () => {
    const identities = USERS.map(async ({ secretArn }) => whoAmI(aws, await readKey(aws, secretArn)));

    expect(await Promise.all(identities)).toEqual([
      'arn:aws:iam::111122223333:user/service/ci-deployer',
      'arn:aws:iam::111122223333:user/reports',
      'arn:aws:iam::111122223333:user/legacy.mailer@example',
    ]);
  });

  it('keeps the previous key Active for its overlap when a key is rotated', async () => {
    const first = await readKey(aws, CI_DEPLOYER.secretArn);

    await rotateAtOnce(CI_DEPLOYER);

    const current = await readKey(aws, CI_DEPLOYER.secretArn);
    expect(current.accessKeyId).not.toBe(first.accessKeyId);
    expect(await keysOf(aws, CI_DEPLOYER)).toEqual([
      { id: first.accessKeyId, status: 'Active', label: 'AWSPREVIOUS', refusal: undefined },
      { id: current.accessKeyId, status: 'Active', label: 'AWSCURRENT', refusal: undefined },
    ]);
  });

  it('defers a rotation while both slots hold keys that must stay, and says so', async () => {
    const keys = await keysOf(aws, CI_DEPLOYER);

    expect(await account.rotate(CI_DEPLOYER.secretArn)).toContain('RotationFailed');

    expect(await keysOf(aws, CI_DEPLOYER)).toEqual(keys);
    const log = aws.functionLogs('iam-key-rotation-ci-deployer');
    expect(log).toContain('Both access key slots of the user are taken');
    expect(log).toContain(`${keys[0]!.id} (Active) is the previous key, in its overlap until 20`);
    expect(log).toContain(`${keys[1]!.id} (Active) is the current key`);
    expect(await journalOf('ci-deployer')).toContain('"wanted":');
    expect(await account.labelsOf(CI_DEPLOYER.secretArn)).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  it('holds the previous key when its overlap is over and it is still in use, and deactivates it when it is not', async () => {
    const [previous, current] = await keysOf(aws, CI_DEPLOYER);
    aws.clockShiftMs += 20 * HOUR_MS;
    // An application that has not read the secret again.
    await whoAmI(aws, await readKey(aws, CI_DEPLOYER.secretArn, 'AWSPREVIOUS'));
    aws.clockShiftMs += 5 * HOUR_MS;
    expect(await runRetirement(aws, RETIREMENT)).toEqual([]);
    expect(aws.functionLogs(RETIREMENT)).toContain(`Still in use: last used at`);

    aws.clockShiftMs += 30 * HOUR_MS;
    expect(await runRetirement(aws, RETIREMENT)).toMatchObject([
      { user: 'ci-deployer', decision: 'deactivate', keyId: previous!.id },
    ]);

    expect(await keysOf(aws, CI_DEPLOYER)).toEqual([
      { ...previous, status: 'Inactive', refusal: 'InvalidClientTokenId' },
      current,
    ]);
  });

  it('deletes it when its grace period is over, and makes up for the rotation that waited for the slot', async () => {
    const [previous, current] = await keysOf(aws, CI_DEPLOYER);

    aws.clockShiftMs += 7 * DAY_MS;
    expect(await runRetirement(aws, RETIREMENT)).toMatchObject([
      { user: 'ci-deployer', decision: 'delete', keyId: previous!.id },
      { user: 'ci-deployer', decision: 'requestRotation' },
    ]);
    await aws.rotationsSettled();

    expect(await keysOf(aws, CI_DEPLOYER)).toMatchObject([
      { id: current!.id, status: 'Active', label: 'AWSPREVIOUS', refusal: undefined },
      { status: 'Active', label: 'AWSCURRENT', refusal: undefined },
    ]);
    expect(await journalOf('ci-deployer')).not.toContain('"wanted":');
  });

  it('deactivates the previous key at once for a user without overlap, and deletes it in a rotation if that comes after its grace period', async () => {
    const first = await readKey(aws, REPORTS.secretArn);
    await rotateAtOnce(REPORTS);
    const second = await readKey(aws, REPORTS.secretArn);
    expect(await keysOf(aws, REPORTS)).toEqual([
      { id: first.accessKeyId, status: 'Inactive', label: 'AWSPREVIOUS', refusal: 'InvalidClientTokenId' },
      { id: second.accessKeyId, status: 'Active', label: 'AWSCURRENT', refusal: undefined },
    ]);

    aws.clockShiftMs += 7 * DAY_MS + 60_000;
    await rotateAtOnce(REPORTS);

    const third = await readKey(aws, REPORTS.secretArn);
    expect(await keysOf(aws, REPORTS)).toEqual([
      { id: second.accessKeyId, status: 'Inactive', label: 'AWSPREVIOUS', refusal: 'InvalidClientTokenId' },
      { id: third.accessKeyId, status: 'Active', label: 'AWSCURRENT', refusal: undefined },
    ]);
    expect(await refusalOf(aws, first)).toBe('InvalidClientTokenId');
    expect(await whoAmI(aws, third)).toBe('arn:aws:iam::111122223333:user/reports');
    expect(await account.labelsOf(REPORTS.secretArn)).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  describeCredentialProcess('serves as a `credential_process`, as docs/applications.md says', () => {
    it('of a profile that is named on the command line', async () => {
      const config = writeAwsConfig();
      const who = await callerIdentity(['--profile', 'ci-deployer'], { ...aws.environment, ...config });
      expect(who).toBe('arn:aws:iam::111122223333:user/service/ci-deployer');
    });

    it('of a profile that AWS_PROFILE names, with the secret read by the default profile', async () => {
      const {
        AWS_ACCESS_KEY_ID: id,
        AWS_SECRET_ACCESS_KEY: secret,
        ...place
      } = aws.environment as Record<string, string>;
      const config = writeAwsConfig(
        `[default]\naws_access_key_id = ${id!}\naws_secret_access_key = ${secret!}\n`,
      );
      const who = await callerIdentity([], { ...place, ...config, AWS_PROFILE: 'ci-deployer' });
      expect(who).toBe('arn:aws:iam::111122223333:user/service/ci-deployer');
    });
  });

  it('R10: leaves Terraform nothing to do after the rotations', async () => {
    expect(await tf.plan()).toMatchObject({ exitCode: 0 });
  });

  it('R7: has no secret access key in state, plans, logs or any file', async () => {
    const perUser = await Promise.all(USERS.map(({ secretArn }) => secretAccessKeysOf(aws, secretArn)));
    // Each a first key; two rotations of the deployer and of reports, none of the mailer.
    expect(perUser.map((keys) => keys.length)).toEqual([3, 3, 1]);
    const where = {
      folder: project.directory,
      texts: {
        'output of Terraform': terraformOutput,
        'state as Terraform shows it': JSON.stringify(await tf.show()),
        'logs of functions': USERS.map(({ secretArn }) => aws.functionLogs(secretArn.replace('/', '-'))).join(
          '\n',
        ),
        'calls as CloudTrail shows them': JSON.stringify(aws.calls()),
        'events of Secrets Manager': JSON.stringify(aws.events()),
        journals: (await Promise.all(['ci-deployer', 'reports', 'legacy_mailer'].map(journalOf))).join('\n'),
      },
    };

    expect(findAnywhere(perUser.flat(), where)).toEqual([]);

    // The search does find what is there: the key's id.
    const { accessKeyId } = await readKey(aws, LEGACY_MAILER.secretArn);
    expect(findAnywhere([accessKeyId], where)).toEqual([
      join(project.directory, 'terraform-state/production.tfstate'),
      join(project.directory, 'terraform-state/production.tfstate.backup'),
      'state as Terraform shows it',
      'logs of functions',
      'calls as CloudTrail shows them',
      'journals',
    ]);
  });

  it('leaves nothing behind when it is destroyed', async () => {
    await tf.destroy();

    expect(await inventory(aws)).toEqual(before);
  });

  /** `~/.aws/config` as docs/applications.md has it, and `~/.aws/credentials`, outside of the project. */
  function writeAwsConfig(credentials = ''): Record<string, string> {
    const page = readFileSync(join(__dirname, '../../../docs/applications.md'), 'utf8');
    const profile = /```ini\n(\[profile ci-deployer\]\n.*aws secretsmanager[^]*?)```/.exec(page)?.[1];
    const files = { AWS_CONFIG_FILE: profile!, AWS_SHARED_CREDENTIALS_FILE: credentials };
    return Object.fromEntries(
      Object.entries(files).map(([name, text]) => {
        const path = join(home, name);
        writeFileSync(path, text);
        return [name, path];
      }),
    );
  }

  async function callerIdentity(args: string[], env: Record<string, string>): Promise<unknown> {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
    const { stdout } = await promisify(execFile)(
      'aws',
      ['sts', 'get-caller-identity', ...args, '--output', 'json'],
      {
        env: { ...Object.fromEntries(inherited), AWS_EC2_METADATA_DISABLED: 'true', ...env },
      },
    );
    return (JSON.parse(stdout) as { Arn?: string }).Arn;
  }

  async function journalOf(stableKey: string): Promise<string> {
    return JSON.stringify(await account.item(`journal#${stableKey}`));
  }
});
