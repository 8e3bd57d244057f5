import { setTimeout as sleep } from 'node:timers/promises';

import { settledAt } from '../../client/cached-keys';
import { refreshTiming } from '../../client/refresh-timing';
import type { RotatedKey } from '../../client/rotated-key';
import type { Milliseconds } from '../../contract/instant';
import type { Log } from '../../handlers/core/model/ports';
import { repeatLater } from '../credentials/watch';
import type { Environment } from './environment';
import { type CommandLine, Program } from './program';
import { receiveSignals } from './signals';

/** What happens to the program when the secret has another key. */
export type WhenKeyChanges =
  | { readonly does: 'tell' }
  | { readonly does: 'signal'; readonly signal: NodeJS.Signals }
  | { readonly does: 'restart'; readonly killAfter: Milliseconds };

export interface KeyedRun {
  readonly secretId: string;
  readonly commandLine: CommandLine;
  readonly whenKeyChanges: WhenKeyChanges;
  /** How often the secret is read. */
  readonly every: Milliseconds;
  readonly readKey: () => Promise<RotatedKey>;
  readonly environmentWith: (key: RotatedKey) => Environment;
  readonly log: Pick<Log, 'info' | 'error'>;
}

/**
 * Runs a program with the current key of a secret, until it ends.
 *
 * @returns its exit code
 * @throws RotatedSecretError where the key cannot be read; then nothing was started
 * @throws ProgramNotStartedError
 */
export async function runWithKey(run: KeyedRun): Promise<number> {
  const key = await run.readKey();
  return new KeyedProgram(run, key).untilItEnds();
}

class KeyedProgram {
  readonly #over = new AbortController();
  #program: Program | undefined;
  #isToRestart = false;
  /** Somebody wanted it to end, since it was started or is being ended to be started again. */
  #isToEnd = false;
  /** Never taken back: a program that finishes its work after SIGTERM must not be started again. */
  #isToEndForGood = false;

  constructor(
    private readonly run: KeyedRun,
    private key: RotatedKey,
  ) {}

  async untilItEnds(): Promise<number> {
    const release = receiveSignals({
      pass: (signal) => this.#program?.signal(signal),
      end: (isForGood) => {
        this.#isToEnd = true;
        this.#isToEndForGood ||= isForGood;
      },
    });
    try {
      const { every, log } = this.run;
      let exitCode = await this.#runOnce(() => {
        void repeatLater(() => this.#look(), { every, log, until: this.#over.signal });
      });
      while (this.#isToRestart && !this.#isToEnd) exitCode = await this.#runOnce();
      return exitCode;
    } finally {
      this.#over.abort();
      release();
    }
  }

  async #runOnce(whenStarted: () => void = () => undefined): Promise<number> {
    const { commandLine, environmentWith } = this.run;
    this.#isToRestart = false;
    const program = await Program.start(commandLine, environmentWith(this.key));
    this.#program = program;
    // What came while it was being started was for it, and did not reach it.
    if (this.#isToEnd) program.signal('SIGTERM');
    whenStarted();
    return program.exitCode;
  }

  async #look(): Promise<void> {
    const { readKey, secretId, log, whenKeyChanges, every } = this.run;
    const key = await readKey();
    if (key.accessKeyId === this.key.accessKeyId) return;
    await untilSettled(key, every, this.#over.signal);
    if (this.#over.signal.aborted) return;

    const before = this.key.accessKeyId;
    this.key = key;
    const found = `Secret ${secretId} has another key now, ${key.accessKeyId}.`;
    switch (whenKeyChanges.does) {
      case 'tell':
        log.info(
          `${found} The program goes on with ${before}, and when that key ends is not known here: start it again soon, or have that done with --restart.`,
        );
        return;
      case 'signal':
        log.info(`${found} The program gets ${whenKeyChanges.signal}.`);
        this.#program?.signal(whenKeyChanges.signal);
        return;
      case 'restart':
        if (this.#isToEndForGood) {
          log.info(`${found} The program was told to end, so it is not started again.`);
          return;
        }
        log.info(`${found} The program is started again.`);
        [this.#isToRestart, this.#isToEnd] = [true, false];
        await this.#program?.stop(whenKeyChanges.killAfter);
    }
  }
}

/** A program that is started with a key makes calls with it at once, and not every region may know a new key yet. */
async function untilSettled(key: RotatedKey, every: Milliseconds, over: AbortSignal): Promise<void> {
  const now = Date.now();
  const { settling } = refreshTiming(every, Number.POSITIVE_INFINITY);
  await sleep(Math.max(0, settledAt(key, now, settling) - now), undefined, { signal: over }).catch(
    () => undefined,
  );
}
