import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

import { pack, UNPACKED } from './packed';

/** Once for all suites of the Jest project `published`: packs what is built, and unpacks it as npm does. */
// eslint-disable-next-line no-restricted-exports -- Jest takes what a module exports by default.
export default async function unpack(): Promise<void> {
  const target = dirname(UNPACKED);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const { tarball } = await pack(target);
  mkdirSync(UNPACKED);
  execFileSync('tar', ['-xzf', tarball, '-C', UNPACKED, '--strip-components=1']);
}
