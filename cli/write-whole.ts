import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';

import { hasCode, unlessMissing } from './error-code';

/**
 * Writes a file in one step: nobody reads half of it. A file that is replaced keeps its mode, and one that a symbolic link
 * leads to is replaced where it is.
 *
 * @param replaces whether a file that is there is replaced; otherwise it is an error
 */
export function writeWhole(file: string, text: string, replaces: boolean): void {
  try {
    if (replaces) replaceWhole(file, (descriptor) => writeFileSync(descriptor, text));
    else writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'EEXIST', 'EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'EBUSY'))
      throw error;
    throw new Error(
      `${file} could not be written, and stays as it was: ${String(error)}. Its folder has to be there and to be yours.`,
      { cause: error },
    );
  }
}

/**
 * Puts what `fill` writes in the place of a file, in one step, or where no file is. A file that is replaced keeps its mode, and one
 * that a symbolic link leads to is replaced where it is.
 *
 * @throws Error of the system
 */
export function replaceWhole(file: string, fill: (descriptor: number) => void): void {
  const target = unlessMissing(() => realpathSync(file)) ?? file;
  const before = unlessMissing(() => statSync(target));
  if (before?.isDirectory() === true) throw new Error(`${file} is a folder. Name a file in it.`);
  const draft = `${target}.${randomBytes(8).toString('hex')}.draft`;
  try {
    const descriptor = openSync(draft, 'wx', before === undefined ? 0o666 : 0o600);
    try {
      fill(descriptor);
      if (before !== undefined) {
        if (process.geteuid?.() === 0) fchownSync(descriptor, before.uid, before.gid);
        fchmodSync(descriptor, before.mode & 0o777);
      }
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, target);
  } finally {
    rmSync(draft, { force: true });
  }
}
