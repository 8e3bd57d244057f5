import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import { runCli } from '../../cli/sync/support/run-cli';
import { CLI_COMMAND } from '../../support/product';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import type { RotatedTestUser } from '../support/deployed-function';
import { Boto3Application } from './support/boto3-application';
import { DAY_SECONDS, Stage } from './support/stage';

/** Programs that no one here wrote, with nothing but a profile. */
describeWithTools('a profile with a credential_process', () => {
  let stage: Stage;
  let user: RotatedTestUser;
  let env: Record<string, string>;
  const withProfile = (profile: string): Record<string, string> => ({ ...env, AWS_PROFILE: profile });

  beforeAll(async () => {
    stage = await Stage.open({ propagationSeconds: 0, farPropagationSeconds: 0 });
    user = await stage.addUser(DAY_SECONDS);
    const reader = stage.aws.adminCredentials;
    // As a part of the commands too: a process that this test's own SDK starts has the environment of Jest.
    const place = {
      AWS_ENDPOINT_URL: stage.aws.endpoint,
      AWS_REGION: stage.aws.region,
      AWS_DEFAULT_REGION: stage.aws.region,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: stage.pathOf('config'),
      NODE_NO_WARNINGS: '1',
    };
    const there = ['env', ...Object.entries(place).map(([name, value]) => `${name}=${value}`)].join(' ');
    const rolling = `${CLI_COMMAND.join(' ')} credentials --secret-id ${user.secretArn} --reader-profile reader`;
    const asItIs = `aws secretsmanager get-secret-value --secret-id ${user.secretArn} --query SecretString --output text`;
    env = {
      ...place,
      AWS_SHARED_CREDENTIALS_FILE: stage.writeFile('credentials', '# empty so far\n'),
    };
    stage.writeFile(
      'config',
      [
        `[profile reader]\naws_access_key_id = ${reader.accessKeyId}\naws_secret_access_key = ${reader.secretAccessKey}`,
        `[profile rolling]\ncredential_process = ${there} ${rolling}`,
        `[profile static]\ncredential_process = ${there} AWS_PROFILE=reader ${asItIs}`,
        '',
      ].join('\n'),
    );
  });
  afterAll(() => stage.close());

  const rotateAndRetire = async (): Promise<void> => {
    await stage.rotate(user);
    await stage.retirePreviousKeys();
  };
  const answerOf = async (): Promise<string> => `${await stage.currentKeyId(user)} ${user.userArn}`;
  const awsCli = async (profile: string): Promise<string> => {
    const { stdout } = await promisify(execFile)('aws', ['sts', 'get-caller-identity', '--query', 'Arn'], {
      env: { PATH: process.env['PATH'], ...withProfile(profile) },
    });
    return JSON.parse(stdout) as string;
  };

  it('serves the AWS CLI, before a rotation and after it', async () => {
    expect(await awsCli('rolling')).toBe(user.userArn);
    await rotateAndRetire();
    expect(await awsCli('rolling')).toBe(user.userArn);
  });

  it('keeps a boto3 program going through a rotation: it asks again five minutes later, and not at every call', async () => {
    const program = new Boto3Application(withProfile('rolling'));
    try {
      const first = await answerOf();
      expect(await program.call()).toBe(first);
      await stage.rotate(user);
      program.later(4);
      expect(await program.call()).toBe(first);
      program.later(2);
      expect(await program.call()).toBe(await answerOf());
      await stage.retirePreviousKeys();
      expect(await program.call()).toBe(await answerOf());
    } finally {
      await program.stop();
    }
  });

  it('lets a boto3 program die of the end of an overlap where the document has no expiration', async () => {
    const program = new Boto3Application(withProfile('static'));
    try {
      expect(await program.call()).toBe(await answerOf());
      await rotateAndRetire();
      program.later(600);
      expect(await program.call()).toBe('InvalidClientTokenId');
    } finally {
      await program.stop();
    }
  });

  it('keeps a program with the SDK for JavaScript going, which asks again five minutes before the expiration', async () => {
    const before = process.env;
    process.env = { ...before, ...env };
    try {
      const sts = new STSClient({ profile: 'rolling' });
      const keyInUse = async () => (await sts.config.credentials()).accessKeyId;
      const first = await keyInUse();
      await stage.rotate(user);
      const second = await stage.currentKeyId(user);
      expect(await keyInUse()).toBe(first);
      jest.useFakeTimers({ now: Date.now() + 16 * 60_000, doNotFake: [...TIMERS] });
      // In the background: calls go on with the key that they have.
      while ((await keyInUse()) === first) await sleep(50);
      expect(await keyInUse()).toBe(second);
      await stage.retirePreviousKeys();
      expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(user.userArn);
    } finally {
      jest.useRealTimers();
      process.env = before;
    }
  });

  it('can be replaced by a file that `sync` keeps up to date, for the AWS CLI and boto3', async () => {
    const sync = () =>
      runCli(
        ['sync', '--secret-id', user.secretArn, '--write-profile', 'in a file', '--profile', 'reader'],
        env,
      );
    expect(await sync()).toMatchObject({ exitCode: 0 });
    expect(await awsCli('in a file')).toBe(user.userArn);
    await rotateAndRetire();
    expect(await sync()).toMatchObject({ exitCode: 0 });
    expect(await awsCli('in a file')).toBe(user.userArn);
    const program = new Boto3Application(withProfile('in a file'));
    try {
      expect(await program.call()).toBe(await answerOf());
    } finally {
      await program.stop();
    }
  });
});

/** All but Date: the SDK is to believe that time has passed, and everything else goes on as it does. */
const TIMERS = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;
