import {
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

import { writeWhole } from '../../cli/write-whole';

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

    writeWhole(file, 'new', true);

    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'real', 'users.yaml'), 'utf8')).toBe('new');
  });

  it.each([0o600, 0o640, 0o664])('keeps the mode of the file that it replaces, such as %o', (mode) => {
    writeFileSync(file, 'old');
    chmodSync(file, mode);

    writeWhole(file, 'new', true);

    expect([statSync(file).mode & 0o777, readFileSync(file, 'utf8')]).toEqual([mode, 'new']);
  });

  it('does not mind what an earlier one left, and leaves nothing itself', () => {
    writeFileSync(`${file}.draft`, 'of a process that died');

    writeWhole(file, 'new', true);

    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['users.yaml', 'users.yaml.draft']);
  });

  it('is no folder, and nothing is left beside that', () => {
    mkdirSync(file);

    expect(() => writeWhole(file, 'new', true)).toThrow(`${file} is a folder. Name a file in it.`);
    expect(readdirSync(folder)).toEqual(['users.yaml']);
  });

  it('replaces nothing unless it is told to', () => {
    writeFileSync(file, 'old');

    expect(() => writeWhole(file, 'new', false)).toThrow('could not be written, and stays as it was');
    expect(readFileSync(file, 'utf8')).toBe('old');
  });
});
