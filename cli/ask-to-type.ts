import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

import { EXIT_CODES } from './interruption';
import { untilEnd } from './on-terminal';
import { tell } from './print';

/** Whether somebody typed the text, which is in the question. Where nobody can answer, the input ends at once. */
export async function askToType(text: string, question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // A terminal that asks takes Ctrl-C for itself.
  terminal.on('SIGINT', () => {
    tell('\nStopped. Nothing was begun.');
    process.exit(EXIT_CODES.SIGINT);
  });
  let isAsked = true;
  const ended = once(terminal, 'close').then(() => {
    if (isAsked) tell(''); // What is said next does not stand behind the question.
    return '';
  });
  try {
    const typed = await Promise.race([untilEnd(terminal.question(question), ended), ended]);
    isAsked = false;
    return typed.trim() === text;
  } finally {
    terminal.close();
  }
}
