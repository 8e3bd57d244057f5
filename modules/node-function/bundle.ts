import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { type BuildOptions, buildSync } from 'esbuild';

import type { ZipEntry } from './deterministic-zip';
import { CREDENTIALS_OF_LAMBDA } from './handler-entries';

/** Lambda loads ES modules from `.mjs` whatever a package.json says. */
const BUNDLE_NAME = 'index.mjs';

/**
 * One file with everything the function needs, the AWS SDK included: the SDK that Lambda brings along changes
 * without notice, and a function that handles credentials should run the version it was tested with.
 *
 * What esbuild writes depends on the sources and on its own version (pinned) alone: no source map, no banner
 * with a date, and paths, where it writes any, are relative to the package and not to the current directory.
 */
export function bundle(entryFile: string): readonly ZipEntry[] {
  const { outputFiles } = buildSync({ ...bundleOptions(entryFile), write: false });
  return outputFiles.map((file) => ({ name: BUNDLE_NAME, bytes: file.contents }));
}

/** How esbuild bundles a function. */
export function bundleOptions(entryFile: string): BuildOptions {
  const packageDirectory = findPackageDirectory(entryFile);
  return {
    absWorkingDir: packageDirectory,
    entryPoints: [relative(packageDirectory, entryFile)],
    outfile: BUNDLE_NAME,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    // "module" before "main": ES modules can be tree-shaken, which halves the size.
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': CREDENTIALS_OF_LAMBDA },
    minify: true,
    charset: 'utf8',
    // The licences of what is bundled stand in THIRD-PARTY-NOTICES, which is published beside the code.
    legalComments: 'none',
    sourcemap: false,
    logLevel: 'silent',
    // A consumer's tsconfig.json must not change what we run.
    tsconfigRaw: { compilerOptions: { target: 'es2023' } },
  };
}

function findPackageDirectory(file: string): string {
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json'))) {
      return directory;
    }
    if (directory === dirname(directory)) {
      throw new Error(`Cannot bundle ${file}: no package.json in any directory above it.`);
    }
  }
}
