import { setTimeout as sleep } from 'node:timers/promises';

import { CallRefusedError, type CallName } from '../core/model/call-errors';
import { SECOND } from '../../contract/instant';
import { LONGEST_CALL } from '../core/model/timing';
import { callAws, type Answered, type CallOptions } from './call-aws';

/** How long one try may take. What LONGEST_CALL leaves beside it is for tries that AWS throttles. */
export const LONGEST_TRY = 12 * SECOND;

/** After the first try that AWS throttled; twice as long after each further one. */
const FIRST_PAUSE = SECOND / 2;

export interface ChangeOptions extends Pick<CallOptions, 'carries'> {
  /** `throw`: for a caller that has to see that AWS throttles, as a pacer has. */
  readonly whenThrottled: 'tryAgain' | 'throw';
}

/**
 * Makes a change of a key, a label or a target, through a client with maxAttempts 1. The SDK would repeat a try that got no answer
 * and hear the yes of the next one, and the first could still be performed after the lease was given back. That AWS
 * throttled a try means that it did nothing, so that one is made again, while a whole try fits into LONGEST_CALL.
 */
export async function changeOnce<Output extends Answered>(
  call: CallName,
  send: (options: { abortSignal: AbortSignal }) => Promise<Output>,
  { whenThrottled, carries }: ChangeOptions,
): Promise<void> {
  const startedAt = performance.now();
  const limit = AbortSignal.timeout(LONGEST_CALL);
  for (let pause = FIRST_PAUSE; ; pause *= 2) {
    try {
      await callAws(call, 'changes', send, { limit, carries });
      return;
    } catch (error) {
      const isThrottled = error instanceof CallRefusedError && error.kind === 'throttled';
      const spent = performance.now() - startedAt;
      if (!isThrottled || whenThrottled === 'throw' || spent + pause + LONGEST_TRY > LONGEST_CALL)
        throw error;
      await sleep(pause);
    }
  }
}
