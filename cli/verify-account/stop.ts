import type { Interruption } from '../interruption';

/** A person, or whoever started this, wants it to end. */
export class Stopped extends Error {
  override readonly name = 'Stopped';

  constructor(readonly signal: Interruption) {
    super(`Stopped by ${signal}.`);
  }
}

export interface Stop {
  readonly signal: AbortSignal;
  /** For a terminal that takes Ctrl-C for itself while it asks. */
  now(): void;
  release(): void;
}

/**
 * Aborts at the first SIGINT or SIGTERM, so that there is time to clean up.
 *
 * @param onSecond what is done at the next one, by somebody who does not want to wait.
 */
export function stopOnSignal(
  tell: (line: string) => void,
  onSecond: (interruption: Interruption) => void,
): Stop {
  const controller = new AbortController();
  const onSignal = (interruption: Interruption): void => {
    if (controller.signal.aborted) {
      onSecond(interruption);
      return;
    }
    tell(`\n${interruption}: what was made is being removed. Once more ends at once, and leaves it.`);
    controller.abort(new Stopped(interruption));
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    now: () => onSignal('SIGINT'),
    release: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
}
