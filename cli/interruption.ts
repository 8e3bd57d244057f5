import { tell } from './print';

/** What a shell expects of a program that ended by a signal: 128 and its number. */
export const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
export type Interruption = keyof typeof EXIT_CODES;

/**
 * Does work that may be stopped at any point, because it is journaled. A person who presses Ctrl-C reads how to go on.
 */
export async function mayBeInterrupted<Result>(
  howToGoOn: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const onSignal = (signal: Interruption): void => {
    tell(`\nStopped by ${signal}. ${howToGoOn}`);
    process.exit(EXIT_CODES[signal]);
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    return await work();
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
