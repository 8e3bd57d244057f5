import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListRolesCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import type { LocalAws } from '../local-aws';

/** What is in the account of all that a stack makes: `role iam-key-rotation-ci-deployer`, and so on. */
export async function inventory(aws: LocalAws): Promise<readonly string[]> {
  const config = aws.clientConfig();
  const iam = new IAMClient(config);
  const [users, roles, secrets, functions, tables] = await Promise.all([
    iam.send(new ListUsersCommand({})),
    iam.send(new ListRolesCommand({})),
    new SecretsManagerClient(config).send(new ListSecretsCommand({ IncludePlannedDeletion: true })),
    new LambdaClient(config).send(new ListFunctionsCommand({})),
    new DynamoDBClient(config).send(new ListTablesCommand({})),
  ]);
  return [
    ...(users.Users ?? []).map(({ UserName = '' }) => `user ${UserName}`),
    ...(roles.Roles ?? []).map(({ RoleName = '' }) => `role ${RoleName}`),
    ...(secrets.SecretList ?? []).map(({ Name = '' }) => `secret ${Name}`),
    ...(functions.Functions ?? []).map(({ FunctionName = '' }) => `function ${FunctionName}`),
    ...(tables.TableNames ?? []).map((name) => `table ${name}`),
  ];
}
