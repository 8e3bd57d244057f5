import { table } from '../../cli/table';
import type { Line } from '../../cli/print';

const textOf = (line: Line): string =>
  typeof line === 'string'
    ? line
    : line.map((part) => (typeof part === 'string' ? part : part.text)).join('');

describe('a table', () => {
  it('has columns as wide as their widest cell, and no spaces at the end of a line', () => {
    const lines = table(
      ['USER', 'AGE'],
      [
        ['payments', '3 d'],
        ['ci', { text: '12 d', colour: 'red' }],
      ],
    );
    expect(lines.map(textOf)).toEqual(['USER      AGE', 'payments  3 d', 'ci        12 d']);
  });

  it('counts what a terminal shows: wide characters twice', () => {
    const lines = table(['A', 'B'], [['日本', 'x']]);
    expect(lines.map(textOf)).toEqual(['A     B', '日本  x']);
  });

  it('has a line for each row, whatever a cell of somebody else holds', () => {
    const lines = table(
      ['A', 'B'],
      [
        ['\u001b', 'x'],
        [{ text: 'a\r\nb' }, 'x'],
      ],
    );
    expect(lines.map(textOf)).toEqual(['A             B', '\\u{1b}        x', 'a\\u{d}\\u{a}b  x']);
  });
});
