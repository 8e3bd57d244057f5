import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

import { readKey, refusalOf, whoAmI } from '../../../sandbox/demo/application';
import { inventory } from '../../../sandbox/demo/inventory';
import { keysOf } from '../../../sandbox/demo/keys';
import { makeThrowAwayProject, type ThrowAwayProject } from '../../../sandbox/demo/throw-away-project';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { type Terraform, terraform } from '../../../sandbox/terraform';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { findAnywhere, secretAccessKeysOf } from './support/secret-hunt';

jest.setTimeout(240_000);

const DAY_MS = 24 * 60 * 60 * 1000;
const ROLE_OF_REPORTS = 'arn:aws:iam::111122223333:role/iam-key-rotation-reports';

/** The example's users: `ci-deployer` has the default overlap of a day, `reports` one of zero. */
const CI_DEPLOYER = { userName: 'ci-deployer', secretArn: 'iam-key-rotation/ci-deployer' };
const REPORTS = { userName: 'reports', secretArn: 'iam-key-rotation/reports' };
const LEGACY_MAILER = { userName: 'legacy.mailer@example', secretArn: 'iam-key-rotation/legacy_mailer' };
const USERS = [CI_DEPLOYER, REPORTS, LEGACY_MAILER];

/** The tests are one story: each begins where the one before ended. */
describeWithTools('the example, from rotation.yaml to keys that are rotated', () => {
  let aws: LocalAws;
  let project: ThrowAwayProject;
  let tf: Terraform;
  let before: readonly string[];
  let terraformOutput = '';

  beforeAll(async () => {
    project = makeThrowAwayProject();
    aws = await startLocalAws({ rotation: { retryDelayMs: 10 } });
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
  });

  /** Has Secrets Manager rotate, and gives what it reported once nothing is under way any more. */
  const rotate = async ({ secretArn }: { secretArn: string }): Promise<readonly string[]> => {
    await aws.rotationsSettled();
    const seen = aws.events().length;
    const secrets = new SecretsManagerClient(aws.clientConfig());
    await secrets.send(new RotateSecretCommand({ SecretId: secretArn }));
    await aws.rotationsSettled();
    return aws
      .events()
      .slice(seen)
      .map(({ eventName }) => eventName);
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
    expect(said).toContain('The user has both its access keys already.');
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

    expect(await rotate(CI_DEPLOYER)).toEqual(['RotationStarted', 'RotationSucceeded']);

    const current = await readKey(aws, CI_DEPLOYER.secretArn);
    expect(current.accessKeyId).not.toBe(first.accessKeyId);
    expect(await keysOf(aws, CI_DEPLOYER)).toEqual([
      { id: first.accessKeyId, status: 'Active', label: 'AWSPREVIOUS', refusal: undefined },
      { id: current.accessKeyId, status: 'Active', label: 'AWSCURRENT', refusal: undefined },
    ]);
  });

  it('defers a rotation while both slots hold keys that must stay, and says so', async () => {
    const keys = await keysOf(aws, CI_DEPLOYER);

    expect(await rotate(CI_DEPLOYER)).toContain('RotationFailed');

    expect(await keysOf(aws, CI_DEPLOYER)).toEqual(keys);
    const log = aws.functionLogs('iam-key-rotation-ci-deployer');
    expect(log).toContain('Both access key slots of the user are taken');
    expect(log).toContain(`${keys[0]!.id} (Active) is the previous key, in its overlap until 20`);
    expect(log).toContain(`${keys[1]!.id} (Active) is the current key`);
    expect(log).toContain('aws iam update-access-key --user-name ci-deployer');
    expect(await journalOf('ci-deployer')).toContain('"wanted":');
    expect(await labelsOf(CI_DEPLOYER)).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  it('deactivates the previous key at once for a user without overlap, and deletes it in the next rotation after its grace period', async () => {
    const first = await readKey(aws, REPORTS.secretArn);
    expect(await rotate(REPORTS)).toEqual(['RotationStarted', 'RotationSucceeded']);
    const second = await readKey(aws, REPORTS.secretArn);
    expect(await keysOf(aws, REPORTS)).toEqual([
      { id: first.accessKeyId, status: 'Inactive', label: 'AWSPREVIOUS', refusal: 'InvalidClientTokenId' },
      { id: second.accessKeyId, status: 'Active', label: 'AWSCURRENT', refusal: undefined },
    ]);

    aws.clockShiftMs += 7 * DAY_MS + 60_000;
    expect(await rotate(REPORTS)).toEqual(['RotationStarted', 'RotationSucceeded']);

    const third = await readKey(aws, REPORTS.secretArn);
    expect(await keysOf(aws, REPORTS)).toEqual([
      { id: second.accessKeyId, status: 'Inactive', label: 'AWSPREVIOUS', refusal: 'InvalidClientTokenId' },
      { id: third.accessKeyId, status: 'Active', label: 'AWSCURRENT', refusal: undefined },
    ]);
    expect(await refusalOf(aws, first)).toBe('InvalidClientTokenId');
    expect(await whoAmI(aws, third)).toBe('arn:aws:iam::111122223333:user/reports');
    expect(await labelsOf(REPORTS)).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  it('R10: leaves Terraform nothing to do after the rotations', async () => {
    expect(await tf.plan()).toMatchObject({ exitCode: 0 });
  });

  it('R7: has no secret access key in state, plans, logs or any file', async () => {
    const perUser = await Promise.all(USERS.map(({ secretArn }) => secretAccessKeysOf(aws, secretArn)));
    // Deployer: first key, rotation. Reports: first key, two rotations. Mailer: first key.
    expect(perUser.map((keys) => keys.length)).toEqual([2, 3, 1]);
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

  async function journalOf(stableKey: string): Promise<string> {
    const { Item } = await new DynamoDBClient(aws.clientConfig()).send(
      new GetItemCommand({ TableName: 'iam-key-rotation', Key: { pk: { S: `journal#${stableKey}` } } }),
    );
    return JSON.stringify(Item);
  }

  async function labelsOf({ secretArn }: { secretArn: string }): Promise<readonly string[]> {
    const { VersionIdsToStages = {} } = await new SecretsManagerClient(aws.clientConfig()).send(
      new DescribeSecretCommand({ SecretId: secretArn }),
    );
    return Object.values(VersionIdsToStages).flat().sort();
  }
});
