import { setTimeout as sleep } from 'node:timers/promises';

import { MINUTE, type Milliseconds } from '../../contract/instant';
import type { Log } from '../../handlers/core/model/ports';
import { explainErrorInSentence } from '../explain-error';
import { shownDuration } from './duration';

export const USUAL_INTERVAL = 5 * MINUTE;

/** Does work again and again until SIGINT or SIGTERM. */
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
  await repeat(work, { every, log, until: stop.signal });
}

/** `repeat`, the first time after a pause: for what was done once already. */
export async function repeatLater(work: () => Promise<unknown>, repetition: Repetition): Promise<void> {
  await pause(repetition.every, repetition.until);
  await repeat(work, repetition);
}

/** A failure is logged when it begins and when it is over, and the next time it tries again. */
export async function repeat(work: () => Promise<unknown>, { every, log, until }: Repetition): Promise<void> {
  let failure: string | undefined;
  while (!until.aborted) {
    try {
      await work();
      if (failure !== undefined) log.info('It works again.');
      failure = undefined;
    } catch (error) {
      const said = explainErrorInSentence(error);
      if (said !== failure) log.error(`${said} It tries again every ${shownDuration(every)}.`);
      failure = said;
    }
    await pause(every, until);
  }
}

export interface Repetition {
  readonly every: Milliseconds;
  readonly log: Pick<Log, 'info' | 'error'>;
  readonly until: AbortSignal;
}

/** Up to `every`: not all look at the same moment, where many were started together. Shorter where `until` comes first. */
const pause = (every: Milliseconds, until: AbortSignal): Promise<void> =>
  sleep(every * (0.8 + 0.2 * Math.random()), undefined, { signal: until }).catch(() => undefined);
