import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

import { nodeForFunctions } from './node-binary';

/** Lambda allows 10 s for importing a function's code; a busy test machine gets more. */
const INIT_LIMIT_MS = 30_000;

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type Outcome = { readonly payload: string } | { readonly error: FunctionError };

export interface ProcessInput {
  readonly requestId: string;
  readonly taskRoot: string;
  readonly handler: string;
  readonly event: string;
  readonly timeoutMs: number;
  readonly clockShiftMs: number;
  readonly context: Readonly<Record<string, unknown>>;
  /** All that the function finds in its environment. */
  readonly environment: Readonly<Record<string, string>>;
}

type Message = { readonly kind: 'ready' } | ({ readonly kind: 'finished' } & Outcome);

/** One invocation in a process of its own, which is killed when its time is over. */
export class FunctionProcess {
  private readonly child: ChildProcess;
  private log = '';
  readonly outcome: Promise<Outcome>;

  constructor(private readonly input: ProcessInput) {
    const { handler, event, taskRoot, timeoutMs, clockShiftMs, context } = input;
    this.child = spawn(nodeForFunctions(), [join(__dirname, 'bootstrap.mjs')], {
      cwd: taskRoot,
      env: { ...input.environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C goes to the sandbox alone, which ends its functions itself.
      detached: true,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    }
    this.outcome = this.run();
    this.child.send({ handler, event, taskRoot, timeoutMs, clockShiftMs, context }, (error) => {
      // The process died at once; `run` hears of that too, and says how.
      if (error) this.kill();
    });
  }

  /** Everything written to standard output and standard error so far. */
  output(): string {
    return this.log;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private run(): Promise<Outcome> {
    const { requestId, timeoutMs } = this.input;
    return new Promise((resolve) => {
      let outcome: Outcome | undefined;
      const failed = (errorType: string, what: string): Outcome => ({
        error: { errorType, errorMessage: `RequestId: ${requestId} Error: ${what}` },
      });
      const limit = (ms: number, late: Outcome): NodeJS.Timeout =>
        setTimeout(() => {
          outcome = late;
          this.kill();
        }, ms);
      let timer = limit(
        INIT_LIMIT_MS,
        failed('Sandbox.Timedout', `Task timed out after ${seconds(INIT_LIMIT_MS)} seconds`),
      );

      this.child.on('message', (message: Message) => {
        clearTimeout(timer);
        if (message.kind === 'ready') {
          timer = limit(
            timeoutMs,
            failed('Sandbox.Timedout', `Task timed out after ${seconds(timeoutMs)} seconds`),
          );
        } else {
          outcome = 'error' in message ? { error: message.error } : { payload: message.payload };
        }
      });
      this.child.on('error', (error) => {
        clearTimeout(timer);
        resolve({ error: { errorType: 'Runtime.StartError', errorMessage: error.message } });
      });
      // `close`, not `exit`: only then has all output arrived.
      this.child.on('close', (code, signal) => {
        clearTimeout(timer);
        const how = signal ? 'signal: killed' : `exit status ${code}`;
        resolve(outcome ?? failed('Runtime.ExitError', `Runtime exited with error: ${how}`));
      });
    });
  }
}

const seconds = (ms: number): string => (ms / 1000).toFixed(2);
