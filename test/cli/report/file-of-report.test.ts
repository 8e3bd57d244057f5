import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { requireFree, writeReport } from '../../../cli/report/file-of-report';

describe('the file of a report', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'report-'));
    path = join(folder, 'report.html');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('stays as it is where one is there, unless it is forced', () => {
    writeReport(path, 'first', { force: false });
    expect(() => requireFree(path, { force: false })).toThrow('--force');
    expect(() => writeReport(path, 'second', { force: false })).toThrow('--force');
    expect(readFileSync(path, 'utf8')).toBe('first');
    requireFree(path, { force: true });
    writeReport(path, 'third', { force: true });
    expect(readFileSync(path, 'utf8')).toBe('third');
  });

  it.each([
    ['', 'The name of the file to write is empty'],
    ['missing/report.html', 'There is no folder'],
    ['.', 'is a folder. Name a file in it.'],
  ])('is refused beforehand where its name is %j', (name, message) => {
    for (const force of [false, true])
      expect(() => requireFree(name === '' ? '' : join(folder, name), { force })).toThrow(message);
  });
});
