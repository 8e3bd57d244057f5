import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import manifest from '../../../package.json';
import { PROJECT } from './packed';

/** What is released of the Terraform modules. */
export const ARCHIVE = join(PROJECT, 'dist', `iam-key-rotation-terraform-${manifest.version}.zip`);

/** Unpacks it as Terraform does with a `source` that ends in `.zip`. */
export function unpackModules(folder: string): void {
  writeFileSync(join(folder, 'modules.zip'), readFileSync(ARCHIVE));
  execFileSync('python3', ['-m', 'zipfile', '-e', 'modules.zip', '.'], { cwd: folder });
}
