import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateAccessKeyCommand, CreateRoleCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';

import { secretName } from '../../contract/names';
import { settingsSchema } from '../../contract/settings';
import { journalItemKey, settingsItemKey, TABLE_PARTITION_KEY } from '../../contract/table';
import { journalSchema } from '../../handlers/core/model/journal';
import { deterministicZip } from '../../modules/node-function/deterministic-zip';
import { startLocalAws, type LocalAws } from '../../sandbox/local-aws';

export const STACK = 'iam-key-rotation';
const RELAY = 'relay';

/**
 * What Secrets Manager invokes: it hands each step on to the process that is measured, which is not the local AWS's own, so that it
 * can be of any language, and stays as it is between two invocations.
 */
const RELAY_CODE = `
export async function handler(event) {
  const answer = await fetch(process.env.MEASURED, { method: 'POST', body: JSON.stringify(event) });
  if (!answer.ok) throw new Error(await answer.text());
}
`;

/** Does a step of a rotation. */
export type Invoke = (event: unknown) => Promise<void>;

/** A local AWS with users of a stack, whose secrets it rotates by a function of one's choice. */
export class LocalRotations {
  /** Of the rotation that is under way. */
  #invoke: Invoke = () => Promise.reject(new Error('No function is measured at the moment.'));
  /** What the function failed with last. */
  #failure: unknown;
  #functionArn = '';
  readonly #clients;

  private constructor(
    private readonly aws: LocalAws,
    private readonly relay: Server,
  ) {
    const config = aws.clientConfig();
    this.#clients = {
      dynamodb: new DynamoDBClient(config),
      iam: new IAMClient(config),
      lambda: new LambdaClient(config),
      secretsManager: new SecretsManagerClient(config),
    };
    relay.on('request', (request: IncomingMessage, response) => {
      void bodyOf(request)
        .then((body) => this.#invoke(JSON.parse(body)))
        .then(
          () => response.end(),
          (error: unknown) => {
            this.#failure = error;
            response.writeHead(500).end(String(error));
          },
        );
    });
  }

  /** A new key is known at once, so that no function has to ask for it more often than another. */
  static async start(): Promise<LocalRotations> {
    const propagation = { delaySeconds: 0, flapping: false };
    const aws = await startLocalAws({ accessKeys: { propagation }, rotation: { attempts: 1 } });
    const relay = createServer().listen(0, '127.0.0.1');
    await once(relay, 'listening');
    const rotations = new LocalRotations(aws, relay);
    await rotations.#makeTable();
    await rotations.#makeRelay();
    return rotations;
  }

  /** The variables that a function finds on this AWS. */
  get environment(): Readonly<Record<string, string>> {
    return this.aws.environment;
  }

  /** Adds a user with one key, which is current. @returns the ARN of the secret */
  async addUser(stableKey: string): Promise<string> {
    const { iam, secretsManager, dynamodb } = this.#clients;
    const { User: user } = await iam.send(new CreateUserCommand({ UserName: stableKey }));
    const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName: stableKey }));
    const { AccessKeyId, SecretAccessKey } = key!;
    const secret = await secretsManager.send(
      new CreateSecretCommand({
        Name: secretName(STACK, stableKey),
        SecretString: JSON.stringify({ UserName: stableKey, AccessKeyId, SecretAccessKey }),
      }),
    );
    const [userId, secretArn] = [user!.UserId!, secret.ARN!];
    const settings = z.encode(settingsSchema, {
      ...{ stableKey, accountId: this.aws.accountId, userName: stableKey, userId, secretArn },
      ...{ overlapSeconds: 86_400, gracePeriodSeconds: 604_800, maximumKeyAgeSeconds: 7_776_000 },
      whenStillInUse: 'hold',
    });
    const current = { keyId: AccessKeyId!, versionId: secret.VersionId!, since: Date.now() };
    const journal = z.encode(journalSchema, { userId, secretArn, current, previous: [] });
    for (const item of [
      { [TABLE_PARTITION_KEY]: settingsItemKey(stableKey), ...settings },
      { [TABLE_PARTITION_KEY]: journalItemKey(stableKey), journal },
    ])
      await dynamodb.send(
        new PutItemCommand({ TableName: STACK, Item: marshall(item, { removeUndefinedValues: true }) }),
      );
    return secretArn;
  }

  /**
   * Has Secrets Manager rotate a secret, by a function.
   *
   * @returns how many calls the function made
   * @throws Error where the rotation fails
   */
  async rotate(secretArn: string, invoke: Invoke): Promise<number> {
    const callsBefore = this.aws.calls().length;
    this.#invoke = invoke;
    this.#failure = undefined;
    await this.#clients.secretsManager.send(
      new RotateSecretCommand({
        ...{ SecretId: secretArn, RotationLambdaARN: this.#functionArn },
        RotationRules: { AutomaticallyAfterDays: 60 },
      }),
    );
    await this.aws.rotationsSettled(secretArn);
    const isOver = this.aws
      .events()
      .some(
        ({ eventName, additionalEventData: { SecretId } }) =>
          eventName === 'RotationSucceeded' && SecretId === secretArn,
      );
    if (!isOver) throw new Error(`The rotation failed: ${String(this.#failure)}`, { cause: this.#failure });
    // Beside them: RotateSecret, and the invocations of Secrets Manager.
    return this.aws
      .calls()
      .slice(callsBefore)
      .filter(({ action }) => action !== 'RotateSecret' && action !== 'Invoke').length;
  }

  async stop(): Promise<void> {
    await this.aws.stop();
    this.relay.close();
    this.relay.closeAllConnections();
  }

  async #makeTable(): Promise<void> {
    await this.#clients.dynamodb.send(
      new CreateTableCommand({
        TableName: STACK,
        KeySchema: [{ AttributeName: TABLE_PARTITION_KEY, KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: TABLE_PARTITION_KEY, AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  }

  async #makeRelay(): Promise<void> {
    const { iam, lambda } = this.#clients;
    const { Role: role } = await iam.send(
      new CreateRoleCommand({
        RoleName: RELAY,
        AssumeRolePolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'lambda.amazonaws.com' },
              Action: 'sts:AssumeRole',
            },
          ],
        }),
      }),
    );
    const { port } = this.relay.address() as AddressInfo;
    const code = deterministicZip([{ name: 'index.mjs', bytes: Buffer.from(RELAY_CODE) }]);
    const { FunctionArn: arn } = await lambda.send(
      new CreateFunctionCommand({
        ...{ FunctionName: RELAY, Role: role!.Arn, Code: { ZipFile: code }, Handler: 'index.handler' },
        ...{ Runtime: 'nodejs22.x', Timeout: 300 },
        Environment: { Variables: { MEASURED: `http://127.0.0.1:${port}` } },
      }),
    );
    await lambda.send(
      new AddPermissionCommand({
        ...{ FunctionName: RELAY, StatementId: 'rotate', Action: 'lambda:InvokeFunction' },
        Principal: 'secretsmanager.amazonaws.com',
      }),
    );
    this.#functionArn = arn!;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
