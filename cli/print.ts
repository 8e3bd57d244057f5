import { styleText } from 'node:util';

import { visible } from '../contract/visible';

/*
 * Everything that a command writes goes through here: results to stdout, all else to stderr. Much of it is of others: names,
 * addresses, messages of AWS. None of it reaches a terminal, or the log of a pipeline, as more than text.
 */

/** A part of a line, which may have a colour. */
export interface Span {
  readonly text: string;
  readonly colour?: Colour | undefined;
}

export type Colour = 'red' | 'yellow' | 'green' | 'cyan' | 'bold' | 'dim';

/** One line. A plain string may hold several. */
export type Line = string | readonly (string | Span)[];

/** A result. */
export const print = (line: Line): void => write(process.stdout, line);

/** A result for programs. */
export const printJson = (value: unknown, indent?: number): void =>
  void process.stdout.write(
    `${JSON.stringify(value, undefined, indent).replaceAll(/(?!\n)[\p{C}\p{Zl}\p{Zp}]|#(?=#(?:\[|vso\[))/giu, inJson)}\n`,
  );

/** What happens, and what a person should know. */
export const tell = (line: Line): void => write(process.stderr, line);

/**
 * A line of stderr that the next one replaces; for a terminal alone.
 *
 * @param text '' takes the line away
 */
export const tellInPlace = (text: string): void =>
  void process.stderr.write(`\r\u001B[K${visible(text).slice(0, (process.stderr.columns || 80) - 1)}`);

/** Empties the terminal's window; for what is printed again and again. */
export const clearScreen = (): void => void process.stdout.write('\u001B[2J\u001B[3J\u001B[H');

/** Colours are for a terminal whose owner has nothing against them: https://no-color.org */
const hasColours = (stream: NodeJS.WriteStream): boolean =>
  stream.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';

function write(stream: NodeJS.WriteStream, line: Line): void {
  const colours = hasColours(stream);
  stream.write(
    `${typeof line === 'string' ? visibleLines(line) : line.map((part) => painted(part, colours)).join('')}\n`,
  );
}

function painted(part: string | Span, colours: boolean): string {
  if (typeof part === 'string') return visibleLines(part);
  const text = visibleLines(part.text);
  // Whether the stream takes colours is decided above; what styleText thinks of it differs between versions of Node.js.
  return colours && part.colour !== undefined
    ? styleText(part.colour, text, { validateStream: false })
    : text;
}

const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n');

/** One `\uXXXX` for each UTF-16 unit: https://www.rfc-editor.org/rfc/rfc8259#section-7 */
const inJson = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
