import type { LocalAws } from '../../../../sandbox/local-aws';
import type { InjectedMishap } from './injected-mishap';

/** Longer than a lease, a listing's lag and two clocks' difference together (handlers/core/model/timing.ts). */
const UNTIL_THE_NEXT_TRY_MS = 3 * 60_000;

export interface Course {
  /** What is to come to a good end. Says itself what has failed, unless Secrets Manager reports it. */
  readonly run: (failed: () => void) => Promise<void>;
  /** Called once, when the first mishap strikes. */
  readonly whenStruck: () => void;
  /** Called after each failure, before the next try. */
  readonly whenFailed: () => void;
}

/**
 * Lets minutes pass whenever a lasting mishap is over, and whenever a try has failed: for functions that start from then
 * on. Secrets Manager's pause before its next try is timed by this very process, so what is due here comes first.
 */
export async function withTimePassing(
  aws: LocalAws,
  mishaps: readonly InjectedMishap[],
  { run, whenStruck, whenFailed }: Course,
): Promise<void> {
  const ahead = new Set(mishaps.filter(({ mishap }) => mishap.isLasting));
  let seen = aws.events().length;
  const failed = (): void => {
    aws.clockShiftMs += UNTIL_THE_NEXT_TRY_MS;
    whenFailed();
  };
  let isStruck = false;
  const watch = setInterval(() => {
    if (!isStruck && mishaps.some(({ hits }) => hits > 0)) {
      isStruck = true;
      whenStruck();
    }
    for (const mishap of ahead) {
      if (!mishap.isOver()) continue;
      ahead.delete(mishap);
      aws.clockShiftMs += UNTIL_THE_NEXT_TRY_MS;
    }
    const events = aws.events();
    const news = events.slice(seen);
    seen = events.length;
    if (news.some(({ eventName }) => eventName === 'RotationFailed')) failed();
  }, 5);
  try {
    await run(failed);
  } finally {
    clearInterval(watch);
  }
}
