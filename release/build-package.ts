import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { bundleOptions } from '../modules/node-function/bundle';
import { HANDLER_ENTRIES } from '../modules/node-function/handler-entries';
import { codeOf, prebuiltZip } from '../modules/node-function/packed-code';
import lock from '../package-lock.json';
import manifest from '../package.json';
import { buildCommand, COMMAND, COMMAND_FILE } from './build-command';
import { licenceProblems } from './licences';
import { sbom, sbomName } from './sbom';
import { bundledPackages, NOTICES_FILE, thirdPartyNotices } from './third-party-notices';

/*
 * Writes what the npm package is made of to dist/:
 *
 *   lib/    the constructs and the client as CommonJS with types, in the folders of the sources, and in the place of
 *           each function's entry file its code, bundled and zipped
 *   cli.js  `npx iam-key-rotation` in one file, so that whoever wants the client does not install what only the
 *           commands need
 *   THIRD-PARTY-NOTICES  the licences of the packages in those bundles
 *   iam-key-rotation-<version>.cdx.json  what the package is made of, which is released beside it
 */

const PROJECT = join(__dirname, '..');
const DIST = join(PROJECT, 'dist');
const LIB = join(DIST, 'lib');

function buildPackage(): void {
  process.stdout.write('The package is being built: some two minutes.\n');
  rmSync(LIB, { recursive: true, force: true });
  compile();
  HANDLER_ENTRIES.forEach(placeCode);
  buildCommand();
  const bundles = [...HANDLER_ENTRIES.map(bundleOptions), COMMAND];
  writeFileSync(join(DIST, NOTICES_FILE), thirdPartyNotices(bundles));
  const bundled = bundledPackages(PROJECT, bundles);
  refuseLicences(bundled);
  writeFileSync(join(DIST, sbomName(manifest.version)), sbom({ manifest, packages: lock.packages, bundled }));
  process.stdout.write(`The package is built: ${LIB}, ${COMMAND_FILE}. \`npm pack\` makes its archive.\n`);
}

/** @throws Error where code that nobody may publish would be published */
function refuseLicences(bundled: readonly string[]): void {
  const problems = licenceProblems(lock.packages, bundled);
  if (problems.length > 0) throw new Error(problems.join('\n'));
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

buildPackage();
