import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';

import { figuresOf, type ProcessFigures } from './process-figures';

/** How a function is run: with serve.mjs or serve.py, which invoke it for each event that they are given. */
export interface Served {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** A process of a function that is invoked one time after the other, and stays meanwhile. */
export class ServedFunction {
  readonly #child: ChildProcess;
  readonly #answers: Interface;
  #said = '';

  constructor({ command, args, environment }: Served) {
    this.#child = spawn(command, args, {
      env: environment,
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-2_000);
    });
    this.#answers = createInterface({ input: this.#child.stdio[3] as Readable });
  }

  /** @throws Error where the function fails, or its process ends */
  async invoke(event: unknown): Promise<void> {
    const answered = new AbortController();
    const answer = once(this.#answers, 'line', { signal: answered.signal }) as Promise<[string]>;
    const end = once(this.#child, 'exit', { signal: answered.signal }).then(([code]) => {
      throw new Error(`The process of the function ended with ${String(code)}: ${this.#said}`);
    });
    this.#child.stdin!.write(`${JSON.stringify(event)}\n`);
    try {
      const [line] = await Promise.race([answer, end]);
      const { error } = JSON.parse(line) as { readonly error?: string };
      if (error !== undefined) throw new Error(error);
    } finally {
      answered.abort();
      // Whichever of the two was not first is of no interest any more.
      await Promise.allSettled([answer, end]);
    }
  }

  /** What it has used since it began. */
  used(): ProcessFigures {
    return figuresOf(this.#child.pid!);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.stdin!.end();
    await ended;
  }
}
