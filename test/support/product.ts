import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/*
 * What is tested: these sources. In the Jest project `published`, test/published/support/product.ts stands in place of this
 * file and the packed modules in place of modules/, so that the same suites test what is published.
 */

const PROJECT = join(__dirname, '..', '..');

/** The command line that starts the CLI; for a `credential_process`, too. */
export const CLI_COMMAND: readonly [string, ...string[]] = [
  process.execPath,
  '--import',
  pathToFileURL(require.resolve('tsx')).href,
  join(PROJECT, 'cli', 'main.ts'),
];

/** Makes an empty folder a project that has all but its `rotation.yaml`. */
export function furnishProject(folder: string): void {
  for (const part of [
    'contract',
    'examples',
    'handlers',
    'main.ts',
    'modules',
    'node_modules',
    'package.json',
  ]) {
    symlinkSync(join(PROJECT, part), join(folder, part));
  }
}

/** Where a project has the examples for pipelines. */
export const PIPELINES = join('examples', 'pipelines');
