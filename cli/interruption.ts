/** What a shell expects of a program that ended by a signal: 128 and its number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
type Interruption = keyof typeof EXIT_CODES;

/**
 * Does a work that may be stopped at any point, because it is journaled; whoever presses Ctrl-C is told how it goes on.
 */
export async function mayBeInterrupted<Result>(
  howToGoOn: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const onSignal = (signal: Interruption): void => {
    process.stderr.write(`\nStopped by ${signal}. ${howToGoOn}\n`);
    process.exit(EXIT_CODES[signal]);
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    return await work();
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
