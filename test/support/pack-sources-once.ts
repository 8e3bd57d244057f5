import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';

import { packSources as pack } from '../../modules/node-function/pack-sources';

const ROOT = join(__dirname, '../..');
const DAY = 86_400_000;

const KEPT = join(ROOT, '.cache/functions');

/** All that the code of a function is made from. */
const SOURCES = ['contract', 'handlers', 'modules/node-function', 'package-lock.json'];

/**
 * Stands in place of `pack-sources`, so that the product's functions are bundled once for all tests and not once for each
 * test file. That bundles are right is for `bundle.test.ts` and for the end-to-end tests, whose processes bundle anew.
 *
 * @returns a zip that stays as long as the sources are what they are
 */
export function packSources(entryFile: string, name: string): string {
  if (!entryFile.startsWith(join(ROOT, 'handlers'))) return pack(entryFile, name);
  const folder = join(KEPT, fingerprint());
  const zipFile = join(folder, `${name}.zip`);
  if (existsSync(zipFile)) return zipFile;
  mkdirSync(folder, { recursive: true });
  for (const other of readdirSync(KEPT).map((entry) => join(KEPT, entry))) {
    // A test that began before the sources were changed may still need it.
    if (Date.now() - statSync(other).mtimeMs > DAY) rmSync(other, { recursive: true, force: true });
  }
  // Copied aside and renamed, so that a test that runs in parallel never reads half of it.
  const unfinished = `${zipFile}.${process.pid}`;
  copyFileSync(pack(entryFile, name), unfinished);
  renameSync(unfinished, zipFile);
  return zipFile;
}

let known: string | undefined;

function fingerprint(): string {
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((source) => filesOf(join(ROOT, source)))) {
    hash.update(file.slice(ROOT.length)).update(readFileSync(file));
  }
  return (known = hash.digest('hex').slice(0, 16));
}

function filesOf(path: string): string[] {
  if (path.endsWith('.json')) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
