import { visible } from '../contract/visible';

/*
 * Everything that a command writes goes through here: results to stdout, all else to stderr. Much of it is of others: names,
 * addresses, messages of AWS. None of it reaches a terminal, or the log of a pipeline, as more than text.
 */

/** A result. */
export const print = (text: string): void => void process.stdout.write(`${visibleLines(text)}\n`);

/** A result for programs. */
export const printJson = (value: unknown, indent?: number): void =>
  void process.stdout.write(
    `${JSON.stringify(value, undefined, indent).replaceAll(/(?!\n)[\p{C}\p{Zl}\p{Zp}]|#(?=#(?:\[|vso\[))/giu, inJson)}\n`,
  );

/** What happens, and what a person should know. */
export const tell = (text: string): void => void process.stderr.write(`${visibleLines(text)}\n`);

const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n');

/** One `\uXXXX` for each UTF-16 unit: https://www.rfc-editor.org/rfc/rfc8259#section-7 */
const inJson = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
