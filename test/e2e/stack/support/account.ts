import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  GetSecretValueCommand,
  ListSecretsCommand,
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
  readonly #iam: IAMClient;
  readonly #secrets: SecretsManagerClient;
  readonly #lambda: LambdaClient;
  readonly #dynamo: DynamoDBClient;

  constructor(private readonly aws: LocalAws) {
    const client = { endpoint: aws.endpoint, region: aws.region, credentials: aws.adminCredentials };
    this.#iam = new IAMClient(client);
    this.#secrets = new SecretsManagerClient(client);
    this.#lambda = new LambdaClient(client);
    this.#dynamo = new DynamoDBClient(client);
  }

  async createUser(userName: string, path: string): Promise<void> {
    await this.#iam.send(new CreateUserCommand({ UserName: userName, Path: path }));
  }

  async storedKey(secretName: string): Promise<StoredKey> {
    const { SecretString } = await this.#secrets.send(new GetSecretValueCommand({ SecretId: secretName }));
    return JSON.parse(SecretString!) as StoredKey;
  }

  /** Who AWS says one is with the key. Fails if the key does not work. */
  async whoIs(key: StoredKey): Promise<string | undefined> {
    const { endpoint, region } = this.aws;
    const credentials = { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey };
    const { Arn } = await new STSClient({ endpoint, region, credentials }).send(
      new GetCallerIdentityCommand({}),
    );
    return Arn;
  }

  async keysOf(userName: string): Promise<readonly string[]> {
    const { AccessKeyMetadata = [] } = await this.#iam.send(
      new ListAccessKeysCommand({ UserName: userName }),
    );
    return AccessKeyMetadata.map(({ AccessKeyId, Status }) => `${AccessKeyId!} ${Status!}`);
  }

  async policiesOf(userName: string): Promise<readonly string[]> {
    const { AttachedPolicies = [] } = await this.#iam.send(
      new ListAttachedUserPoliciesCommand({ UserName: userName }),
    );
    return AttachedPolicies.map(({ PolicyArn }) => PolicyArn!);
  }

  /** Everything that a stack could leave behind, by name. */
  async inventory(): Promise<Readonly<Record<string, readonly string[]>>> {
    const [{ Users = [] }, { Roles = [] }, { SecretList = [] }, { Functions = [] }, { TableNames = [] }] =
      await Promise.all([
        this.#iam.send(new ListUsersCommand({})),
        this.#iam.send(new ListRolesCommand({})),
        this.#secrets.send(new ListSecretsCommand({ IncludePlannedDeletion: true })),
        this.#lambda.send(new ListFunctionsCommand({})),
        this.#dynamo.send(new ListTablesCommand({})),
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
