import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** Ends with this process, whose end of the pipe is then closed; leaves no core file where SIGQUIT ends it. */
const COMMAND = ['sh', ['-c', 'ulimit -c 0; exec cat']] as const;

/** Within it a signal has reached the whole group; one for this process alone reaches the program so much later. In milliseconds. */
const GRACE = 100;

/**
 * Tells what the keys of a terminal sent from what somebody sent to this process alone: Node.js does not say who sent a signal. The
 * keys send to the whole process group, and there is a process in it that a signal ends. If it answers after a signal, it did not get
 * that one.
 */
export class Witness {
  #process: ChildProcessByStdio<Writable, Readable, null> | undefined;
  /** Of those who ask, in the order of their questions. */
  #answers: ((hasSeenIt: boolean) => void)[] = [];

  constructor() {
    this.#begin();
  }

  /** Whether the signal that was just received went to the whole group. Also where no witness could be started. */
  hasSeenIt(): Promise<boolean> {
    const witness = this.#process;
    if (witness === undefined) return Promise.resolve(true);
    return new Promise((resolve) => {
      this.#answers.push(resolve);
      // A process takes its signals before it reads on; but a group does not get a signal at one and the same moment.
      setTimeout(() => witness.stdin.write('?'), GRACE);
    });
  }

  end(): void {
    const witness = this.#process;
    this.#process = undefined;
    witness?.stdin.end();
  }

  #begin(): void {
    const [command, args] = COMMAND;
    // Nothing of the caller's environment, in which keys may be.
    const env = { PATH: process.env['PATH'] };
    const witness = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
    this.#process = witness;
    // It ended meanwhile, which its exit tells.
    witness.stdin.on('error', () => undefined);
    witness.stdout.on('data', (answers: Buffer) => {
      for (const answer of this.#answers.splice(0, answers.length)) answer(false);
    });
    const isCurrent = (): boolean => this.#process === witness;
    witness.once('error', () => {
      if (isCurrent()) this.#process = undefined;
    });
    witness.once('exit', (_, signal) => {
      if (!isCurrent()) return;
      this.#process = undefined;
      for (const answer of this.#answers.splice(0)) answer(true);
      if (signal !== null) this.#begin();
    });
    witness.unref();
  }
}
