import { print, printJson, tell } from '../../cli/print';
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
