import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import type { SandboxClock } from '../clock';
import { errorAnswer } from './answers';
import { ApiError, type ApiAnswer, type ApiCall, type AuthenticatedCall, type Operation } from './api-call';
import { authenticate, type Authenticator } from './authenticate';
import { type Fault, type Faults, internalFailure, throttled } from './faults';
import type { KeptConnections } from './kept-connections';
import { parseCall } from './parse-call';
import type { CallRecorder } from './recorder';
import { claimedSignature } from './signature';

/**
 * Decides whether a call is allowed; throws an ApiError (`AccessDenied…`) if not. Where none is given, whoever is
 * authenticated may do everything.
 */
export type Authorize = (call: AuthenticatedCall) => void | Promise<void>;

export interface FrontParts {
  readonly clock: SandboxClock;
  readonly authenticator: Authenticator;
  readonly authorize: Authorize | undefined;
  readonly recorder: CallRecorder;
  readonly faults: Faults;
  readonly operations: ReadonlyMap<string, Operation>;
  /** What does every operation that is not in the table. */
  readonly passOn: Operation;
  /** Kills the process of a function's invocation. */
  readonly killInvocation: (invocationId: string) => void;
  readonly connections: KeptConnections;
}

/** The HTTP endpoint for everything: Terraform, SDKs, the AWS CLI and the functions. */
export async function startFront(parts: FrontParts): Promise<{ port: number; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (parts.connections.isDead(request.socket)) {
      request.socket.resetAndDestroy();
      return;
    }
    answerRequest(parts, request, response).catch((error: unknown) => {
      // Our own bug, or moto has gone: the caller sees a cut connection, the person at the terminal sees why.
      console.error('The local AWS failed:', error);
      response.destroy();
    });
  });
  // A caller that keeps its connection longer than the server would otherwise meet a reset.
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answerRequest(
  parts: FrontParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const call = await parseCall(request);
  let authenticated: AuthenticatedCall | undefined;
  let answer: ApiAnswer | undefined;
  try {
    authenticated = { ...call, principal: await authenticate(call, parts.authenticator) };
    const { accessKeyId } = claimedSignature(call) ?? {};
    if (accessKeyId !== undefined) parts.connections.usedBy(accessKeyId, request.socket);
    const callerLeft = new AbortController();
    response.on('close', () => {
      callerLeft.abort();
    });
    answer = await performWithFaults(parts, authenticated, callerLeft.signal);
  } catch (error) {
    answer = refused(call, error);
  }
  parts.recorder.record(parts.clock.now(), call, authenticated?.principal, answer);
  if (!answer) {
    request.socket.destroy();
    return;
  }
  // A HEAD is answered with the length of what a GET would bring.
  const length = call.method === 'HEAD' ? {} : { 'content-length': String(answer.body.length) };
  // The shifted time: SDKs correct their clocks by this header.
  const date = parts.clock.now().toUTCString();
  response.writeHead(answer.status, { date, 'x-amzn-requestid': call.id, ...answer.headers, ...length });
  response.end(answer.body);
}

/** Undefined: the connection is to be cut. */
async function performWithFaults(
  parts: FrontParts,
  call: AuthenticatedCall,
  callerLeft: AbortSignal,
): Promise<ApiAnswer | undefined> {
  const fault: Fault | undefined = parts.faults.strike(call);
  const kill = (): void => {
    if (call.principal.invocationId !== undefined) parts.killInvocation(call.principal.invocationId);
  };
  switch (fault?.kind) {
    case 'cut':
      return undefined;
    case 'throttle':
      throw throttled(call);
    case 'refuse':
      throw new ApiError(fault.code, fault.message, fault.status);
    case 'status500':
      if (fault.done) await attempt(parts, call);
      throw internalFailure(call);
    case 'loseAnswer': {
      const done = attempt(parts, call);
      if (fault.atOnce) done.catch((error: unknown) => console.error('The local AWS failed:', error));
      else await done;
      return undefined;
    }
    case 'slow': {
      const answer = await attempt(parts, call);
      await sleepUntil(fault.ms, callerLeft);
      return answer;
    }
    case 'killFunction':
      if (fault.when === 'after') await attempt(parts, call);
      kill();
      return undefined;
    case undefined:
      return perform(parts, call);
  }
}

async function perform(parts: FrontParts, call: AuthenticatedCall): Promise<ApiAnswer> {
  await parts.authorize?.(call);
  return (parts.operations.get(`${call.service}:${call.action}`) ?? parts.passOn)(call);
}

/** Like `perform`, with a refusal as an answer: the fault decides whether anybody gets to see it. */
const attempt = (parts: FrontParts, call: AuthenticatedCall): Promise<ApiAnswer> =>
  perform(parts, call).catch((error: unknown) => refused(call, error));

function refused(call: ApiCall, error: unknown): ApiAnswer {
  if (error instanceof ApiError) return errorAnswer(call, error);
  throw error;
}

/** Sleeps that long, or until the caller has given up. */
async function sleepUntil(ms: number, callerLeft: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: callerLeft });
  } catch (error) {
    if (!callerLeft.aborted) throw error;
  }
}
