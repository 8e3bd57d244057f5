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
