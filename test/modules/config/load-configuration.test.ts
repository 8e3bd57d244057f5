import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadConfiguration } from '../../../modules/config/load-configuration';
import { fileWithStack } from './refusal';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotation-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('loading a configuration reads the file that is named', () => {
  const file = join(folder, 'other.yaml');
  writeFileSync(file, fileWithStack());
  expect(loadConfiguration(file)).toMatchObject({ file, stacks: [{ name: 'production' }] });
});

it('loading a configuration says which file is missing, and how another one is named', () => {
  const file = join(folder, 'rotation.yaml');
  expect(() => loadConfiguration(file)).toThrow(
    [
      `1 problem in ${file}`,
      '',
      `${file}:1:1`,
      '  found  no such file',
      '  rule   the configuration is a YAML file',
      '  write  its path in the environment variable ROTATION_CONFIG, or the file rotation.yaml in this folder',
    ].join('\n'),
  );
});

it('loading a configuration refuses a folder', () => {
  expect(() => loadConfiguration(folder)).toThrow('found  a folder');
});

it.each([
  ['UTF-16, as Windows PowerShell writes it', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16 with the other byte order', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ['UTF-8 with a byte order mark', (text: string) => Buffer.from(`\ufeff${text}`)],
])('loading a configuration reads %s', (_, encode) => {
  const file = join(folder, 'rotation.yaml');
  writeFileSync(file, encode(fileWithStack("users: { ci: { owner: 'Zoë' } }")));

  expect(loadConfiguration(file).stacks[0]?.users[0]?.owner).toBe('Zoë');
});

it('loading a configuration refuses bytes that are no text', () => {
  const file = join(folder, 'rotation.yaml');
  writeFileSync(file, Buffer.from([0x73, 0xe9, 0x0a]));

  expect(() => loadConfiguration(file)).toThrow('found  no text in UTF-8');
});
