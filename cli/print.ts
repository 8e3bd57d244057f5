import { styleText } from 'node:util';

import { visible } from '../contract/visible';
import { jsonPieces } from './json-pieces';

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
  void process.stdout.write(`${visibleJson(JSON.stringify(value, undefined, indent))}\n`);

/**
 * The same of a document that may have thousands of users: the whole text, and what is made of it on the way out, take more memory
 * than they do. It goes out block by block, as the reader takes it.
 */
export async function printLargeJson(document: object, indent: number): Promise<void> {
  let block = '';
  for (const piece of jsonPieces(document, indent)) {
    block += piece;
    if (block.length < BLOCK) continue;
    const isTaken = await writeResult(visibleJson(block));
    if (!isTaken) return;
    block = '';
  }
  await writeResult(`${visibleJson(block)}\n`);
}

/** Pieces of some bytes each would be as many writes. */
const BLOCK = 65_536;

/** Waits until there is room for more. False: nobody reads any more, and `surviveLostStreams` says so. */
const writeResult = (text: string): Promise<boolean> =>
  new Promise((resolve) => {
    const hasRoom = process.stdout.write(text, (error) => resolve(!error));
    if (hasRoom) resolve(true);
  });

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

const visibleJson = (json: string): string =>
  json.replaceAll(/(?!\n)[\p{C}\p{Zl}\p{Zp}]|#(?=#(?:\[|vso\[))/giu, inJson);

/** One `\uXXXX` for each UTF-16 unit: https://www.rfc-editor.org/rfc/rfc8259#section-7 */
const inJson = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
