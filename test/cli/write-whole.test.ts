import fs, {
  chmodSync,
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

import { FileTakenError, writeWhole } from '../../cli/write-whole';

const NEW = { replaces: false };
const IN_PLACE = { replaces: true };

describe('a file that is written whole', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'whole-'));
    file = join(folder, 'users.yaml');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('replaces the file that a symbolic link leads to, and the link stays', () => {
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real', 'users.yaml'), 'old');
    symlinkSync(join('real', 'users.yaml'), file);

    writeWhole(file, 'new', IN_PLACE);

    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'real', 'users.yaml'), 'utf8')).toBe('new');
  });

  it.each([0o600, 0o640, 0o664])('keeps the mode of the file that it replaces, such as %o', (mode) => {
    writeFileSync(file, 'old');
    chmodSync(file, mode);

    writeWhole(file, 'new', IN_PLACE);

    expect([statSync(file).mode & 0o777, readFileSync(file, 'utf8')]).toEqual([mode, 'new']);
  });

  it('does not mind what an earlier one left, and leaves nothing itself', () => {
    writeFileSync(`${file}.draft`, 'of a process that died');

    writeWhole(file, 'new', IN_PLACE);

    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['users.yaml', 'users.yaml.draft']);
  });

  it('is no folder, and nothing is left beside that', () => {
    mkdirSync(file);

    expect(() => writeWhole(file, 'new', IN_PLACE)).toThrow(`${file} is a folder. Name a file in it.`);
    expect(readdirSync(folder)).toEqual(['users.yaml']);
  });

  it('replaces nothing unless it is told to', () => {
    writeFileSync(file, 'old');

    expect(() => writeWhole(file, 'new', NEW)).toThrow(FileTakenError);
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['users.yaml']);
  });

  it('has a folder, or says that it needs one', () => {
    expect(() => writeWhole(join(folder, 'missing', 'users.yaml'), 'new', NEW)).toThrow(
      'could not be written, and stays as it was',
    );
  });

  it('has all pieces, also where they are many', () => {
    const pieces = (write: (text: string) => void): void => {
      for (let piece = 0; piece < 30_000; piece += 1) write('ä234567890');
    };
    writeWhole(file, pieces, NEW);
    expect(readFileSync(file, 'utf8')).toBe('ä234567890'.repeat(30_000));
  });

  it.each([NEW, IN_PLACE])(
    'appears in one step: what is there under its name is the finished file itself, no copy of it (%j)',
    (how) => {
      let written: number | undefined;
      const pieces = (write: (text: string) => void): void => {
        write('whole');
        const [draft] = readdirSync(folder);
        written = statSync(join(folder, draft!)).ino;
      };
      writeWhole(file, pieces, how);
      expect(statSync(file).ino).toBe(written);
      expect(readdirSync(folder)).toEqual(['users.yaml']);
    },
  );

  it('is written where the file system has no links, and still replaces nothing', () => {
    const link = jest.spyOn(fs, 'linkSync').mockImplementation(() => {
      throw Object.assign(new Error('ENOTSUP'), { code: 'ENOTSUP' });
    });
    try {
      writeWhole(file, 'first', NEW);
      expect(() => writeWhole(file, 'second', NEW)).toThrow(FileTakenError);
      expect(link).toHaveBeenCalledTimes(2);
    } finally {
      link.mockRestore();
    }
    expect(readFileSync(file, 'utf8')).toBe('first');
    expect(readdirSync(folder)).toEqual(['users.yaml']);
  });

  it('is not there where its making failed', () => {
    const fail = (write: (text: string) => void): void => {
      write('half');
      throw new Error('no more');
    };
    expect(() => writeWhole(file, fail, NEW)).toThrow('no more');
    expect(readdirSync(folder)).toEqual([]);
  });
});
