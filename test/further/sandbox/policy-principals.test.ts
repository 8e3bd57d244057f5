import {
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { CreateKeyCommand, GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import {
  CreateSecretCommand,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  SecretsManagerClient,
  ValidateResourcePolicyCommand,
} from '@aws-sdk/client-secrets-manager';

import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';

const IAM = 'arn:aws:iam::111122223333';

describeWithTools('the principals of a resource policy', () => {
  let aws: LocalAws;
  let iam: IAMClient;
  let secrets: SecretsManagerClient;

  beforeAll(async () => {
    aws = await startLocalAws();
    [iam, secrets] = [new IAMClient(aws.clientConfig()), new SecretsManagerClient(aws.clientConfig())];
    await secrets.send(new CreateSecretCommand({ Name: 's' }));
  });
  afterAll(() => aws.stop());

  const policy = (...AWS: string[]): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS }, Action: 'secretsmanager:GetSecretValue', Resource: '*' },
      ],
    });
  const put = (ResourcePolicy: string) =>
    secrets.send(new PutResourcePolicyCommand({ SecretId: 's', ResourcePolicy }));
  const shown = async (): Promise<string[]> => {
    const { ResourcePolicy } = await secrets.send(new GetResourcePolicyCommand({ SecretId: 's' }));
    const { Statement } = JSON.parse(ResourcePolicy!) as {
      Statement: { Principal: { AWS: string | string[] } }[];
    };
    return [Statement[0]!.Principal.AWS].flat();
  };
  const createRole = async (RoleName: string, Path?: string): Promise<string> =>
    (await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: '{}', Path }))).Role!.RoleId!;

  it.each([
    ['a role that is not there', `${IAM}:role/nobody`],
    ['a user that is not there', `${IAM}:user/nobody`],
    ['a role under another path', `${IAM}:role/pathless`],
    ['what is no principal', 'nobody'],
    ['a unique id', 'AROAEXAMPLEEXAMPLEEX'],
  ])('cannot be %s', async (_what, principal) => {
    if (principal.endsWith('pathless')) await createRole('pathless', '/service/');
    await expect(put(policy(principal))).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: 'This resource policy contains an unsupported principal.',
    });
    const { PolicyValidationPassed } = await secrets.send(
      new ValidateResourcePolicyCommand({ ResourcePolicy: policy(principal) }),
    );
    expect(PolicyValidationPassed).toBe(false);
  });

  it('are shown as they were put while they are there, also accounts and those of other accounts', async () => {
    await createRole('ci', '/service/');
    const principals = [`${IAM}:role/service/ci`, `${IAM}:root`, 'arn:aws:iam::444455556666:role/other'];
    await put(policy(...principals));

    expect(await shown()).toEqual(principals);
  });

  it('are shown by their unique ids once they are deleted, also if others have their names by now', async () => {
    const RoleId = await createRole('reader');
    const { User } = await iam.send(new CreateUserCommand({ UserName: 'reader' }));
    await put(policy(`${IAM}:role/reader`, `${IAM}:user/reader`));
    await iam.send(new DeleteRoleCommand({ RoleName: 'reader' }));
    await iam.send(new DeleteUserCommand({ UserName: 'reader' }));
    expect(await shown()).toEqual([RoleId, User!.UserId]);

    expect(await createRole('reader')).not.toBe(RoleId);
    expect(await shown()).toEqual([RoleId, User!.UserId]);
    await expect(put(policy(...(await shown())))).rejects.toThrow('unsupported principal');
    await put(policy(`${IAM}:role/reader`));
    expect(await shown()).toEqual([`${IAM}:role/reader`]);
  });
});

describeWithTools('who is named in a condition of a resource policy', () => {
  let aws: LocalAws;
  beforeAll(async () => {
    aws = await startLocalAws();
  });
  afterAll(() => aws.stop());

  const policyFor = (Condition?: object): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: 'secretsmanager:GetSecretValue',
          Resource: '*',
          Condition,
        },
      ],
    });

  it('need not exist, stays as it was put, and makes the policy one that is not public', async () => {
    const secrets = new SecretsManagerClient(aws.clientConfig());
    await secrets.send(new CreateSecretCommand({ Name: 's' }));
    const put = (ResourcePolicy: string) =>
      secrets.send(new PutResourcePolicyCommand({ SecretId: 's', ResourcePolicy, BlockPublicPolicy: true }));
    const policy = policyFor({ StringEquals: { 'aws:PrincipalArn': [`${IAM}:role/nobody`] } });

    await expect(put(policyFor())).rejects.toMatchObject({ name: 'PublicPolicyException' });
    await put(policy);
    const { ResourcePolicy } = await secrets.send(new GetResourcePolicyCommand({ SecretId: 's' }));
    expect(ResourcePolicy).toBe(policy);
  });
});

describeWithTools('the principals of a key policy', () => {
  let aws: LocalAws;
  let iam: IAMClient;
  let kms: KMSClient;
  beforeAll(async () => {
    aws = await startLocalAws();
    [iam, kms] = [new IAMClient(aws.clientConfig()), new KMSClient(aws.clientConfig())];
  });
  afterAll(() => aws.stop());

  const policyFor = (AWS: string): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'kms:*', Resource: '*' }],
    });

  it('have to exist, and one that is deleted is shown by its unique id', async () => {
    const reader = `${IAM}:role/reader`;
    const refusal = {
      name: 'MalformedPolicyDocumentException',
      message: 'Policy contains a statement with one or more invalid principals.',
    };
    await expect(kms.send(new CreateKeyCommand({ Policy: policyFor(reader) }))).rejects.toMatchObject(
      refusal,
    );
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Policy: policyFor(`${IAM}:root`) }));
    const { Arn, KeyId } = KeyMetadata!;
    const put = () =>
      kms.send(new PutKeyPolicyCommand({ KeyId: Arn, PolicyName: 'default', Policy: policyFor(reader) }));
    const shown = async (): Promise<string> =>
      (await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }))).Policy!;

    await expect(put()).rejects.toMatchObject(refusal);
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: '{}' }),
    );
    await put();
    expect(await shown()).toBe(policyFor(reader));
    await iam.send(new DeleteRoleCommand({ RoleName: 'reader' }));
    expect(await shown()).toBe(policyFor(Role!.RoleId!));
    await expect(
      kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy: await shown() })),
    ).rejects.toMatchObject(refusal);
  });
});
