import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateAccessKeyCommand, DeleteAccessKeyCommand, IAMClient } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { unmarshall } from '@aws-sdk/util-dynamodb';

import { journalItemSchema } from '../../../../handlers/aws/journal-item';
import type { Instant } from '../../../../contract/instant';
import type { Journal } from '../../../../handlers/core/model/journal';
import type { SweepResult } from '../../../../handlers/retire-access-keys/summarize';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from '../../../../sandbox/local-aws';
import { Account, type StoredKey } from '../../../e2e/stack/support/account';
import { AppliedStack } from '../../../e2e/stack/support/applied-stack';
import { byRolePolicies } from '../../../e2e/stack/support/role-policies';

const PROJECT = join(__dirname, '../../../..');
const TABLE = 'iam-key-rotation';
const RETIREMENT = 'iam-key-rotation-retire';

/** One run of the retirement function. */
export interface Run {
  /** Undefined: it failed. */
  readonly result: SweepResult | undefined;
  /** What it logged, as text. */
  readonly log: string;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A local AWS with a stack, in which functions may do what their roles' policies allow, and time passes as wanted. */
export class Stage {
  readonly account: Account;
  readonly stack: AppliedStack;
  readonly #lambda: LambdaClient;
  readonly #iam: IAMClient;
  readonly #dynamodb: DynamoDBClient;

  private constructor(readonly aws: LocalAws) {
    this.account = new Account(aws);
    this.stack = new AppliedStack(aws.environment);
    this.#lambda = new LambdaClient(aws.clientConfig());
    this.#iam = new IAMClient(aws.clientConfig());
    this.#dynamodb = new DynamoDBClient(aws.clientConfig());
  }

  static async open(options: Pick<LocalAwsOptions, 'callsReachEventBus'> = {}): Promise<Stage> {
    const aws: LocalAws = await startLocalAws({
      authorize: byRolePolicies(() => aws),
      // New keys that come and go are others' tests; here they would only cost time.
      accessKeys: { propagation: { delaySeconds: 0, flapping: false } },
      rotation: { retryDelayMs: 10 },
      ...options,
    });
    return new Stage(aws);
  }

  async close(): Promise<void> {
    await this.aws.stop();
    this.stack.remove();
  }

  /** Puts the clock of AWS and of the functions forward. */
  goTo(moment: Instant): void {
    const shift = moment - Date.now();
    if (shift < this.aws.clockShiftMs) throw new Error('Time only goes forward.');
    this.aws.clockShiftMs = shift;
  }

  now(): Instant {
    return this.aws.now().getTime();
  }

  /** Invokes the retirement function, as EventBridge Scheduler does every hour. */
  async sweep(): Promise<Run> {
    const seen = this.aws.functionLogs(RETIREMENT).length;
    const { FunctionError, Payload } = await this.#lambda.send(
      new InvokeCommand({ FunctionName: RETIREMENT, Payload: '{}' }),
    );
    const log = this.aws.functionLogs(RETIREMENT).slice(seen);
    if (FunctionError !== undefined) return { result: undefined, log };
    return { result: JSON.parse(Buffer.from(Payload!).toString()) as SweepResult, log };
  }

  async journal(stableKey: string): Promise<Journal> {
    const { Item } = await this.#dynamodb.send(
      new GetItemCommand({
        TableName: TABLE,
        Key: { pk: { S: `journal#${stableKey}` } },
        ConsistentRead: true,
      }),
    );
    const { journal } = journalItemSchema.parse(unmarshall(Item!));
    if (journal === undefined) throw new Error(`${stableKey} has no journal.`);
    return journal;
  }

  /** The user's current key, from its secret. */
  currentKey(stableKey: string): Promise<StoredKey> {
    return this.account.storedKey(`iam-key-rotation/${stableKey}`);
  }

  rotate(stableKey: string): Promise<readonly string[]> {
    return this.account.rotate(`iam-key-rotation/${stableKey}`);
  }

  /** A key made by hand. */
  async createKey(userName: string): Promise<StoredKey> {
    const { AccessKey } = await this.#iam.send(new CreateAccessKeyCommand({ UserName: userName }));
    return { AccessKeyId: AccessKey!.AccessKeyId!, SecretAccessKey: AccessKey!.SecretAccessKey! };
  }

  async deleteKey(userName: string, { AccessKeyId }: StoredKey): Promise<void> {
    await this.#iam.send(new DeleteAccessKeyCommand({ UserName: userName, AccessKeyId }));
  }

  /** `iam-key-rotation <args>`, with the administrator's credentials. */
  async command(...args: string[]): Promise<CommandResult> {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
    const loader = pathToFileURL(require.resolve('tsx')).href;
    try {
      const output = await promisify(execFile)(
        process.execPath,
        ['--import', loader, join(PROJECT, 'cli/main.ts'), ...args],
        { env: { ...Object.fromEntries(inherited), ...this.aws.environment } },
      );
      return { exitCode: 0, ...output };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      if (typeof code !== 'number') throw error;
      return { exitCode: code, stdout, stderr };
    }
  }
}
