import { InvokeCommand } from '@aws-sdk/client-lambda';
import { unmarshall } from '@aws-sdk/util-dynamodb';

import type { Instant } from '../../../../contract/instant';
import { journalItemSchema } from '../../../../handlers/aws/journal-item';
import type { Journal } from '../../../../handlers/core/model/journal';
import type { SweepResult } from '../../../../handlers/retire-access-keys/tally';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from '../../../../sandbox/local-aws';
import { type Finished, runCli } from '../../../cli/sync/support/run-cli';
import { byRolePolicies } from '../../../support/iam-evaluation/authorizer';
import { Account, type StoredKey } from './account';
import { AppliedStack } from './applied-stack';

const RETIREMENT = 'iam-key-rotation-retire';

/** One run of the retirement function. */
export interface Run {
  /** Undefined: it failed. */
  readonly result: SweepResult | undefined;
  /** What it logged, as text. */
  readonly log: string;
}

/** A local AWS with a stack, in which functions may do what their roles' policies allow, and time passes as wanted. */
export class Stage {
  readonly account: Account;
  readonly stack: AppliedStack;

  private constructor(readonly aws: LocalAws) {
    this.account = new Account(aws);
    this.stack = new AppliedStack(aws.environment);
  }

  static async open(options: LocalAwsOptions = {}): Promise<Stage> {
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
    const { FunctionError, Payload } = await this.account.lambda.send(
      new InvokeCommand({ FunctionName: RETIREMENT, Payload: '{}' }),
    );
    const log = this.aws.functionLogs(RETIREMENT).slice(seen);
    if (FunctionError !== undefined) return { result: undefined, log };
    return { result: JSON.parse(Buffer.from(Payload!).toString()) as SweepResult, log };
  }

  async journal(stableKey: string): Promise<Journal> {
    const item = await this.account.item(`journal#${stableKey}`);
    const { journal } = journalItemSchema.parse(unmarshall(item));
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

  /** Has a rotation succeed, and gives the key that it replaced. */
  async rotateAway(stableKey: string): Promise<StoredKey> {
    const replaced = await this.currentKey(stableKey);
    const events = await this.rotate(stableKey);
    if (events.at(-1) !== 'RotationSucceeded') throw new Error(`The rotation failed: ${events.join(', ')}`);
    return replaced;
  }

  /** `iam-key-rotation <args>`, with the administrator's credentials. */
  command(...args: readonly string[]): Promise<Finished> {
    return runCli(args, this.aws.environment);
  }
}
