import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Milliseconds } from '../../contract/instant';
import { hasCode } from '../error-code';
import { tell } from '../print';
import type { Environment } from './environment';

/** The program, and its arguments. */
export type CommandLine = readonly [name: string, ...args: string[]];

/** What a shell says of a command that is not there, and of one that cannot be run. */
export const NOT_FOUND = 127;
export const NOT_EXECUTABLE = 126;

/** The program could not be started. The message names it, and nothing of its arguments or environment. */
export class ProgramNotStartedError extends Error {
  override readonly name = 'ProgramNotStartedError';

  constructor(
    program: string,
    finding: string,
    readonly exitCode: typeof NOT_FOUND | typeof NOT_EXECUTABLE,
  ) {
    super(`'${program}' was not started: ${finding}`);
  }
}

/** A program that runs on the standard streams of this process. */
export class Program {
  /** As a shell has it: 128 and the number of the signal where one ended it. */
  readonly exitCode: Promise<number>;

  private constructor(private readonly process: ChildProcess) {
    this.exitCode = new Promise((resolve) => {
      process.once('exit', (code, signal) => resolve(asExitCode(code, signal)));
    });
  }

  /** @throws ProgramNotStartedError */
  static async start([name, ...args]: CommandLine, env: Environment): Promise<Program> {
    if (name === '')
      throw new ProgramNotStartedError(name, 'its name is empty. Name a program after --.', NOT_FOUND);
    try {
      const started = spawn(name, args, { env, stdio: 'inherit' });
      const program = new Program(started);
      await once(started, 'spawn');
      // Of a signal that may not be sent, to a program that became another user.
      started.on('error', ({ message }) => tell(`'${name}' did not get a signal: ${message}`));
      return program;
    } catch (error) {
      // Without the error of Node.js, which has the arguments in it.
      throw notStarted(name, error);
    }
  }

  /** Nothing happens where it has ended. */
  signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }

  /** Asks it to end, and ends it where it goes on for longer than `patience`. */
  async stop(patience: Milliseconds): Promise<void> {
    const waiting = new AbortController();
    const ended = this.exitCode.finally(() => waiting.abort());
    this.signal('SIGTERM');
    await Promise.race([
      ended,
      sleep(patience, undefined, { signal: waiting.signal }).then(
        () => this.signal('SIGKILL'),
        () => undefined,
      ),
    ]);
    await ended;
  }
}

const asExitCode = (code: number | null, signal: NodeJS.Signals | null): number =>
  code ?? 128 + (signal === null ? 0 : constants.signals[signal]);

/** What has no slash is looked for in PATH, but for the two that every folder has. */
const isFolder = (name: string): boolean =>
  (name.includes('/') || name === '.' || name === '..') &&
  statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;

function notStarted(name: string, error: unknown): ProgramNotStartedError {
  if (hasCode(error, 'ENOENT'))
    return new ProgramNotStartedError(
      name,
      name.includes('/')
        ? 'there is no such file, or the interpreter that its first line names is missing.'
        : 'no folder of PATH has it, or the interpreter that its first line names is missing.',
      NOT_FOUND,
    );
  if (hasCode(error, 'EACCES') && isFolder(name))
    return new ProgramNotStartedError(name, 'it is a folder. Name a program in it.', NOT_EXECUTABLE);
  if (hasCode(error, 'EACCES'))
    return new ProgramNotStartedError(
      name,
      'it may not be executed. Make it executable with chmod +x.',
      NOT_EXECUTABLE,
    );
  const reason =
    typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
  return new ProgramNotStartedError(name, `the system refuses it: ${reason}.`, NOT_EXECUTABLE);
}
