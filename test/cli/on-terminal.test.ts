import type * as Readline from 'node:readline/promises';
import { PassThrough } from 'node:stream';

import { askToType } from '../../cli/ask-to-type';
import { onTerminal } from '../../cli/on-terminal';

/* Node.js's own reader of terminals, of which a test types into the input. */
let input: PassThrough;
jest.mock('node:readline/promises', () => {
  const real = jest.requireActual<typeof Readline>('node:readline/promises');
  return {
    createInterface: () => real.createInterface({ input, output: new PassThrough(), terminal: true }),
  };
});

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

let said: string;
beforeEach(() => {
  input = new PassThrough();
  said = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((said += String(text)), true));
});
afterEach(() => jest.restoreAllMocks());

const typing = (text: string): void => void setImmediate(() => input.write(text));

const asked = (): Promise<string> => onTerminal('Nothing was changed.', (ask) => ask('How many'));

it('what is typed is the answer', async () => {
  typing('3\n');
  await expect(asked()).resolves.toBe('3');
  expect(said).toBe('');
});

it.each([
  ['Ctrl-D', () => typing(CTRL_D)],
  ['the end of the input', () => void setImmediate(() => input.end())],
])('%s in place of an answer is said in words, on a line of its own', async (_what, end) => {
  end();
  await expect(asked()).rejects.toThrow('The input ended before the last answer. Nothing was changed.');
  expect(said).toBe('\n');
});

it.each([
  ['Ctrl-D', () => typing(CTRL_D), '\n'],
  ['the end of the input', () => void setImmediate(() => input.end()), '\n'],
  ['another text', () => typing('another\n'), ''],
])('%s in place of a text that is to be typed is not that text', async (_what, act, then) => {
  act();
  await expect(askToType('drills', 'Begin?')).resolves.toBe(false);
  expect(said).toBe(then);
});

it('the text that is to be typed agrees', async () => {
  typing('drills\n');
  await expect(askToType('drills', 'Begin?')).resolves.toBe(true);
  expect(said).toBe('');
});

it('Ctrl-C in place of an answer ends the command at once, with the status of a signal', async () => {
  const exit = jest.spyOn(process, 'exit').mockImplementation(() => {
    input.end();
    return undefined as never;
  });
  typing(CTRL_C);
  await expect(asked()).rejects.toThrow('The input ended');
  expect(exit).toHaveBeenCalledWith(130);
  expect(said).toContain('Stopped. Nothing was changed.');
});
