import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

import { EXIT_CODES } from './interruption';
import { tell } from './print';

/** Puts one question. `suggested` is taken where nothing is typed. */
export type Ask = (question: string, suggested?: string) => Promise<string>;

/**
 * Asks on the terminal.
 *
 * @param nothingDone a sentence: what has not happened, where it ends before the last answer
 * @throws Error where the input ends before the last answer
 */
export async function onTerminal<Result>(
  nothingDone: string,
  work: (ask: Ask) => Promise<Result>,
): Promise<Result> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // A terminal that asks takes Ctrl-C for itself.
  terminal.on('SIGINT', () => {
    tell(`\nStopped. ${nothingDone}`);
    process.exit(EXIT_CODES.SIGINT);
  });
  const ended = once(terminal, 'close').then(() => {
    throw new Error(`The input ended before the last answer. ${nothingDone}`);
  });
  try {
    const asked = work(async (question, suggested) => {
      const typed = await terminal.question(`${question}${suggested ? ` [${suggested}]` : ''}: `);
      return typed.trim() || (suggested ?? '');
    });
    return await Promise.race([asked, ended]);
  } finally {
    ended.catch(() => undefined); // It is closed on purpose now.
    terminal.close();
  }
}
