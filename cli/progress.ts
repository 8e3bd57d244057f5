import { SECOND } from '../contract/instant';
import { tell, tellInPlace } from './print';

/** How far something is that takes longer than a second. */
export interface Progress {
  /** @param of undefined: nobody knows yet how many there are */
  at(done: number, of?: number): void;
  /** Takes the line away. */
  end(): void;
}

/** Nothing that is done sooner is worth a line. */
const SHOWN_AFTER = 1 * SECOND;

/** Where each line stays, as in the log of a pipeline. */
const BETWEEN_LINES = 10 * SECOND;
const BETWEEN_UPDATES = 0.1 * SECOND;

/** Shows on stderr how far something is: on a terminal in one line, elsewhere with a line from time to time. */
export function startProgress(what: string, now: () => number = Date.now): Progress {
  const inPlace = process.stderr.isTTY;
  let nextAt = now() + SHOWN_AFTER;
  let isShown = false;
  return {
    at(done, of) {
      if (now() < nextAt) return;
      nextAt = now() + (inPlace ? BETWEEN_UPDATES : BETWEEN_LINES);
      isShown = true;
      const text = `${what}: ${done}${of === undefined ? '' : ` of ${of}`}`;
      if (inPlace) tellInPlace(text);
      else tell(text);
    },
    end() {
      if (isShown && inPlace) tellInPlace('');
    },
  };
}

/** Does work whose progress is shown, whatever becomes of it. */
export async function withProgress<Result>(
  what: string,
  work: (progress: Progress) => Promise<Result>,
): Promise<Result> {
  const progress = startProgress(what);
  try {
    return await work(progress);
  } finally {
    progress.end();
  }
}
