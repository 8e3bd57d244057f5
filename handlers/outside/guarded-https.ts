import { lookup as resolveName, type LookupAddress } from 'node:dns';
import { request as sendRequest, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { isIP, type LookupFunction, type TcpNetConnectOpts } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import { promisify } from 'node:util';

import { SECOND, type Milliseconds } from '../../contract/instant';
import { CallRefusedError, CallUnansweredError, type CallName } from '../core/model/call-errors';
import { objectionTo } from './public-address';
import { retryAfterIn } from './retry-after';

/** As long as a try of a call to AWS may take: what LONGEST_CALL leaves beside it is for one more, after a 429. */
export const LONGEST_EXCHANGE = 12 * SECOND;

/** Of an answer that nobody reads: more is cut off. */
const LONGEST_ANSWER = 64 * 1024;

export interface GuardedRequest {
  readonly call: CallName;
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Hosts and addresses that need not be public. */
  readonly allowPrivate?: readonly string[];
  /** In bytes. @default 64 kB */
  readonly longestAnswer?: number;
}

export interface GuardedAnswer {
  readonly status: number;
  /** In milliseconds, if it says so. */
  readonly retryAfter: Milliseconds | undefined;
  /** Empty unless all of it came: see `longestAnswer`. */
  readonly body: string;
}

/** What tests put in the place of the network. */
export interface GuardedHttpsOptions {
  /** From the connection to the last byte of the answer. @default LONGEST_EXCHANGE */
  readonly timeLimit?: Milliseconds;
  /** All addresses of a host. @default the system's way */
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
  /** Of the authorities that are trusted, PEM. @default those of Node.js */
  readonly ca?: string;
  /** Where to go in place of an address that was found good. @default there */
  readonly detour?: (address: string, port: number) => { readonly address: string; readonly port: number };
}

/** Node.js hands the latter to the socket; its types do not say so. */
type ConnectionOptions = RequestOptions &
  Pick<TcpNetConnectOpts, 'autoSelectFamily' | 'autoSelectFamilyAttemptTimeout'>;

const everyAddress = promisify(resolveName);

/**
 * Sends a request over TLS to a public address, once, and follows no redirect. The address that was checked is the one that is
 * connected to, so that a name which changes its address meanwhile leads nowhere else. Neither request nor answer is
 * in any error: the host, the status and the code of a failure are all that is told.
 */
export class GuardedHttps {
  readonly timeLimit: Milliseconds;
  readonly #options: GuardedHttpsOptions;

  constructor(options: GuardedHttpsOptions = {}) {
    this.#options = options;
    this.timeLimit = options.timeLimit ?? LONGEST_EXCHANGE;
  }

  /**
   * @throws CallRefusedError if nothing was sent
   * @throws CallUnansweredError if something was, and no status came
   */
  async send(request: GuardedRequest): Promise<GuardedAnswer> {
    const limit = AbortSignal.timeout(this.timeLimit);
    if (!URL.canParse(request.url)) throw notSent(request, 'NoAddress', 'the address is none');
    const url = new URL(request.url);
    // Of an IPv6 address, a URL has the brackets, too.
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    if (url.protocol !== 'https:') throw notSent(request, 'NotHttps', `the address of ${host} is not https`);
    const addresses = await this.#addressesOf(host, request, limit);
    return exchange(request, limit, {
      ...this.#connection(host, url.port === '' ? 443 : Number(url.port), addresses),
      path: `${url.pathname}${url.search}`,
      method: request.method,
      headers: {
        'user-agent': 'iam-key-rotation',
        ...request.headers,
        host: url.host,
        'content-length': Buffer.byteLength(request.body ?? ''),
      },
    });
  }

  /** All of a host's addresses have to be good: which one is taken is not ours to say. */
  async #addressesOf(
    host: string,
    { call, allowPrivate = [] }: GuardedRequest,
    limit: AbortSignal,
  ): Promise<readonly LookupAddress[]> {
    const { resolve = (name: string) => everyAddress(name, { all: true }) } = this.#options;
    const family = isIP(host);
    const found =
      family > 0 ? [{ address: host, family }] : await within(limit, resolve(host), { call }, host);
    if (found.length === 0) throw notSent({ call }, 'ENOTFOUND', `${host} has no address`);
    for (const { address } of found) {
      const objection = objectionTo(address, { host, allowPrivate });
      if (objection === undefined) continue;
      throw notSent(
        { call },
        'AddressNotAllowed',
        `${host} has an address that is not public (${objection}). If that is meant, name it under allowPrivate of the target`,
      );
    }
    return found;
  }

  #connection(host: string, port: number, checked: readonly LookupAddress[]): ConnectionOptions {
    const { ca, detour = (address: string) => ({ address, port }) } = this.#options;
    const ways = checked.map(({ address }) => detour(address, port));
    const addresses = ways.map(({ address }) => ({ address, family: isIP(address) }));
    const [first = { address: host, port }] = ways;
    const lookup: LookupFunction = (_name, { all }, done) => {
      if (all === true) done(null, addresses);
      else done(null, addresses[0]?.address ?? '', addresses[0]?.family);
    };
    return {
      // A name is not looked up again, and an address needs no look-up.
      ...(isIP(host) > 0 ? { host: first.address } : { host, servername: host }),
      ...{ port: first.port, lookup, ca },
      // A connection of its own, which no other request has used.
      agent: false,
      rejectUnauthorized: true,
      // For the host of the URL, whatever is connected to.
      checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
      minVersion: 'TLSv1.2',
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: SECOND,
    };
  }
}

function exchange(
  { call, body, longestAnswer = LONGEST_ANSWER }: GuardedRequest,
  limit: AbortSignal,
  options: RequestOptions,
): Promise<GuardedAnswer> {
  return new Promise((resolve, reject) => {
    let isSent = false;
    let hasStatus = false;
    const outgoing = sendRequest(options);
    const giveUp = (): void => void outgoing.destroy(new DOMException('', 'TimeoutError'));
    limit.addEventListener('abort', giveUp, { once: true });
    const fail = (error: unknown): void => {
      // What breaks off then is the answer's body, which nobody needs.
      if (hasStatus) return;
      const code = codeOf(error);
      reject(
        isSent
          ? new CallUnansweredError(call, code, code)
          : notSent({ call }, code, `there is no connection to ${String(options.host)}`),
      );
    };
    outgoing.on('socket', (socket) => {
      // With the handshake done, Node.js sends what waits. A certificate that is refused is an error before.
      socket.once('secureConnect', () => {
        isSent = true;
      });
    });
    outgoing.on('error', fail);
    outgoing.on('close', () => {
      limit.removeEventListener('abort', giveUp);
      // After an error, this changes nothing.
      fail({ code: 'ECONNRESET' });
    });
    outgoing.on('response', (response) => {
      hasStatus = true;
      void readUpTo(longestAnswer, response).then((text) => {
        outgoing.destroy();
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, retryAfter: retryAfterIn(headers['retry-after']), body: text });
      });
    });
    outgoing.end(body);
    if (limit.aborted) giveUp();
  });
}

/** Empty if it is longer, or does not come to its end: the status has come, and says what happened. */
function readUpTo(limit: number, response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    response.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) resolve('');
      else chunks.push(chunk);
    });
    response.on('end', () => {
      resolve(response.complete ? Buffer.concat(chunks).toString() : '');
    });
    response.on('error', () => {
      resolve('');
    });
    response.on('close', () => {
      resolve('');
    });
  });
}

/** A look-up cannot be given up, so it is left behind. */
async function within<Found>(
  limit: AbortSignal,
  task: Promise<Found>,
  request: Pick<GuardedRequest, 'call'>,
  host: string,
): Promise<Found> {
  let giveUp = (): void => undefined;
  const tooLong = new Promise<never>((_, reject) => {
    giveUp = () => {
      reject(new DOMException('', 'TimeoutError'));
    };
    limit.addEventListener('abort', giveUp, { once: true });
  });
  try {
    return await Promise.race([task, tooLong]);
  } catch (error) {
    throw notSent(request, codeOf(error), `the address of ${host} was not found`);
  } finally {
    limit.removeEventListener('abort', giveUp);
  }
}

const notSent = ({ call }: Pick<GuardedRequest, 'call'>, code: string, why: string): CallRefusedError =>
  new CallRefusedError(call, 'invalid', code, `${why}. Nothing was sent`);

/** The code alone: what Node.js cannot parse it hangs on its error, and that may be an answer with a secret in it (R7). */
function codeOf(error: unknown): string {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  const texts = [code, name].filter((text) => typeof text === 'string');
  return texts.find((text) => /^[A-Z]\w+$/i.test(text)) ?? 'ConnectionFailed';
}
