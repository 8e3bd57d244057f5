import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import type { LocalAws } from '../../../../sandbox/local-aws';

/** What a secret holds; it is a `credential_process` document. */
export interface StoredKey {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
}

/** The account of a local AWS, as an administrator looks at it. */
export class Account {
  readonly iam: IAMClient;
  readonly secrets: SecretsManagerClient;
  readonly lambda: LambdaClient;
  readonly dynamo: DynamoDBClient;

  constructor(private readonly aws: LocalAws) {
    const client = aws.clientConfig();
    this.iam = new IAMClient(client);
    this.secrets = new SecretsManagerClient(client);
    this.lambda = new LambdaClient(client);
    this.dynamo = new DynamoDBClient(client);
  }

  async createUser(userName: string, path: string): Promise<void> {
    await this.iam.send(new CreateUserCommand({ UserName: userName, Path: path }));
  }

  /** A key made by hand. */
  async createKey(userName: string): Promise<StoredKey> {
    const { AccessKey } = await this.iam.send(new CreateAccessKeyCommand({ UserName: userName }));
    return { AccessKeyId: AccessKey!.AccessKeyId!, SecretAccessKey: AccessKey!.SecretAccessKey! };
  }

  async deleteKey(userName: string, { AccessKeyId }: StoredKey): Promise<void> {
    await this.iam.send(new DeleteAccessKeyCommand({ UserName: userName, AccessKeyId }));
  }

  async storedKey(secretName: string, label = 'AWSCURRENT'): Promise<StoredKey> {
    const { SecretString } = await this.secrets.send(
      new GetSecretValueCommand({ SecretId: secretName, VersionStage: label }),
    );
    return JSON.parse(SecretString!) as StoredKey;
  }

  /** For calls that are signed with the key. */
  clientWith({ AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey }: StoredKey): STSClient {
    return new STSClient(this.aws.clientConfig({ accessKeyId, secretAccessKey }));
  }

  /** Who AWS says one is with the key. Fails if the key does not work. */
  async whoIs(key: StoredKey): Promise<string | undefined> {
    return (await this.clientWith(key).send(new GetCallerIdentityCommand({}))).Arn;
  }

  async keysOf(userName: string): Promise<readonly string[]> {
    const { AccessKeyMetadata = [] } = await this.iam.send(new ListAccessKeysCommand({ UserName: userName }));
    return AccessKeyMetadata.map(({ AccessKeyId, Status }) => `${AccessKeyId!} ${Status!}`);
  }

  /** `Active` or `Inactive`; undefined if the user has no such key. */
  async statusOf(userName: string, { AccessKeyId }: StoredKey): Promise<string | undefined> {
    const keys = await this.keysOf(userName);
    return keys.find((key) => key.startsWith(AccessKeyId))?.split(' ')[1];
  }

  /** All labels of a secret's versions, sorted. */
  async labelsOf(secretName: string): Promise<readonly string[]> {
    const { VersionIdsToStages = {} } = await this.secrets.send(
      new DescribeSecretCommand({ SecretId: secretName }),
    );
    return Object.values(VersionIdsToStages).flat().sort();
  }

  /** An item of a stack's table, such as `journal#ci`. */
  async item(pk: string, table = 'iam-key-rotation'): Promise<Record<string, AttributeValue>> {
    const { Item } = await this.dynamo.send(
      new GetItemCommand({ TableName: table, Key: { pk: { S: pk } }, ConsistentRead: true }),
    );
    return Item!;
  }

  /** Takes a permission from a role, whatever else its policies say; the function given back returns it. */
  async deny(roleName: string, action: string): Promise<() => Promise<void>> {
    const policy = { RoleName: roleName, PolicyName: 'denied-for-a-while' };
    const statement = { Effect: 'Deny', Action: action, Resource: '*' };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await this.iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
    return async () => {
      await this.iam.send(new DeleteRolePolicyCommand(policy));
    };
  }

  /** Has Secrets Manager rotate, and gives what it reported once it has given up or succeeded. */
  async rotate(secretName: string): Promise<readonly string[]> {
    await this.aws.rotationsSettled();
    const seen = this.aws.events().length;
    await this.secrets.send(new RotateSecretCommand({ SecretId: secretName })).catch((error: unknown) => {
      // What Secrets Manager says after a rotation that failed, and it then does what it says.
      if (!String(error).includes('That rotation will be reattempted')) {
        throw error;
      }
    });
    await this.aws.rotationsSettled();
    return this.aws
      .events()
      .slice(seen)
      .map(({ eventName }) => eventName);
  }

  async policiesOf(userName: string): Promise<readonly string[]> {
    const { AttachedPolicies = [] } = await this.iam.send(
      new ListAttachedUserPoliciesCommand({ UserName: userName }),
    );
    return AttachedPolicies.map(({ PolicyArn }) => PolicyArn!);
  }

  /** Everything that a stack could leave behind, by name. */
  async inventory(): Promise<Readonly<Record<string, readonly string[]>>> {
    const [{ Users = [] }, { Roles = [] }, { SecretList = [] }, { Functions = [] }, { TableNames = [] }] =
      await Promise.all([
        this.iam.send(new ListUsersCommand({})),
        this.iam.send(new ListRolesCommand({})),
        this.secrets.send(new ListSecretsCommand({ IncludePlannedDeletion: true })),
        this.lambda.send(new ListFunctionsCommand({})),
        this.dynamo.send(new ListTablesCommand({})),
      ]);
    return {
      users: Users.map(({ UserName }) => UserName!).sort(),
      roles: Roles.map(({ RoleName }) => RoleName!).sort(),
      secrets: SecretList.map(({ Name }) => Name!).sort(),
      functions: Functions.map(({ FunctionName }) => FunctionName!).sort(),
      tables: TableNames.sort(),
    };
  }
}
