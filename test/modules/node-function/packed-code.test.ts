import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { codeOf, prebuiltZip } from '../../../modules/node-function/packed-code';

const folder = mkdtempSync(join(tmpdir(), 'packed-code-'));
afterAll(() => rmSync(folder, { recursive: true }));
const entryIn = (name: string): string => {
  mkdirSync(join(folder, name));
  return join(folder, name, 'index.ts');
};

it('the code of a function lies ready where there are no sources', () => {
  const entry = entryIn('prebuilt');
  writeFileSync(prebuiltZip(entry), 'zip');

  expect(codeOf(entry)).toEqual({
    zipFile: join(folder, 'prebuilt', 'prebuilt.zip'),
    hash: createHash('sha256').update('zip').digest('hex'),
  });
});

it('the code of a function is built from the sources where they are, whatever lies beside them', () => {
  const entry = entryIn('sources');
  writeFileSync(join(folder, 'package.json'), '{}');
  writeFileSync(entry, 'export const handler = () => 1;');
  writeFileSync(prebuiltZip(entry), 'old');

  const { zipFile, hash } = codeOf(entry);

  expect(zipFile).not.toBe(prebuiltZip(entry));
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
});

it('the code of a function is missed with what to do about it', () => {
  expect(() => codeOf(entryIn('nothing'))).toThrow(
    /bundled.*--packages=external.*install iam-key-rotation again/,
  );
});
