import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

import { hasCode } from './error-code';
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
  let isAsked = false;
  const ended = once(terminal, 'close').then((): never => {
    if (isAsked) tell(''); // What is said next does not stand behind the question.
    throw new Error(`The input ended before the last answer. ${nothingDone}`);
  });
  try {
    const asked = work(async (question, suggested) => {
      isAsked = true;
      const asking = terminal.question(`${question}${suggested ? ` [${suggested}]` : ''}: `);
      const typed = await untilEnd(asking, ended);
      isAsked = false;
      return typed.trim() || (suggested ?? '');
    });
    return await Promise.race([asked, ended]);
  } finally {
    ended.catch(() => undefined); // It is closed on purpose now.
    terminal.close();
  }
}

/** Ctrl-D ends the input, too, and Node.js tells whoever waits for an answer so with words of its own. */
export function untilEnd<End>(asking: Promise<string>, ended: Promise<End>): Promise<string | End> {
  return asking.catch((error: unknown) => {
    if (hasCode(error, 'ABORT_ERR')) return ended;
    throw error;
  });
}
