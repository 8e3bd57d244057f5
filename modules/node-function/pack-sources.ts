import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bundle } from './bundle';
import { contentHash, deterministicZip } from './deterministic-zip';

/** The code of a function, bundled and zipped from its sources, in a folder that is gone when the process is. */
export function packSources(
  entryFile: string,
  name: string,
): { readonly zipFile: string; readonly hash: string } {
  const files = bundle(entryFile);
  // CDKTF copies the file when it synthesizes, after all constructs are made. Neither the name of this
  // directory nor anything else of this machine shows in what CDKTF then writes.
  const directory = mkdtempSync(join(tmpdir(), 'iam-key-rotation-'));
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true });
  });
  const zipFile = join(directory, `${name}.zip`);
  writeFileSync(zipFile, deterministicZip(files));
  return { zipFile, hash: contentHash(files) };
}
