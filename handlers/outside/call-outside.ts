import { setTimeout as sleep } from 'node:timers/promises';

import { SECOND } from '../../contract/instant';
import { CallRefusedError, CallUnansweredError, type RefusalKind } from '../core/model/call-errors';
import { LONGEST_CALL } from '../core/model/timing';
import type { GuardedAnswer, GuardedHttps, GuardedRequest } from './guarded-https';

/** Also where the answer asks for none. */
const SHORTEST_PAUSE = SECOND / 2;

/**
 * Sends one call, and translates the status of its answer. A 4xx is a no, and so is a redirect, which would take the key to a place that
 * the configuration does not name. Who says "too many requests" has done nothing: that call is made again after
 * the pause that the answer asks for, while a whole try fits into LONGEST_CALL.
 *
 * @throws CallRefusedError if it was not performed
 * @throws CallUnansweredError if it may have been
 */
export async function callOutside(client: GuardedHttps, request: GuardedRequest): Promise<GuardedAnswer> {
  const startedAt = performance.now();
  for (;;) {
    const answer = await client.send(request);
    const error = errorOf(request, answer);
    if (error === undefined) return answer;
    const spent = performance.now() - startedAt;
    const pause = isThrottled(answer) ? Math.max(answer.retryAfter ?? Infinity, SHORTEST_PAUSE) : Infinity;
    if (spent + pause + client.timeLimit > LONGEST_CALL) throw error;
    await sleep(pause);
  }
}

/** GitHub throttles with 403, too: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const isThrottled = ({ status, retryAfter }: GuardedAnswer): boolean =>
  status === 429 || (status === 403 && retryAfter !== undefined);

function errorOf(
  { call }: GuardedRequest,
  answer: GuardedAnswer,
): CallRefusedError | CallUnansweredError | undefined {
  const { status, retryAfter } = answer;
  if (status >= 200 && status < 300 && status !== SIGN_IN_PAGE) return undefined;
  if (isThrottled(answer)) {
    const pause =
      retryAfter === undefined ? '' : `, and asks for a pause of ${Math.ceil(retryAfter / SECOND)} s`;
    const message = `it takes no more requests for now${pause}. The next run, within the hour, tries again`;
    return new CallRefusedError(call, 'throttled', String(status), message);
  }
  if (status >= 300 && status < 500 && status !== 408) {
    return new CallRefusedError(
      call,
      KINDS[status] ?? 'invalid',
      String(status),
      MEANINGS[status] ?? meaningOf(status),
    );
  }
  const why = status === SIGN_IN_PAGE ? ', which is no yes: look at the token' : '';
  return new CallUnansweredError(call, String(status), `the status of the answer is ${status}${why}`);
}

/**
 * "Non-Authoritative Information": somebody between here and there has changed the answer. Azure DevOps sends its page to sign in
 * at with it, where a token is not valid any more, and has done nothing.
 */
const SIGN_IN_PAGE = 203;

const KINDS: Readonly<Record<number, RefusalKind>> = {
  401: 'accessDenied',
  403: 'accessDenied',
  404: 'notFound',
  409: 'conflict',
  410: 'notFound',
};

/** What to look at. What the answer itself says is not told: it may quote what it was sent. */
const MEANINGS: Readonly<Record<number, string>> = {
  401: 'the token is not valid, or not valid any more. Store a new one in its secret',
  403: 'the token may not do this. Look at the rights of the token',
  404: 'there is nothing at that address, or the token may not see it. Look for what was deleted or renamed, and at the rights of the token',
  405: 'the method is another one there. Look into the documentation of that system',
  409: 'it contradicts what is there. Look into the documentation of that system',
  410: 'it is gone. Correct the address in the configuration',
  422: 'what was sent does not fit. Compare the body in the configuration with the documentation of that system',
};

const meaningOf = (status: number): string =>
  status < 400
    ? 'it is a redirect, and none is followed. Write the address that it leads to, if that is the right one'
    : 'it was not accepted. Look into the documentation of that system';
