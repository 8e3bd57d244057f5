import { closeSync, existsSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

import { hasCode } from '../error-code';
import { requirePlaceFor } from '../place-of-file';
import { replaceWhole } from '../write-whole';

const taken = (path: string): Error =>
  new Error(`${path} is there already, and it stays as it is. Name another file, or give --force.`);

/**
 * Before AWS is asked for minutes.
 *
 * @throws Error where no file can be written there, or where one is there and `force` is not given
 */
export function requireFree(path: string, { force }: { readonly force: boolean }): void {
  requirePlaceFor(path);
  if (!force && existsSync(path)) throw taken(path);
}

/**
 * Writes a file piece by piece; it appears under its name when it is whole. With `force` a file that a symbolic link leads to is
 * replaced where it is, and the link stays.
 *
 * @throws Error where the file is there and `force` is not given
 */
export function writeReport(
  path: string,
  content: (write: (text: string) => void) => void,
  { force }: { readonly force: boolean },
): void {
  if (force) {
    replaceWhole(path, (file) => writeInBlocks(file, content));
    return;
  }
  const draft = `${path}.${process.pid}.part`;
  try {
    const file = openSync(draft, 'wx');
    try {
      writeInBlocks(file, content);
    } finally {
      closeSync(file);
    }
    giveName(draft, path);
  } catch (error) {
    throw hasCode(error, 'EEXIST') ? taken(path) : error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Not a copy: on a full disk that would be there half. Nor a rename: that replaces what is there. @throws EEXIST */
function giveName(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    // Some file systems have no links. Between look and rename somebody else could make the file, who then loses it.
    if (!hasCode(error, 'EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP')) throw error;
    requireFree(path, { force: false });
    renameSync(draft, path);
  }
}

/** Pieces of some bytes each would be as many writes. */
const BLOCK = 65_536;

function writeInBlocks(file: number, content: (write: (text: string) => void) => void): void {
  let pieces: string[] = [];
  let length = 0;
  const flush = (): void => {
    const block = Buffer.from(pieces.join(''));
    for (let written = 0; written < block.length;) written += writeSync(file, block, written);
    [pieces, length] = [[], 0];
  };
  content((text) => {
    pieces.push(text);
    length += text.length;
    if (length >= BLOCK) flush();
  });
  flush();
}
