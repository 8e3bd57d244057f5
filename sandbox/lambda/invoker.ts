import { randomUUID } from 'node:crypto';

import type { Milliseconds } from '../../contract/instant';
import type { SandboxClock } from '../clock';
import { ApiError } from '../front/api-call';
import { History } from '../history';
import type { Moto } from '../moto/moto';
import type { KeptConnections } from '../front/kept-connections';
import type { Sessions } from '../sts/sessions';
import { functionEnvironment } from './function-environment';
import { FunctionProcess } from './function-process';
import type { LambdaFunction } from './functions';
import { LogDelivery } from './log-delivery';
import { roleId } from './role-id';
import type { UnpackedZips } from './unpacked-zips';
import { type ExecutionEnvironment, WarmProcesses } from './warm-processes';

export interface InvocationResult {
  /** JSON: what the handler returned, or Lambda's description of the error. */
  readonly payload: string;
  readonly failed: boolean;
  readonly log: string;
}

export interface InvokerParts {
  readonly clock: SandboxClock;
  readonly moto: Moto;
  readonly sessions: Sessions;
  readonly zips: UnpackedZips;
  readonly connections: KeptConnections;
  /** How many functions run at the same time; more wait for their turn. As many processes are there, running or frozen. */
  readonly concurrency: number;
  /** At how many invocations the account is throttled. Undefined: never. */
  readonly accountConcurrency?: number | undefined;
  /** How long what functions have logged is kept. Undefined: for ever. */
  readonly logsKeptFor?: Milliseconds | undefined;
  /** Known only once the front listens. */
  readonly endpoint: () => string;
}

/** Of an account that is not new. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const QUOTA = 1_000;

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html: `Reason` of TooManyRequestsException */
export type ThrottleReason =
  'ConcurrentInvocationLimitExceeded' | 'ReservedFunctionConcurrentInvocationLimitExceeded';

/**
 * Runs functions: with the credentials of their role, their environment, and their time limit. A process that has
 * answered is frozen, loses its connections, and goes on with the next invocation of its function.
 */
export class Invoker {
  private readonly running = new Map<string, FunctionProcess>();
  private readonly logs = new Map<string, History<string>>();
  private readonly delivery: LogDelivery;
  private readonly failures = new Map<string, number>();
  private readonly throttled = new Map<string, number>();
  /** By function: how many of it may run at the same time, where it has a limit of its own. */
  private readonly reserved = new Map<string, number>();
  private readonly inUse = new Map<string, number>();
  private readonly waiting: (() => void)[] = [];
  private readonly warm = new WarmProcesses((environment) => {
    this.end(environment);
  });
  private active = 0;
  private stopping = false;

  constructor(private readonly parts: InvokerParts) {
    const { clock, moto, logsKeptFor } = parts;
    this.delivery = new LogDelivery(moto, { keptFor: logsKeptFor, now: () => clock.now().getTime() });
  }

  /** What a function has written so far, over all of its invocations. */
  logOf(functionName: string): string {
    return this.logs.get(functionName)?.all().join('') ?? '';
  }

  /** How many invocations have ended with an error: Lambda's own metric `Errors`. */
  errorsOf(functionName: string): number {
    return this.failures.get(functionName) ?? 0;
  }

  /** How many invocations were refused: Lambda's own metric `Throttles`. */
  throttlesOf(functionName: string): number {
    return this.throttled.get(functionName) ?? 0;
  }

  /** Gives a function a limit of its own, or takes it away. */
  reserve(functionName: string, concurrency: number | undefined): void {
    if (concurrency === undefined) this.reserved.delete(functionName);
    else this.reserved.set(functionName, concurrency);
  }

  /** Why an invocation would be refused now; counts it, if so. Undefined: it would not be refused. */
  throttles(functionName: string): ThrottleReason | undefined {
    const reason = this.reachedLimit(functionName);
    if (reason) this.throttled.set(functionName, this.throttlesOf(functionName) + 1);
    return reason;
  }

  /** @throws ApiError where the function is throttled, or its role is not there or was made again */
  async invoke(
    fn: LambdaFunction,
    event: string,
    requestId: string = randomUUID(),
  ): Promise<InvocationResult> {
    const reason = this.throttles(fn.name);
    if (reason) throw new ApiError('TooManyRequestsException', 'Rate Exceeded.', 429, { Reason: reason });
    this.inUse.set(fn.name, (this.inUse.get(fn.name) ?? 0) + 1);
    try {
      return await this.invokeInTurn(fn, event, requestId);
    } finally {
      this.inUse.set(fn.name, (this.inUse.get(fn.name) ?? 0) - 1);
    }
  }

  /** As `invoke`, for a service that only has to know whether the function did what it was invoked for. */
  async fails(fn: LambdaFunction, event: string, requestId?: string): Promise<boolean> {
    try {
      return (await this.invoke(fn, event, requestId)).failed;
    } catch (error) {
      if (error instanceof ApiError) return true;
      throw error;
    }
  }

  kill(invocationId: string): void {
    this.running.get(invocationId)?.kill();
  }

  /** Tells the functions that run now; the others hear of it with their next invocation. */
  clockWasSet(): void {
    for (const process of this.running.values()) process.setClock(this.parts.clock.shiftMs);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    for (const wake of this.waiting.splice(0)) wake();
    const running = [...this.running.values()];
    for (const process of running) process.kill();
    await Promise.all([this.warm.stop(), ...running.map((process) => process.ended)]);
  }

  /** Ends the processes of a function that is no more. */
  forget(functionName: string): void {
    this.warm.endAllOf(functionName);
  }

  private end({ process, credentials }: ExecutionEnvironment): void {
    process.kill();
    this.parts.sessions.close(credentials.accessKeyId);
  }

  /** How many invocations at a time the account allows, and how many of them no function has for itself. */
  get accountLimit(): { readonly all: number; readonly unreserved: number } {
    const all = this.parts.accountConcurrency ?? QUOTA;
    return { all, unreserved: [...this.reserved.values()].reduce((left, reserved) => left - reserved, all) };
  }

  private reachedLimit(functionName: string): ThrottleReason | undefined {
    const limit = this.reserved.get(functionName);
    if (limit !== undefined && (this.inUse.get(functionName) ?? 0) >= limit)
      return 'ReservedFunctionConcurrentInvocationLimitExceeded';
    const all = [...this.inUse.values()].reduce((sum, count) => sum + count, 0);
    return all >= (this.parts.accountConcurrency ?? Infinity)
      ? 'ConcurrentInvocationLimitExceeded'
      : undefined;
  }

  private async invokeInTurn(
    fn: LambdaFunction,
    event: string,
    requestId: string,
  ): Promise<InvocationResult> {
    const role = await this.roleOf(fn);
    const taskRoot = await this.parts.zips.unpack(fn.zip);
    await this.turn();
    try {
      const environment = this.warm.take(fn) ?? this.begin(fn, role, taskRoot);
      this.warm.shrinkTo(this.parts.concurrency - this.active);
      return await this.run(environment, event, requestId);
    } finally {
      this.active -= 1;
      this.waiting.shift()?.();
    }
  }

  private begin(
    fn: LambdaFunction,
    role: { readonly arn: string; readonly id: string },
    taskRoot: string,
  ): ExecutionEnvironment {
    const credentials = this.parts.sessions.open(role, fn.name);
    const today = this.parts.clock.now().toISOString().slice(0, 10).replaceAll('-', '/');
    const logStream = `${today}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
    const environment = { taskRoot, logStream, credentials, endpoint: this.parts.endpoint() };
    const process = new FunctionProcess({
      ...{ runtime: fn.runtime, taskRoot, handler: fn.handler },
      environment: functionEnvironment(fn, environment),
    });
    return { fn, process, credentials, logStream };
  }

  private async run(
    environment: ExecutionEnvironment,
    event: string,
    requestId: string,
  ): Promise<InvocationResult> {
    const { clock, connections, sessions } = this.parts;
    const { fn, process, credentials, logStream } = environment;
    const began = clock.now();
    sessions.handOver(credentials.accessKeyId, requestId);
    this.running.set(requestId, process);
    const outcome = await process.invoke({
      ...{ requestId, event, clockShiftMs: clock.shiftMs, timeoutMs: fn.timeoutSeconds * 1000 },
      context: {
        awsRequestId: requestId,
        functionName: fn.name,
        functionVersion: '$LATEST',
        invokedFunctionArn: fn.arn,
        memoryLimitInMB: String(fn.memoryMb),
        logGroupName: String(fn.loggingConfig['LogGroup']),
        logStreamName: logStream,
      },
    });
    this.running.delete(requestId);
    const output = process.takeOutput().trimEnd();
    if (process.isAlive && !this.stopping) {
      process.freeze();
      connections.dieInSilence(credentials.accessKeyId);
      this.warm.keep(environment);
    } else {
      this.end(environment);
    }

    const log = [
      `START RequestId: ${requestId} Version: $LATEST`,
      output,
      ...('error' in outcome && !outcome.error.trace ? [outcome.error.errorMessage] : []),
      `END RequestId: ${requestId}`,
      `REPORT RequestId: ${requestId}\tDuration: ${clock.now().getTime() - began.getTime()} ms`,
    ].join('\n');
    this.addToLog(fn.name, `${log}\n`);
    await this.delivery.deliver(fn, logStream, log);
    if ('error' in outcome) this.failures.set(fn.name, this.errorsOf(fn.name) + 1);
    return 'error' in outcome
      ? { payload: JSON.stringify(outcome.error), failed: true, log }
      : { payload: outcome.payload, failed: false, log };
  }

  private addToLog(functionName: string, log: string): void {
    const { clock, logsKeptFor } = this.parts;
    const kept = this.logs.get(functionName) ?? new History(logsKeptFor, () => clock.now().getTime());
    this.logs.set(functionName, kept);
    kept.add(log);
  }

  private async roleOf(fn: LambdaFunction): Promise<{ arn: string; id: string }> {
    const id = await roleId(this.parts.moto, fn.roleArn);
    if (id === undefined) {
      const message = `The role defined for the function cannot be assumed by Lambda: ${fn.roleArn} does not exist.`;
      throw new ApiError('InvalidParameterValueException', message);
    }
    if (fn.grantee !== undefined && fn.grantee !== id) throw cannotDecrypt();
    return { arn: fn.roleArn, id };
  }

  private async turn(): Promise<void> {
    while (this.active >= this.parts.concurrency && !this.stopping) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    if (this.stopping) throw new ApiError('ServiceException', 'The local AWS is being stopped.', 500);
    this.active += 1;
  }
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
const cannotDecrypt = (): ApiError =>
  new ApiError(
    'KMSAccessDeniedException',
    "Lambda was unable to decrypt the environment variables because KMS access was denied. Please check the function's KMS key settings.",
    502,
  );
