import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateRoleCommand, CreateUserCommand, IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { buildSync } from 'esbuild';
import { zipSync } from 'fflate';

import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

jest.setTimeout(120_000);

const [UserName, SecretId, FunctionName] = ['ci', 'keys/ci', 'rotate-ci'];

describeWithTools('a rotation function in the local AWS', () => {
  let aws: LocalAws;
  let iam: IAMClient;
  let secrets: SecretsManagerClient;
  let functionArn: string;

  beforeAll(async () => {
    aws = await startLocalAws({ rotation: { attempts: 3, retryDelayMs: 10 } });
    const config = aws.clientConfig();
    [iam, secrets] = [new IAMClient(config), new SecretsManagerClient(config)];
    const lambda = new LambdaClient(config);
    await iam.send(new CreateUserCommand({ UserName, Path: '/service/' }));
    await secrets.send(new CreateSecretCommand({ Name: SecretId }));
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: 'rotate', Path: '/rotation/', AssumeRolePolicyDocument: '{}' }),
    );
    const bundle = buildSync({
      ...{ entryPoints: [`${__dirname}/fixtures/rotator.ts`], write: false, bundle: true },
      ...{ platform: 'node', target: 'node20', format: 'cjs' },
    });
    const fn = await lambda.send(
      new CreateFunctionCommand({
        ...{ FunctionName, Role: Role?.Arn, Runtime: 'nodejs22.x', Handler: 'index.handler', Timeout: 30 },
        Code: { ZipFile: zipSync({ 'index.js': bundle.outputFiles[0]?.contents ?? new Uint8Array() }) },
        Environment: { Variables: { USER_NAME: UserName } },
      }),
    );
    functionArn = fn.FunctionArn ?? '';
    await lambda.send(
      new AddPermissionCommand({
        ...{ FunctionName, StatementId: 'rotation', Action: 'lambda:InvokeFunction' },
        ...{ Principal: 'secretsmanager.amazonaws.com', SourceAccount: aws.accountId },
      }),
    );
  });
  afterAll(() => aws.stop());

  const rotate = async (): Promise<void> => {
    const RotationRules = { AutomaticallyAfterDays: 30 };
    await secrets.send(new RotateSecretCommand({ SecretId, RotationLambdaARN: functionArn, RotationRules }));
    await aws.rotationsSettled();
  };
  const currentKey = async (): Promise<{ accessKeyId: string; secretAccessKey: string }> => {
    const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    const { AccessKeyId = '', SecretAccessKey = '' } = JSON.parse(SecretString) as Record<string, string>;
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
  };
  const whoAmI = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
    new STSClient(aws.clientConfig(credentials)).send(new GetCallerIdentityCommand({}));

  test('rotates a key that works, under the credentials of its role', async () => {
    await rotate();
    expect(aws.events().map(({ eventName }) => eventName)).toEqual(['RotationStarted', 'RotationSucceeded']);
    // One answer that it works is no proof: until it is known everywhere, it comes and goes.
    aws.clockShiftMs += 10_000;
    await expect(whoAmI(await currentKey())).resolves.toMatchObject({
      Arn: `arn:aws:iam::${aws.accountId}:user/service/ci`,
    });
    const made = aws.calls().filter(({ action }) => action === 'CreateAccessKey');
    expect(made).toMatchObject([
      { principal: { type: 'role', arn: `arn:aws:iam::${aws.accountId}:role/rotation/rotate` }, status: 200 },
    ]);
    // It was not known everywhere at once, and the function waited.
    expect(aws.calls().some(({ errorCode }) => errorCode === 'InvalidClientTokenId')).toBe(true);
    expect(aws.functionLogs(FunctionName)).toMatch(/createSecret [\s\S]*finishSecret /);
  });

  test('is tried again when its process is killed in the middle', async () => {
    const before = await currentKey();
    const fault = aws.inject({
      match: { action: 'PutSecretValue', byFunction: true },
      fault: { kind: 'killFunction', when: 'before' },
    });
    await rotate();
    expect(fault.hits).toBe(1);
    expect(aws.events().map(({ eventName }) => eventName)).toEqual([
      ...['RotationStarted', 'RotationSucceeded'],
      ...['RotationStarted', 'RotationFailed', 'RotationSucceeded'],
    ]);
    expect((await currentKey()).accessKeyId).not.toBe(before.accessKeyId);
    // This simple function has then deleted a key that was in use: what the sandbox is there to show.
    await expect(whoAmI(before)).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName }));
    expect(AccessKeyMetadata).toHaveLength(2);
  });
});
