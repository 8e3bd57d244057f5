import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

import { EXIT_CODES } from './interruption';
import { tell } from './print';

/** Whether somebody typed the text, which is in the question. Where nobody can answer, the input ends at once. */
export async function askToType(text: string, question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // A terminal that asks takes Ctrl-C for itself.
  terminal.on('SIGINT', () => {
    tell('\nStopped. Nothing was begun.');
    process.exit(EXIT_CODES.SIGINT);
  });
  const ended = once(terminal, 'close').then(() => '');
  try {
    return (await Promise.race([terminal.question(question), ended])).trim() === text;
  } finally {
    terminal.close();
  }
}
