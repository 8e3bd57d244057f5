import { createInterface } from 'node:readline';

import type { LocalAws } from '../local-aws';
import { HOW_TO_USE, Terminal } from './carry-out';

/**
 * Carries out what a person types, one line after the other, until `stop`. Where nobody can type, nothing happens.
 *
 * @param onInterrupt a terminal that reads lines takes Ctrl-C for itself
 */
export function listen(
  aws: LocalAws,
  say: (line: string) => void,
  onInterrupt: () => void,
): { stop(): void } {
  const terminal = new Terminal(aws, say);
  // As plain lines: a program in the background that changes the terminal's mode is stopped by it.
  const lines = createInterface({ input: process.stdin, terminal: false });
  for (const line of HOW_TO_USE) say(line);
  let last = Promise.resolve();
  lines.on('line', (line) => {
    last = last.then(() => terminal.carryOut(line));
  });
  lines.on('SIGINT', onInterrupt);
  return { stop: () => lines.close() };
}
