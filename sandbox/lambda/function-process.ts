import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

import { nodeOf } from './node-binary';

/** For what hangs. Lambda itself allows 10 s for importing a function's code: how busy this machine is must not fail a function. */
const INIT_LIMIT_MS = 5 * 60_000;

/** What bootstrap.mjs writes to both streams when an invocation is over: after it, all of its output has arrived. */
const END_OF_OUTPUT = '\0end\n';

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type Outcome = { readonly payload: string } | { readonly error: FunctionError };

export interface ProcessInput {
  /** One of `RUNTIMES`. */
  readonly runtime: string;
  readonly taskRoot: string;
  readonly handler: string;
  /** All that the function finds in its environment. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface Invocation {
  readonly requestId: string;
  readonly event: string;
  readonly timeoutMs: number;
  readonly clockShiftMs: number;
  readonly context: Readonly<Record<string, unknown>>;
}

type Message = { readonly kind: 'ready' } | ({ readonly kind: 'finished'; readonly ends: boolean } & Outcome);

/** Where the one invocation that runs has got to. */
interface Running {
  readonly requestId: string;
  readonly timeoutMs: number;
  readonly resolve: (outcome: Outcome) => void;
  timer: NodeJS.Timeout;
  outcome?: Outcome;
  /** How many of both streams and the message have said that it is over. */
  endings: number;
}

/**
 * A function's process: one execution environment of Lambda. It runs one invocation at a time, can be frozen between two,
 * and is killed when an invocation's time is over.
 */
export class FunctionProcess {
  private readonly child: ChildProcess;
  private log = '';
  private running: Running | undefined;
  private over = false;
  /** Resolves when the process is no more. */
  readonly ended: Promise<void>;

  constructor(private readonly input: ProcessInput) {
    this.child = spawn(nodeOf(input.runtime), [join(__dirname, 'bootstrap.mjs')], {
      cwd: input.taskRoot,
      env: { ...input.environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C goes to the sandbox alone, which ends its functions itself.
      detached: true,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      const add = this.logUntilEnd();
      stream?.setEncoding('utf8').on('data', add);
    }
    this.child.on('message', (message: Message) => {
      this.heard(message);
    });
    this.ended = new Promise((resolve) => {
      this.child.on('error', (error) => {
        this.finish({ error: { errorType: 'Runtime.StartError', errorMessage: error.message } });
        resolve();
      });
      // `close`, not `exit`: only then has all output arrived.
      this.child.on('close', (code, signal) => {
        this.over = true;
        const how = signal ? 'signal: killed' : `exit status ${code}`;
        this.finish(this.failure('Runtime.ExitError', `Runtime exited with error: ${how}`));
        resolve();
      });
    });
    killWhenWeEnd(this.child, this.ended);
  }

  /** Whether it can run another invocation. */
  get isAlive(): boolean {
    return !this.over;
  }

  /** Thaws the process, if it was frozen. One at a time. */
  invoke({ requestId, event, timeoutMs, clockShiftMs, context }: Invocation): Promise<Outcome> {
    return new Promise((resolve) => {
      this.running = { ...{ requestId, timeoutMs, resolve }, timer: this.limit(INIT_LIMIT_MS), endings: 0 };
      const { handler, taskRoot } = this.input;
      this.child.kill('SIGCONT');
      this.child.send({ handler, taskRoot, event, timeoutMs, clockShiftMs, context }, (error) => {
        // The process has died; `ended` hears of that too, and says how.
        if (error) this.kill();
      });
    });
  }

  /** Sets the clock of the invocation that runs: its sleeps end by it. */
  setClock(clockShiftMs: number): void {
    // A process that has died needs no clock.
    this.child.send({ clockShiftMs }, () => undefined);
  }

  /** Everything written to standard output and standard error since it was last asked. */
  takeOutput(): string {
    const log = this.log;
    this.log = '';
    return log;
  }

  /** Nothing in it goes on until the next invocation, as on Lambda between two. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  kill(): void {
    this.over = true;
    this.child.kill('SIGKILL');
  }

  private heard(message: Message): void {
    if (!this.running) return;
    if (message.kind === 'ready') {
      clearTimeout(this.running.timer);
      this.running.timer = this.limit(this.running.timeoutMs);
      return;
    }
    clearTimeout(this.running.timer);
    this.running.outcome = 'error' in message ? { error: message.error } : { payload: message.payload };
    // One that ends is over when it is closed.
    if (message.ends) this.over = true;
    else this.countEnding();
  }

  /** Hides the mark from the log. */
  private logUntilEnd(): (text: string) => void {
    let held = '';
    return (text) => {
      held += text;
      for (;;) {
        const at = held.indexOf('\0');
        this.log += at === -1 ? held : held.slice(0, at);
        held = at === -1 ? '' : held.slice(at);
        if (!held.startsWith(END_OF_OUTPUT)) return;
        held = held.slice(END_OF_OUTPUT.length);
        this.countEnding();
      }
    };
  }

  private countEnding(): void {
    if (!this.running) return;
    this.running.endings += 1;
    if (this.running.endings === 3) this.finish();
  }

  private finish(otherwise?: Outcome): void {
    const { running } = this;
    const outcome = running?.outcome ?? otherwise;
    if (!running || !outcome) return;
    clearTimeout(running.timer);
    this.running = undefined;
    running.resolve(outcome);
  }

  private limit(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      if (!this.running) return;
      this.running.outcome = this.failure('Sandbox.Timedout', `Task timed out after ${seconds(ms)} seconds`);
      this.kill();
    }, ms);
  }

  private failure(errorType: string, what: string): Outcome {
    const requestId = this.running?.requestId ?? '';
    return { error: { errorType, errorMessage: `RequestId: ${requestId} Error: ${what}` } };
  }
}

const seconds = (ms: number): string => (ms / 1000).toFixed(2);

/**
 * A frozen process does not hear that we have gone, however abruptly: a shell waits for that, whose input is ours, and
 * kills it.
 */
function killWhenWeEnd(child: ChildProcess, ended: Promise<void>): void {
  if (child.pid === undefined) return;
  const shell = spawn('sh', ['-c', 'read line || kill -KILL "$0"', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.unref();
  shell.on('error', (error) => {
    console.error('The local AWS cannot watch over a function:', error);
    child.kill('SIGKILL');
  });
  void ended.then(() => shell.stdin.end('it has ended\n'));
}
