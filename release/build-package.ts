import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { buildSync } from 'esbuild';

import {
  NOTIFY_PEOPLE_ENTRY,
  RETIRE_ACCESS_KEYS_ENTRY,
  ROTATE_ACCESS_KEY_ENTRY,
} from '../modules/node-function/handler-entries';
import { codeOf, prebuiltZip } from '../modules/node-function/packed-code';

/*
 * Writes what the npm package is made of to dist/:
 *
 *   lib/    the constructs and the client as CommonJS with types, in the folders of the sources, and in the place of
 *           each function's entry file its code, bundled and zipped
 *   cli.js  `npx iam-key-rotation` in one file, so that whoever wants the client does not install what only the
 *           commands need
 */

const PROJECT = join(__dirname, '..');
const DIST = join(PROJECT, 'dist');
const LIB = join(DIST, 'lib');

function buildPackage(): void {
  rmSync(LIB, { recursive: true, force: true });
  compile();
  [ROTATE_ACCESS_KEY_ENTRY, RETIRE_ACCESS_KEYS_ENTRY, NOTIFY_PEOPLE_ENTRY].forEach(placeCode);
  buildCommand();
}

function compile(): void {
  const compiler = require.resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', join(PROJECT, 'tsconfig.package.json')], {
    stdio: 'inherit',
  });
}

function placeCode(entryFile: string): void {
  const target = prebuiltZip(join(LIB, relative(PROJECT, entryFile)));
  mkdirSync(dirname(target), { recursive: true });
  cpSync(codeOf(entryFile).zipFile, target);
}

function buildCommand(): void {
  const outfile = join(DIST, 'cli.js');
  buildSync({
    absWorkingDir: PROJECT,
    entryPoints: ['cli/main.ts'],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    // Names of classes stand in messages of errors.
    keepNames: true,
    minify: true,
    charset: 'utf8',
    legalComments: 'eof',
    logLevel: 'warning',
    tsconfigRaw: { compilerOptions: { target: 'es2023' } },
  });
  chmodSync(outfile, 0o755);
}

buildPackage();
