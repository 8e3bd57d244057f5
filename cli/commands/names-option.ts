import { InvalidArgumentError } from 'commander';

/** Reads names with commas between them from the command line, each of them once. */
export function namesIn(text: string): readonly string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length > 0) return [...new Set(names)];
  throw new InvalidArgumentError('It names nothing. Give one name, or several with commas between them.');
}
