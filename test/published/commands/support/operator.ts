import { setTimeout as sleep } from 'node:timers/promises';

import type { RecordedCall } from '../../../../sandbox/front/recorder';
import type { LocalAws } from '../../../../sandbox/local-aws';
import { type Finished, RunningCli } from '../../../cli/sync/support/run-cli';
import { Account } from '../../../e2e/stack/support/account';

/** What a command did. */
export interface Run extends Finished {
  /** What AWS did for it, in order. */
  readonly calls: readonly RecordedCall[];
}

/** Until the local AWS has seen that the process is gone, and written down the call that it was killed in. */
const FOREVER_MS = 60_000;

/** Somebody with credentials of their own, so that what a command calls can be told from what the tests and functions call. */
export class Operator {
  private constructor(
    private readonly aws: LocalAws,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly arn: string,
  ) {}

  static async in(aws: LocalAws): Promise<Operator> {
    const account = new Account(aws);
    await account.createUser('operator', '/');
    const key = await account.createKey('operator');
    const environment = {
      ...aws.environment,
      AWS_ACCESS_KEY_ID: key.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: key.SecretAccessKey,
    };
    return new Operator(aws, environment, (await account.whoIs(key))!);
  }

  run(...args: readonly string[]): Promise<Run> {
    return this.runWith({}, ...args);
  }

  /** @param environment besides the credentials */
  async runWith(environment: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Run> {
    const before = this.#calls().length;
    const finished = await new RunningCli(args, { ...this.environment, ...environment }).finished();
    return { ...finished, calls: this.#calls().slice(before) };
  }

  /**
   * Runs a command that is killed when AWS has done its nth call, and before it can read the answer. In AWS that is the same as
   * to be killed right before the next one, so these are all places there are.
   *
   * @returns undefined where the command came to its end with fewer calls
   */
  async runKilledAtCall(nth: number, ...args: readonly string[]): Promise<Run | undefined> {
    const before = this.#calls().length;
    const held = this.aws.inject({
      ...{ match: { principalArn: this.arn }, nth },
      fault: { kind: 'slow', ms: FOREVER_MS },
    });
    const cli = new RunningCli(args, this.environment);
    const finished = cli.finished();
    const over = new AbortController();
    void finished.then(() => over.abort());
    while (!over.signal.aborted && held.hits === 0) await sleep(2);
    cli.stop('SIGKILL');
    const end = await finished;
    held.remove();
    if (held.hits === 0) return undefined;
    while (this.#calls().length < before + nth) await sleep(2);
    return { ...end, calls: this.#calls().slice(before) };
  }

  #calls(): readonly RecordedCall[] {
    return this.aws.calls().filter(({ principal }) => principal?.arn === this.arn);
  }
}
