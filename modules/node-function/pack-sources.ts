import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bundle } from './bundle';
import { deterministicZip } from './deterministic-zip';

/** @returns the zip with a function's code, bundled from its sources, in a folder that is gone when the process is */
export function packSources(entryFile: string, name: string): string {
  // CDKTF copies the file when it synthesizes, after all constructs are made. Neither the name of this
  // directory nor anything else of this machine shows in what CDKTF then writes.
  const directory = mkdtempSync(join(tmpdir(), 'iam-key-rotation-'));
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true });
  });
  const zipFile = join(directory, `${name}.zip`);
  writeFileSync(zipFile, deterministicZip(bundle(entryFile)));
  return zipFile;
}
