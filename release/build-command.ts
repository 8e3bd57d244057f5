import { chmodSync } from 'node:fs';
import { join } from 'node:path';

import { type BuildOptions, buildSync } from 'esbuild';

const PROJECT = join(__dirname, '..');

/** The commands in one file, as the package has them. */
export const COMMAND_FILE = join(PROJECT, 'dist', 'cli.js');

export const COMMAND: BuildOptions = {
  absWorkingDir: PROJECT,
  entryPoints: ['cli/main.ts'],
  outfile: COMMAND_FILE,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  // Names of classes stand in messages of errors.
  keepNames: true,
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  tsconfigRaw: { compilerOptions: { target: 'es2023' } },
};

export function buildCommand(): void {
  buildSync(COMMAND);
  chmodSync(COMMAND_FILE, 0o755);
}
