import type { SessionCredentials } from '../sts/sessions';
import type { FunctionProcess } from './function-process';
import type { LambdaFunction } from './functions';

/** A process of a function, with what it keeps for as long as it lives. */
export interface ExecutionEnvironment {
  /** As it was configured when the process began. */
  readonly fn: LambdaFunction;
  readonly process: FunctionProcess;
  readonly credentials: SessionCredentials;
  readonly logStream: string;
}

/**
 * Environments that wait, frozen, for another invocation of their function. One whose function was changed or deleted is
 * not used any more.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export class WarmProcesses {
  /** The longest frozen first. */
  private waiting: ExecutionEnvironment[] = [];

  /** @param end what becomes of one that is not used any more */
  constructor(private readonly end: (environment: ExecutionEnvironment) => void) {}

  /** The one that was frozen last, of the function as it is configured now. */
  take(fn: LambdaFunction): ExecutionEnvironment | undefined {
    this.endWhere((environment) => environment.fn.name === fn.name && environment.fn !== fn);
    const found = this.waiting.findLast(
      (environment) => environment.fn === fn && environment.process.isAlive,
    );
    this.waiting = this.waiting.filter((environment) => environment !== found);
    return found;
  }

  keep(environment: ExecutionEnvironment): void {
    this.waiting.push(environment);
  }

  /** Ends those that have waited longest. @param most how many may go on waiting */
  shrinkTo(most: number): void {
    const tooMany = new Set(this.waiting.slice(0, Math.max(0, this.waiting.length - most)));
    this.endWhere((environment) => tooMany.has(environment));
  }

  endAllOf(functionName: string): void {
    this.endWhere(({ fn }) => fn.name === functionName);
  }

  /** Resolves when there is none any more. */
  async stop(): Promise<void> {
    const all = [...this.waiting];
    this.shrinkTo(0);
    await Promise.all(all.map(({ process }) => process.ended));
  }

  private endWhere(condition: (environment: ExecutionEnvironment) => boolean): void {
    for (const environment of this.waiting.filter(condition)) this.end(environment);
    this.waiting = this.waiting.filter((environment) => !condition(environment));
  }
}
