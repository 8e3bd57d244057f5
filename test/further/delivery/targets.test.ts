import { InvokeCommand } from '@aws-sdk/client-lambda';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

import { HOUR, MINUTE } from '../../../contract/instant';
import { deliveryFunctionName } from '../../../contract/names';
import type { StoredKey } from '../../e2e/stack/support/account';
import { Stage } from '../../e2e/stack/support/stage';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

const FUNCTION = deliveryFunctionName('iam-key-rotation');
const SECRET = 'payments/env';
const PARAMETER = '/payments/aws-key';
const FOREIGN = '{\n  "DATABASE_URL" : "postgres:\\/\\/x",\n  "AWS_ACCESS_KEY_ID": "none"\n}';

/** Real bundles under the policies of their roles as synthesized; a rotated user with another secret and a parameter as targets. */
describeWithTools('the current key is brought to another secret and to a parameter', () => {
  let stage: Stage;
  let secretsManager: SecretsManagerClient;
  let ssm: SSMClient;

  beforeAll(async () => {
    stage = await Stage.open();
    secretsManager = new SecretsManagerClient(stage.aws.clientConfig());
    ssm = new SSMClient(stage.aws.clientConfig());
    await secretsManager.send(new CreateSecretCommand({ Name: SECRET, SecretString: FOREIGN }));
    const fields = { AWS_ACCESS_KEY_ID: 'AccessKeyId', AWS_SECRET_ACCESS_KEY: 'SecretAccessKey' } as const;
    await stage.stack.apply(
      aStack(
        [
          aUser('payments', {
            deliver: [
              { kind: 'secret', id: SECRET, fields },
              { kind: 'parameter', name: PARAMETER },
            ],
          }),
        ],
        { secretRecoveryDays: 0 },
      ),
    );
  });
  afterAll(() => stage.close());

  /** Every secret access key that there was. */
  const values = new Set<string>();
  const currentKey = async (): Promise<StoredKey> => {
    const key = await stage.currentKey('payments');
    values.add(key.SecretAccessKey);
    return key;
  };

  /** What EventBridge Scheduler does every hour. */
  const hourlyRun = async (): Promise<unknown> => {
    const { FunctionError, Payload } = await stage.account.lambda.send(
      new InvokeCommand({ FunctionName: FUNCTION, Payload: '{"deliver":"all"}' }),
    );
    expect(FunctionError).toBeUndefined();
    return JSON.parse(Buffer.from(Payload!).toString());
  };
  const textOfSecret = async (): Promise<string> =>
    (await secretsManager.send(new GetSecretValueCommand({ SecretId: SECRET }))).SecretString!;
  const held = async (): Promise<readonly (string | undefined)[]> => {
    const inSecret = JSON.parse(await textOfSecret()) as Record<string, string>;
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: PARAMETER, WithDecryption: true }));
    const inParameter = JSON.parse(Parameter!.Value!) as Record<string, string>;
    expect(Parameter!.Type).toBe('SecureString');
    return [inSecret['AWS_ACCESS_KEY_ID'], inParameter['AccessKeyId']];
  };
  /** Events are asynchronous: the functions that they invoke are waited for. */
  const delivered = async (keyId: string): Promise<void> => {
    await stage.aws.eventsDelivered();
    expect(await held()).toEqual([keyId, keyId]);
  };

  it('the first key is there after the apply and a run, and every other byte of the secret is as it was', async () => {
    await hourlyRun();
    const { AccessKeyId, SecretAccessKey } = await currentKey();
    await delivered(AccessKeyId);
    const text = await textOfSecret();
    expect(text).toMatch(/^\{\n {2}"DATABASE_URL" : "postgres:\\\/\\\/x",\n {2}"AWS_ACCESS_KEY_ID": "/);
    expect(JSON.parse(text)).toMatchObject({ AWS_SECRET_ACCESS_KEY: SecretAccessKey });
    expect(await hourlyRun()).toMatchObject({ users: 1, delivered: 0, failed: 0, usersFailed: 0 });
  });

  it('after a rotation the new key arrives by the event of its promotion', async () => {
    const replaced = await stage.rotateAway('payments');
    const current = await currentKey();
    expect(current.AccessKeyId).not.toBe(replaced.AccessKeyId);
    await delivered(current.AccessKeyId);
  });

  it('a target that refuses for longer than the overlap keeps the previous key Active, and blocks nothing else (R12)', async () => {
    const { previous } = await stage.journal('payments');
    stage.goTo(previous[0]!.replacedAt + 25 * HOUR);
    await stage.sweep();
    stage.goTo(stage.now() + 8 * 24 * HOUR);
    await stage.sweep();
    const text = await textOfSecret();
    await secretsManager.send(new PutSecretValueCommand({ SecretId: SECRET, SecretString: 'no JSON' }));
    const replaced = await stage.rotateAway('payments');
    const current = await currentKey();
    await hourlyRun();

    const { replacedAt } = (await stage.journal('payments')).previous[0]!;
    stage.goTo(replacedAt + 48 * HOUR);
    await stage.sweep();
    expect(await stage.account.keysOf('payments')).toContain(`${replaced.AccessKeyId} Active`);
    expect((await stage.journal('payments')).previous[0]).toMatchObject({ hold: { cause: 'notDelivered' } });
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: PARAMETER, WithDecryption: true }));
    expect(JSON.parse(Parameter!.Value!)).toMatchObject({ AccessKeyId: current.AccessKeyId });

    await secretsManager.send(new PutSecretValueCommand({ SecretId: SECRET, SecretString: text }));
    await hourlyRun();
    await delivered(current.AccessKeyId);
    const arrived = stage.now();
    stage.goTo(arrived + 23 * HOUR);
    await stage.sweep();
    expect(await stage.account.keysOf('payments')).toContain(`${replaced.AccessKeyId} Active`);
    stage.goTo(arrived + 24 * HOUR + MINUTE);
    await stage.sweep();
    expect(await stage.account.keysOf('payments')).toContain(`${replaced.AccessKeyId} Inactive`);
  });

  it('a rollback is delivered, too (R13)', async () => {
    const { previous } = await stage.journal('payments');
    const before = await currentKey();
    const rollback = await stage.command(
      ...['rollback', '--prefix', 'iam-key-rotation', '--user', 'payments', '--leave', before.AccessKeyId],
    );
    expect(rollback.stderr + rollback.stdout).not.toContain(before.SecretAccessKey);
    expect((await currentKey()).AccessKeyId).toBe(previous[0]!.keyId);
    await delivered(previous[0]!.keyId);
  });

  it('no value stands in a log, an event, the table or the state (R7)', async () => {
    expect(values.size).toBeGreaterThanOrEqual(3);
    const seen = [
      stage.aws.functionLogs(FUNCTION),
      JSON.stringify(stage.aws.busEvents()),
      JSON.stringify(await stage.account.item('delivery#payments')),
      JSON.stringify(await stage.account.item('settings#payments')),
      stage.stack.state(),
    ];
    for (const value of [...values, 'postgres:', 'no JSON'])
      expect(seen.filter((text) => text.includes(value))).toEqual([]);
    expect(seen.every((text) => text.length > 20)).toBe(true);
  });
});
