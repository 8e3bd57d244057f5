import fs, {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { requireFree, writeReport } from '../../../cli/report/write-report';

describe('the file of a report', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'report-'));
    path = join(folder, 'report.html');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (text: string, force = false): void => writeReport(path, (put) => put(text), { force });

  it('has all pieces, also where they are many', () => {
    writeReport(
      path,
      (put) => {
        for (let piece = 0; piece < 30_000; piece += 1) put('ä234567890');
      },
      { force: false },
    );
    expect(readFileSync(path, 'utf8')).toBe('ä234567890'.repeat(30_000));
  });

  it('stays as it is where one is there, unless it is forced', () => {
    write('first');
    expect(() => requireFree(path, { force: false })).toThrow('--force');
    expect(() => write('second')).toThrow('--force');
    expect(readFileSync(path, 'utf8')).toBe('first');
    write('third', true);
    expect(readFileSync(path, 'utf8')).toBe('third');
    expect(readdirSync(folder)).toEqual(['report.html']);
  });

  it('is written where a symbolic link leads, if it is forced, and the link stays', () => {
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real', 'page.html'), 'old', { mode: 0o640 });
    symlinkSync(join('real', 'page.html'), path);

    requireFree(path, { force: true });
    write('new', true);

    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'real', 'page.html'), 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(join(folder, 'real'))).toEqual(['page.html']);
  });

  it.each([
    ['', 'The name of the file to write is empty'],
    ['missing/report.html', 'There is no folder'],
    ['.', 'is a folder. Name a file in it.'],
  ])('is refused beforehand where its name is %j', (name, message) => {
    for (const force of [false, true])
      expect(() => requireFree(name === '' ? '' : join(folder, name), { force })).toThrow(message);
  });

  it('appears in one step: what is there under its name is the finished file itself, no copy of it', () => {
    let written: number | undefined;
    writeReport(
      path,
      (put) => {
        put('whole');
        const [draft] = readdirSync(folder);
        written = statSync(join(folder, draft!)).ino;
      },
      { force: false },
    );
    expect(statSync(path).ino).toBe(written);
    expect(readdirSync(folder)).toEqual(['report.html']);
  });

  it('is written where the file system has no links, and still replaces nothing', () => {
    const link = jest.spyOn(fs, 'linkSync').mockImplementation(() => {
      throw Object.assign(new Error('ENOTSUP'), { code: 'ENOTSUP' });
    });
    try {
      write('first');
      expect(() => write('second')).toThrow('--force');
      expect(link).toHaveBeenCalledTimes(2);
    } finally {
      link.mockRestore();
    }
    expect(readFileSync(path, 'utf8')).toBe('first');
    expect(readdirSync(folder)).toEqual(['report.html']);
  });

  it('is not there where its making failed', () => {
    const fail = (put: (text: string) => void): void => {
      put('half');
      throw new Error('no more');
    };
    expect(() => writeReport(path, fail, { force: false })).toThrow('no more');
    expect(readdirSync(folder)).toEqual([]);
  });
});
