import stringWidth from 'string-width';

import { visible } from '../contract/visible';
import type { Line, Span } from './print';

type Cell = string | Span;

const GAP = '  ';

/** The lines of a table, each column as wide as its widest cell. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): readonly Line[] {
  const all: readonly (readonly Cell[])[] = [
    head.map((text) => ({ text, colour: 'bold' as const })),
    ...rows.map((row) => row.map(inOneLine)),
  ];
  const widths = head.map((_, column) =>
    all.reduce((widest, row) => Math.max(widest, widthOf(row[column] ?? '')), 0),
  );
  return all.map((row) => {
    const line = row.flatMap((cell, column) => [
      cell,
      ' '.repeat((widths[column] ?? 0) - widthOf(cell)) + GAP,
    ]);
    // Nothing but spaces would stand behind the last cell.
    return line.slice(0, -1);
  });
}

/** A line break of somebody else's text would look like a row of ours. */
const inOneLine = (cell: Cell): Cell =>
  typeof cell === 'string' ? visible(cell) : { ...cell, text: visible(cell.text) };

/** As it is shown: characters of East Asia take two columns. */
const widthOf = (cell: Cell): number => stringWidth(typeof cell === 'string' ? cell : cell.text);
