import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isSamePlace, requirePlaceFor } from '../../cli/place-of-file';

describe('the place of a file that is to be written', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'place-'));
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'file'), '');
    symlinkSync(join(folder, 'nothing'), join(folder, 'dangling'));
    symlinkSync('sub', join(folder, 'link'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const at = (...names: string[]): string => folder + ['', ...names].join('/');

  it.each([['new'], ['file'], ['link', 'new']])('can be %s %s', (...names) => {
    expect(() => requirePlaceFor(at(...names))).not.toThrow();
  });

  it.each([
    [['missing', 'new'], 'There is no folder'],
    [['file', 'new'], 'is a file, so'],
    [['file', 'on', 'new'], 'There is no folder'],
    [['sub'], 'is a folder. Name a file in it.'],
    [['new', ''], 'is a folder. Name a file in it.'],
    [['dangling'], 'is a link to a file that is not there'],
  ])('cannot be %j', (names, message) => {
    expect(() => requirePlaceFor(at(...names))).toThrow(message);
  });

  it('cannot be a device, which the file would replace', () => {
    expect(() => requirePlaceFor('/dev/null')).toThrow('/dev/null is a device or a pipe, and no file.');
    symlinkSync('/dev/null', at('to-device'));
    expect(() => requirePlaceFor(at('to-device'))).toThrow('is a device or a pipe');
  });

  it('cannot be without a name', () => {
    expect(() => requirePlaceFor(' ')).toThrow('is empty');
  });

  it('is the same by another path, whether the file is there or not', () => {
    expect(isSamePlace(at('sub', 'new'), at('link', '.', 'new'))).toBe(true);
    expect(isSamePlace(at('file'), at('sub', '..', 'file'))).toBe(true);
    expect(isSamePlace(at('file'), at('new'))).toBe(false);
  });
});
