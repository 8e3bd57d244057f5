import { startProgress } from '../../cli/progress';

describe('progress', () => {
  let told: string[];
  let time: number;
  const stderr = process.stderr;
  const wasTerminal = stderr.isTTY;

  beforeEach(() => {
    told = [];
    time = 0;
    jest.spyOn(stderr, 'write').mockImplementation((text) => {
      told.push(String(text));
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    stderr.isTTY = wasTerminal;
  });

  it('says nothing of what is done within a second', () => {
    stderr.isTTY = true;
    const progress = startProgress('users', () => time);
    time = 999;
    progress.at(5, 10);
    progress.end();
    expect(told).toEqual([]);
  });

  it('stays in one line of a terminal, which it leaves empty', () => {
    stderr.isTTY = true;
    const progress = startProgress('users', () => time);
    for (time = 1000; time <= 1200; time += 100) progress.at(time / 100, 50);
    progress.end();
    expect(told).toEqual(
      ['users: 10 of 50', 'users: 11 of 50', 'users: 12 of 50', ''].map((text) => `\r\u001B[K${text}`),
    );
  });

  it('writes a line each ten seconds into a log', () => {
    stderr.isTTY = false;
    const progress = startProgress('users', () => time);
    for (time = 0; time < 25_000; time += 500) progress.at(time);
    progress.end();
    expect(told).toEqual(['users: 1000\n', 'users: 11000\n', 'users: 21000\n']);
  });
});
