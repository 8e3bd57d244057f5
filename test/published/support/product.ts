import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { programOf, PROJECT, UNPACKED } from './packed';

/** What is tested: the package, as `npm install` unpacks it. See test/support/product.ts. */

export const CLI_COMMAND: readonly [string, ...string[]] = [
  process.execPath,
  join(UNPACKED, 'bin', 'iam-key-rotation.cjs'),
];

/** As docs/construct-library.md has it: the package and its peers, and one file of one's own. */
export function furnishProject(folder: string): void {
  const installed = join(folder, 'node_modules');
  mkdirSync(installed);
  link('node_modules', installed);
  symlinkSync(UNPACKED, join(installed, 'iam-key-rotation'));
  const commands = join(installed, '.bin');
  mkdirSync(commands);
  link('node_modules/.bin', commands);
  symlinkSync(join(UNPACKED, 'bin', 'iam-key-rotation.cjs'), join(commands, 'iam-key-rotation'));
  writeFileSync(join(folder, 'main.ts'), programOf('docs/construct-library.md', 'whole-stacks'));
}

export const PIPELINES = join('node_modules', 'iam-key-rotation', 'examples', 'pipelines');

function link(folder: string, target: string): void {
  for (const name of readdirSync(join(PROJECT, folder))) {
    if (name !== '.bin') symlinkSync(join(PROJECT, folder, name), join(target, name));
  }
}
