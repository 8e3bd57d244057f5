import { setTimeout as sleep } from 'node:timers/promises';

import type { Milliseconds } from '../../contract/instant';
import type { Log } from '../../handlers/core/model/ports';
import { explainError } from '../explain-error';
import { shownDuration } from './duration';

/**
 * Does work again and again until SIGINT or SIGTERM. A failure is logged when it begins and when it is over, and the next time
 * it tries again.
 */
export async function watch(
  work: () => Promise<unknown>,
  every: Milliseconds,
  log: Pick<Log, 'info' | 'error'>,
): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => {
    stop.abort();
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  let failure: string | undefined;
  while (!stop.signal.aborted) {
    try {
      await work();
      if (failure !== undefined) log.info('It works again.');
      failure = undefined;
    } catch (error) {
      const said = explainError(error);
      if (said !== failure) log.error(`${said} It tries again every ${shownDuration(every)}.`);
      failure = said;
    }
    // Not all at the same moment, where many were started together.
    await sleep(every * (0.8 + 0.2 * Math.random()), undefined, { signal: stop.signal }).catch(
      () => undefined,
    );
  }
}
