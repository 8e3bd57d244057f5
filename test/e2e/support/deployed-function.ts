import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { App } from 'cdktf';

import { settingsItem } from '../../../modules/journal-table/settings-item';
import {
  DEFAULT_FUNCTION_RUNTIME,
  type FunctionRuntime,
} from '../../../modules/node-function/lambda-runtime';
import { RotationStack } from '../../../modules/rotation-stack';
import type { LocalAws } from '../../../sandbox/local-aws';
import { aStack } from '../../modules/support/configurations';

/** What the deployment needs of the synthesized stack, as Terraform would read it. */
interface FunctionArguments {
  readonly function_name: string;
  readonly handler: string;
  readonly runtime: FunctionRuntime;
  readonly filename: string;
  readonly timeout: number;
  readonly memory_size: number;
  readonly environment: { readonly variables: Readonly<Record<string, string>> };
}

interface Synthesized {
  readonly resource: {
    readonly aws_lambda_function: { readonly rotate: FunctionArguments };
    readonly aws_dynamodb_table: { readonly journal: { readonly name: string; readonly hash_key: string } };
    readonly aws_iam_role: {
      readonly rotate: { readonly name: string; readonly assume_role_policy: string };
    };
    readonly aws_lambda_permission: {
      readonly rotate: {
        readonly action: string;
        readonly principal: string;
        readonly source_account: string;
      };
    };
  };
}

export interface RotatedTestUser {
  readonly stableKey: string;
  readonly userName: string;
  readonly userArn: string;
  readonly userId: string;
  readonly secretArn: string;
}

const synthesized = new Map<FunctionRuntime, { readonly stack: Synthesized; readonly zip: Buffer }>();

/** The product's own function and bundle, as synthesized; once per test file and runtime. */
function synthesizeOnce(functionRuntime: FunctionRuntime): { stack: Synthesized; zip: Buffer } {
  let made = synthesized.get(functionRuntime);
  if (made === undefined) {
    const outdir = mkdtempSync(join(tmpdir(), 'synthesized-'));
    const app = new App({ outdir });
    const configuration = aStack([], { functions: 'shared', functionRuntime });
    new RotationStack(app, { configuration });
    app.synth();
    const folder = join(outdir, 'stacks', configuration.name);
    const stack = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')) as Synthesized;
    made = {
      stack,
      zip: readFileSync(join(folder, stack.resource.aws_lambda_function.rotate.filename)),
    };
    synthesized.set(functionRuntime, made);
    rmSync(outdir, { recursive: true });
  }
  return made;
}

/**
 * The rotation function that all users of a stack share, made through the SDK from the synthesized stack: in a second,
 * where Terraform needs many. For tests of what the function does, not of what Terraform makes; policies are left out.
 */
export class DeployedFunction {
  readonly #iam: IAMClient;
  readonly #secrets: SecretsManagerClient;
  readonly #dynamo: DynamoDBClient;
  readonly #tableName: string;
  readonly #prefix: string;
  #users = 0;

  private constructor(
    private readonly aws: LocalAws,
    readonly functionName: string,
    readonly functionArn: string,
    readonly roleArn: string,
    names: { readonly tableName: string; readonly prefix: string },
  ) {
    this.#iam = new IAMClient(aws.clientConfig());
    this.#secrets = new SecretsManagerClient(aws.clientConfig());
    this.#dynamo = new DynamoDBClient(aws.clientConfig());
    this.#tableName = names.tableName;
    this.#prefix = names.prefix;
  }

  static async on(aws: LocalAws, runtime = DEFAULT_FUNCTION_RUNTIME): Promise<DeployedFunction> {
    const { stack, zip } = synthesizeOnce(runtime);
    const { aws_lambda_function, aws_dynamodb_table, aws_iam_role, aws_lambda_permission } = stack.resource;
    const { journal } = aws_dynamodb_table;
    await new DynamoDBClient(aws.clientConfig()).send(
      new CreateTableCommand({
        TableName: journal.name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: journal.hash_key, AttributeType: 'S' }],
        KeySchema: [{ AttributeName: journal.hash_key, KeyType: 'HASH' }],
      }),
    );
    const { Role } = await new IAMClient(aws.clientConfig()).send(
      new CreateRoleCommand({
        RoleName: aws_iam_role.rotate.name,
        AssumeRolePolicyDocument: aws_iam_role.rotate.assume_role_policy,
      }),
    );
    const lambda = new LambdaClient(aws.clientConfig());
    const fn = aws_lambda_function.rotate;
    const variables: Record<string, string> = { ...fn.environment.variables, TABLE_NAME: journal.name };
    const { FunctionArn } = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: fn.function_name,
        Role: Role!.Arn,
        Handler: fn.handler,
        Runtime: fn.runtime,
        Timeout: fn.timeout,
        MemorySize: fn.memory_size,
        Environment: { Variables: variables },
        Code: { ZipFile: zip },
      }),
    );
    await lambda.send(
      new AddPermissionCommand({
        FunctionName: fn.function_name,
        StatementId: 'SecretsManager',
        Action: aws_lambda_permission.rotate.action,
        Principal: aws_lambda_permission.rotate.principal,
        SourceAccount: aws_lambda_permission.rotate.source_account,
      }),
    );
    return new DeployedFunction(aws, fn.function_name, FunctionArn!, Role!.Arn!, {
      tableName: journal.name,
      prefix: variables['SECRET_NAME_PREFIX']!,
    });
  }

  /** A user as Terraform leaves it before the first key is made: with an empty secret, and with settings. */
  async addUser(times: {
    readonly overlapSeconds: number;
    readonly gracePeriodSeconds: number;
  }): Promise<RotatedTestUser> {
    this.#users += 1;
    const stableKey = `user-${String(this.#users)}`;
    const [{ User }, { ARN }] = await Promise.all([
      this.#iam.send(new CreateUserCommand({ UserName: stableKey })),
      this.#secrets.send(new CreateSecretCommand({ Name: `${this.#prefix}/${stableKey}` })),
    ]);
    const user = {
      stableKey,
      userName: stableKey,
      userArn: User!.Arn!,
      userId: User!.UserId!,
      secretArn: ARN!,
    };
    const { userName, userId, secretArn } = user;
    const item = settingsItem({
      ...{ stableKey, userName, userId, secretArn, accountId: this.aws.accountId },
      ...{ maximumKeyAgeSeconds: 90 * 86_400, whenStillInUse: 'hold', ...times },
    });
    await this.#dynamo.send(
      new PutItemCommand({
        TableName: this.#tableName,
        Item: JSON.parse(item) as Record<string, AttributeValue>,
      }),
    );
    return user;
  }
}
