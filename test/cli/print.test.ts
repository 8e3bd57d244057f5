import { setImmediate } from 'node:timers/promises';

import { print, printJson, printLargeJson, tell } from '../../cli/print';
import { terminalLog } from '../../cli/terminal-log';

let [out, errors] = ['', ''];
beforeEach(() => {
  [out, errors] = ['', ''];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((errors += String(text)), true));
});
afterEach(() => jest.restoreAllMocks());

it('no line that a command writes is a command to a terminal, or to what collects the output of a pipeline', () => {
  print('one\n::add-mask::x\u001b[2J');
  tell('two\n  ::error::x');
  expect(out).toBe('one\n\\u{3a}:add-mask::x\\u{1b}[2J\n');
  expect(errors).toBe('two\n  \\u{3a}:error::x\n');
});

it('what is written for programs stays JSON with the same values, in which nothing is hidden', () => {
  const value = { a: 'x\u202e\u001b\u2028\u{e0001}y', b: ['::'] };
  printJson(value, 2);
  expect(JSON.parse(out)).toEqual(value);
  expect(out).not.toMatch(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/u);
});

const OF_MANY = {
  version: 1,
  none: [],
  nothing: undefined,
  numbers: { users: 2, of: { these: [] } },
  users: Array.from({ length: 2_000 }, (_, n) => ({
    user: `user\u202e_${n}`,
    keys: [{ id: n }],
    history: [],
  })),
  texts: ['a\nb', '##[c', null],
};

it.each([
  ['of thousands of users', OF_MANY, 2],
  ['in one line', OF_MANY, 0],
  ['of nothing', {}, 2],
  ['of what is not known', { stack: undefined }, 2],
])('a large document, %s, is printed as a small one is', async (_, document, indent) => {
  printJson(document, indent);
  const asSmall = out;
  out = '';
  await printLargeJson(document, indent);
  expect(out).toBe(asSmall);
});

it('the next part of a large document waits until the reader has taken the one before it', async () => {
  const taken: (() => void)[] = [];
  jest.mocked(process.stdout).write.mockImplementation((text: unknown, ...[done]: unknown[]) => {
    out += String(text);
    taken.push(done as () => void);
    return false;
  });
  const printed = printLargeJson(OF_MANY, 2);
  for (let blocks = 1; !out.endsWith('\n}\n'); blocks += 1) {
    expect(taken).toHaveLength(blocks);
    taken.at(-1)!();
    await setImmediate();
  }
  taken.at(-1)!();
  await printed;
  expect(taken.length).toBeGreaterThan(2);
  expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(OF_MANY)));
});

it('one event is one line of the log, whatever its fields hold', () => {
  terminalLog.info('it is done', { name: 'a\n::error::b', count: 2, nothing: undefined });
  expect(errors).toBe('it is done  name=a\\u{a}::error::b  count=2\n');
});

describe('colours', () => {
  const wasTerminal = process.stdout.isTTY;
  beforeEach(() => {
    process.stdout.isTTY = true;
    setEnv({ TERM: 'xterm' });
  });
  afterEach(() => {
    process.stdout.isTTY = wasTerminal;
  });
  const setEnv = (own: Record<string, string>): void => {
    jest.replaceProperty(process, 'env', { ...process.env, NO_COLOR: '', ...own });
  };
  const line = [{ text: 'a\u001b[2Jb', colour: 'red' as const }, ' c'];

  it('are shown on a terminal, and foreign text stays text there', () => {
    print(line);
    expect(out).toBe('\u001b[31ma\\u{1b}[2Jb\u001b[39m c\n');
  });

  it.each([
    ['there is no terminal', () => (process.stdout.isTTY = false)],
    ['NO_COLOR is set', () => setEnv({ TERM: 'xterm', NO_COLOR: '1' })],
    ['the terminal has none', () => setEnv({ TERM: 'dumb' })],
  ])('are left out where %s', (_, arrange) => {
    arrange();
    print(line);
    expect(out).toBe('a\\u{1b}[2Jb c\n');
  });
});
