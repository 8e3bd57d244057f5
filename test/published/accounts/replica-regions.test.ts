import {
  GetSecretValueCommand,
  RemoveRegionsFromReplicationCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

import type { ReplicaConfiguration, StackConfiguration } from '../../../modules/config/configuration';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import type { Account } from '../../e2e/stack/support/account';
import type { AppliedStack } from '../../e2e/stack/support/applied-stack';
import { Stage } from '../../e2e/stack/support/stage';

const SECRET = 'iam-key-rotation/ci';

/** The tests are one story: each begins where the one before ended. */
describeWithTools('a secret with copies in other regions', () => {
  let stage: Stage;
  let account: Account;
  let stack: AppliedStack;

  const stackWith = (replicas: readonly ReplicaConfiguration[]): StackConfiguration =>
    aStack([aUser('ci', { replicas })], { secretRecoveryDays: 0 });
  const secretsIn = (region: string): SecretsManagerClient =>
    new SecretsManagerClient({ ...stage.aws.clientConfig(), region });
  const valueIn = async (region: string): Promise<unknown> => {
    const { SecretString } = await secretsIn(region).send(new GetSecretValueCommand({ SecretId: SECRET }));
    return JSON.parse(SecretString!) as unknown;
  };

  beforeAll(async () => {
    stage = await Stage.open();
    ({ account, stack } = stage);
  });
  afterAll(() => stage.close());

  it('has the same value in all of them once it is applied, and then nothing is left to do', async () => {
    await stack.apply(stackWith([{ region: 'eu-central-1' }]));

    expect(await valueIn('eu-central-1')).toEqual(await account.storedKey(SECRET));
    expect((await stack.terraform.plan()).exitCode).toBe(0);
  });

  it('is rotated in its own region, and the copies follow', async () => {
    expect(await account.rotate(SECRET)).toContain('RotationSucceeded');

    const key = await account.storedKey(SECRET);
    expect(await valueIn('eu-central-1')).toEqual(key);
    expect(await account.whoIs(key)).toContain('user/ci');
  });

  it('gets one copy and loses another without being touched itself', async () => {
    const key = await account.storedKey(SECRET);
    const elsewhere = stackWith([{ region: 'us-east-1' }]);

    expect(await stack.changes(elsewhere)).toEqual({ 'aws_secretsmanager_secret.ci': 'update' });
    await stack.applyChanges();

    await expect(valueIn('eu-central-1')).rejects.toThrow('find the specified secret');
    expect(await valueIn('us-east-1')).toEqual(key);
    expect(await account.storedKey(SECRET)).toEqual(key);
  });

  it('goes with its copies when its user is removed in two applies', async () => {
    const replicas = [{ region: 'us-east-1' }];
    await stack.apply(aStack([aUser('ci', { replicas, decommission: true })], { secretRecoveryDays: 0 }));
    await stack.apply(aStack([], { secretRecoveryDays: 0 }));

    expect((await account.inventory())['secrets']).toEqual([]);
    await expect(valueIn('us-east-1')).rejects.toThrow('find the specified secret');
  });

  // The provider takes a secret without `replica` for one of which nothing is said, up to a version of 2026:
  // https://github.com/hashicorp/terraform-provider-aws/pull/39235
  it('loses its last copy by the command that the docs name', async () => {
    await stack.apply(stackWith([{ region: 'us-east-1' }]));

    await secretsIn('eu-west-1').send(
      new RemoveRegionsFromReplicationCommand({ SecretId: SECRET, RemoveReplicaRegions: ['us-east-1'] }),
    );

    expect(await stack.changes(stackWith([]))).toEqual({});
    await expect(valueIn('us-east-1')).rejects.toThrow('find the specified secret');
    await account.storedKey(SECRET);
  });
});
