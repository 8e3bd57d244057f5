import { CloudWatchLogsClient, PutResourcePolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import {
  CreatePolicyCommand,
  CreateUserCommand,
  DeleteUserPermissionsBoundaryCommand,
  GetUserCommand,
  IAMClient,
  PutUserPermissionsBoundaryCommand,
} from '@aws-sdk/client-iam';
import { CreateKeyCommand, DisableKeyCommand, EnableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

import { ApiError } from '../../../sandbox/front/api-call';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { createFunction } from '../../e2e/support/create-function';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

describeWithTools('the local AWS', () => {
  let aws: LocalAws;
  let roleArn: string;
  let mayListTags: boolean;

  beforeAll(async () => {
    aws = await startLocalAws({
      accountConcurrency: 1,
      authorize: ({ principal, service, action }) => {
        if (principal.type === 'role' && `${service}:${action}` === 'lambda:ListTags' && !mayListTags)
          throw new ApiError('AccessDeniedException', 'not you');
      },
    });
    ({ roleArn } = await createFunction(aws, {
      ...{ FunctionName: 'sleeper', Tags: { owner: 'us' } },
      code: 'export const handler = () => new Promise((done) => setTimeout(done, 3000));',
    }));
  });
  afterAll(() => aws.stop());

  it('keeps the permissions boundary of a user, which has to be a policy that exists', async () => {
    const iam = new IAMClient(aws.clientConfig());
    const boundaryOf = async () =>
      (await iam.send(new GetUserCommand({ UserName: 'bounded' }))).User?.PermissionsBoundary
        ?.PermissionsBoundaryArn;
    const { Policy } = await iam.send(
      new CreatePolicyCommand({
        PolicyName: 'boundary',
        PolicyDocument:
          '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
      }),
    );

    await iam.send(new CreateUserCommand({ UserName: 'bounded', PermissionsBoundary: Policy!.Arn }));
    expect(await boundaryOf()).toBe(Policy!.Arn);

    const missing = { UserName: 'bounded', PermissionsBoundary: `${Policy!.Arn!}-that-is-not-there` };
    await expect(iam.send(new PutUserPermissionsBoundaryCommand(missing))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
    await iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName: 'bounded' }));
    expect(await boundaryOf()).toBeUndefined();
  });

  it.each([
    [true, { owner: 'us' }],
    [false, undefined],
  ])('shows the tags of a function to who may list them: %s', async (allowed, tags) => {
    mayListTags = allowed;
    const { Credentials } = await new STSClient(aws.clientConfig()).send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'x' }),
    );
    const { Configuration, Tags } = await new LambdaClient(
      aws.clientConfig({
        ...{ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey! },
        sessionToken: Credentials!.SessionToken!,
      }),
    ).send(new GetFunctionCommand({ FunctionName: 'sleeper' }));

    expect(Configuration).toMatchObject({ FunctionName: 'sleeper' });
    expect(Tags).toEqual(tags);
  });

  it('takes ten resource policies of CloudWatch Logs in a region, and changes of those', async () => {
    const put = (name: number, region = aws.region) =>
      new CloudWatchLogsClient({ ...aws.clientConfig(), region }).send(
        new PutResourcePolicyCommand({ policyName: String(name), policyDocument: '{"Statement":[]}' }),
      );
    for (let name = 1; name <= 10; name += 1) await put(name);

    await expect(put(11)).rejects.toMatchObject({ name: 'LimitExceededException' });
    await put(10);
    await put(11, 'us-east-1');
  });

  it('refuses an invocation at the limit, and says which limit that is', async () => {
    const lambda = new LambdaClient({ ...aws.clientConfig(), maxAttempts: 1 });
    const invoke = () => lambda.send(new InvokeCommand({ FunctionName: 'sleeper' }));
    // Which of two comes first, nobody says.
    const ends = await Promise.allSettled([invoke(), invoke()]);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: {
        ...{ name: 'TooManyRequestsException', Reason: 'ConcurrentInvocationLimitExceeded' },
        $metadata: { httpStatusCode: 429 },
      },
    });
    await lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'sleeper', ReservedConcurrentExecutions: 0 }),
    );
    await expect(invoke()).rejects.toMatchObject({
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    });
    expect(aws.functionThrottles('sleeper')).toBe(2);
  });

  it('neither reads nor stores a value under a key that is disabled', async () => {
    const kms = new KMSClient(aws.clientConfig());
    const secrets = new SecretsManagerClient(aws.clientConfig());
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const KeyId = KeyMetadata!.KeyId;
    await secrets.send(new CreateSecretCommand({ Name: 's', SecretString: 'x', KmsKeyId: KeyMetadata!.Arn }));
    const read = () => secrets.send(new GetSecretValueCommand({ SecretId: 's' }));

    await kms.send(new DisableKeyCommand({ KeyId }));
    await expect(read()).rejects.toMatchObject({ name: 'DecryptionFailure' });
    await expect(
      secrets.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'y' })),
    ).rejects.toMatchObject({ name: 'EncryptionFailure' });

    await kms.send(new EnableKeyCommand({ KeyId }));
    expect(await read()).toMatchObject({ SecretString: 'x' });
  });
});
