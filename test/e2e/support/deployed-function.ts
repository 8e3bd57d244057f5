import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateUserCommand } from '@aws-sdk/client-iam';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import {
  CreateSecretCommand,
  RotateSecretCommand,
  type RotateSecretRequest,
} from '@aws-sdk/client-secrets-manager';
import { App } from 'cdktf';

import { settingsItem } from '../../../modules/journal-table/settings-item';
import {
  DEFAULT_FUNCTION_RUNTIME,
  type FunctionRuntime,
} from '../../../modules/node-function/lambda-runtime';
import { RotationStack } from '../../../modules/rotation-stack';
import type { LocalAws } from '../../../sandbox/local-aws';
import { aStack } from '../../modules/support/configurations';
import { SynthesizedStack } from '../../modules/support/synthesize';
import { Account } from '../stack/support/account';
import { createFunction } from './create-function';

export interface RotatedTestUser {
  readonly stableKey: string;
  readonly userName: string;
  readonly userArn: string;
  readonly userId: string;
  readonly secretArn: string;
}

const synthesized = new Map<FunctionRuntime, { readonly stack: SynthesizedStack; readonly zip: Buffer }>();

/** The product's own function and bundle, as synthesized; once per test file and runtime. */
function synthesizeOnce(functionRuntime: FunctionRuntime): { stack: SynthesizedStack; zip: Buffer } {
  let made = synthesized.get(functionRuntime);
  if (made === undefined) {
    const outdir = mkdtempSync(join(tmpdir(), 'synthesized-'));
    const app = new App({ outdir });
    const configuration = aStack([], { functions: 'shared', functionRuntime });
    new RotationStack(app, { configuration });
    app.synth();
    const folder = join(outdir, 'stacks', configuration.name);
    const stack = new SynthesizedStack(readFileSync(join(folder, 'cdk.tf.json'), 'utf8'));
    const { filename } = stack.at('aws_lambda_function.rotate');
    made = { stack, zip: readFileSync(join(folder, filename as string)) };
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
  readonly #account: Account;
  #users = 0;

  private constructor(
    private readonly aws: LocalAws,
    readonly functionName: string,
    readonly functionArn: string,
    private readonly names: { readonly tableName: string; readonly prefix: string },
  ) {
    this.#account = new Account(aws);
  }

  static async on(aws: LocalAws, runtime = DEFAULT_FUNCTION_RUNTIME): Promise<DeployedFunction> {
    const { stack, zip } = synthesizeOnce(runtime);
    const text = (address: string, argument: string) => stack.at(address)[argument] as string;
    const tableName = text('aws_dynamodb_table.journal', 'name');
    const hashKey = text('aws_dynamodb_table.journal', 'hash_key');
    await new DynamoDBClient(aws.clientConfig()).send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: hashKey, AttributeType: 'S' }],
        KeySchema: [{ AttributeName: hashKey, KeyType: 'HASH' }],
      }),
    );
    const fn = stack.at('aws_lambda_function.rotate');
    const { variables } = fn['environment'] as { variables: Record<string, string> };
    const functionName = text('aws_lambda_function.rotate', 'function_name');
    const { functionArn } = await createFunction(aws, {
      FunctionName: functionName,
      Handler: text('aws_lambda_function.rotate', 'handler'),
      Runtime: text('aws_lambda_function.rotate', 'runtime') as FunctionRuntime,
      Timeout: Number(fn['timeout']),
      MemorySize: Number(fn['memory_size']),
      Environment: { Variables: { ...variables, TABLE_NAME: tableName } },
      code: zip,
      role: {
        name: text('aws_iam_role.rotate', 'name'),
        trust: text('aws_iam_role.rotate', 'assume_role_policy'),
      },
      invoker: {
        Principal: text('aws_lambda_permission.rotate', 'principal'),
        SourceAccount: text('aws_lambda_permission.rotate', 'source_account'),
      },
    });
    return new DeployedFunction(aws, functionName, functionArn, {
      tableName,
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
      this.#account.iam.send(new CreateUserCommand({ UserName: stableKey })),
      this.#account.secrets.send(new CreateSecretCommand({ Name: `${this.names.prefix}/${stableKey}` })),
    ]);
    const user = { stableKey, userName: stableKey, userId: User!.UserId!, secretArn: ARN! };
    const item = settingsItem({
      ...{ ...user, accountId: this.aws.accountId },
      ...{ maximumKeyAgeSeconds: 90 * 86_400, whenStillInUse: 'hold', ...times },
    });
    await this.#account.dynamo.send(
      new PutItemCommand({
        TableName: this.names.tableName,
        Item: JSON.parse(item) as Record<string, AttributeValue>,
      }),
    );
    return { ...user, userArn: User!.Arn! };
  }

  /**
   * Invokes it as `terraform apply` does for a first key.
   *
   * @returns whether it succeeded
   */
  async makeFirstKey({ secretArn, userId }: RotatedTestUser): Promise<boolean> {
    const Payload = JSON.stringify({ Step: 'firstKey', SecretId: secretArn, UserId: userId });
    const { FunctionError } = await this.#account.lambda.send(
      new InvokeCommand({ FunctionName: this.functionName, Payload }),
    );
    return FunctionError === undefined;
  }

  /** `RotateSecret` with this function, as the schedule's resource has it; what begins then may be under way. */
  async rotateSecret({ secretArn }: RotatedTestUser, more: Partial<RotateSecretRequest> = {}): Promise<void> {
    await this.#account.secrets.send(
      new RotateSecretCommand({
        ...{ SecretId: secretArn, RotationLambdaARN: this.functionArn },
        ...{ RotationRules: { AutomaticallyAfterDays: 30 }, ...more },
      }),
    );
  }
}
