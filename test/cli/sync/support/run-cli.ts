import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { CLI_COMMAND } from '../../../support/product';

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The CLI in a process of its own. */
export class RunningCli {
  stdout = '';
  stderr = '';
  readonly #process: ChildProcess;
  readonly #exit: Promise<unknown[]>;

  /** @param detached from the terminal on which the tests run, whose Ctrl-C it would get */
  constructor(args: readonly string[], env: Readonly<Record<string, string>>, { detached = false } = {}) {
    const [command, ...rest] = CLI_COMMAND;
    this.#process = spawn(command, [...rest, ...args], {
      // Without what Node and the SDK say of their own versions.
      env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached,
    });
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.#exit = once(this.#process, 'close');
  }

  stop(signal: NodeJS.Signals = 'SIGTERM'): void {
    this.#process.kill(signal);
  }

  async finished(): Promise<Finished> {
    const [exitCode] = (await this.#exit) as [number | null];
    return { exitCode, stdout: this.stdout, stderr: this.stderr };
  }
}

export const runCli = (args: readonly string[], env: Readonly<Record<string, string>>): Promise<Finished> =>
  new RunningCli(args, env).finished();
