import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fchmodSync,
  fchownSync,
  linkSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  type Stats,
  writeSync,
} from 'node:fs';

import { hasCode, unlessMissing } from './error-code';

/** A text, or what writes it piece by piece where it is large. */
export type Content = string | ((write: (text: string) => void) => void);

/** A file is there, and was not to be replaced. */
export class FileTakenError extends Error {
  constructor(file: string) {
    super(`${file} is there already, and it stays as it is.`);
    this.name = 'FileTakenError';
  }
}

/**
 * Writes a file in one step: whoever reads it, also after this process was killed, finds all of it, or what was there before.
 * A file that is replaced keeps its mode, and one that a symbolic link leads to is replaced where it is. A killed process may
 * leave a draft beside the file, in whose way nothing stands.
 *
 * @throws FileTakenError where the file is there and is not to be replaced
 */
export function writeWhole(
  file: string,
  content: Content,
  { replaces }: { readonly replaces: boolean },
): void {
  try {
    if (replaces) replace(file, content);
    else make(file, content);
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'EBUSY')) throw error;
    throw new Error(
      `${file} could not be written, and stays as it was: ${String(error)}. Its folder has to be there and to be yours.`,
      { cause: error },
    );
  }
}

function replace(file: string, content: Content): void {
  const target = unlessMissing(() => realpathSync(file)) ?? file;
  const before = unlessMissing(() => statSync(target));
  if (before?.isDirectory() === true) throw new Error(`${file} is a folder. Name a file in it.`);
  withDraft(target, content, before, (draft) => renameSync(draft, target));
}

/** Not a copy: a killed process would leave half of it. Nor a rename: that replaces what is there. */
function make(file: string, content: Content): void {
  withDraft(file, content, undefined, (draft) => {
    try {
      linkSync(draft, file);
    } catch (error) {
      if (hasCode(error, 'EEXIST')) throw new FileTakenError(file);
      // Some file systems have no links. Between look and rename somebody else could make the file, who then loses it.
      if (!hasCode(error, 'EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP')) throw error;
      if (existsSync(file)) throw new FileTakenError(file);
      renameSync(draft, file);
    }
  });
}

/** @param before the file that is replaced */
function withDraft(
  target: string,
  content: Content,
  before: Stats | undefined,
  giveName: (draft: string) => void,
): void {
  const draft = `${target}.${randomBytes(8).toString('hex')}.draft`;
  try {
    const descriptor = openSync(draft, 'wx', before === undefined ? 0o666 : 0o600);
    try {
      writeInBlocks(descriptor, content);
      if (before !== undefined) {
        if (process.geteuid?.() === 0) fchownSync(descriptor, before.uid, before.gid);
        fchmodSync(descriptor, before.mode & 0o777);
      }
    } finally {
      closeSync(descriptor);
    }
    giveName(draft);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Pieces of some bytes each would be as many writes. */
const BLOCK = 65_536;

function writeInBlocks(file: number, content: Content): void {
  let pieces: string[] = [];
  let length = 0;
  const flush = (): void => {
    const block = Buffer.from(pieces.join(''));
    for (let written = 0; written < block.length;) written += writeSync(file, block, written);
    [pieces, length] = [[], 0];
  };
  const write = (text: string): void => {
    pieces.push(text);
    length += text.length;
    if (length >= BLOCK) flush();
  };
  if (typeof content === 'string') write(content);
  else content(write);
  flush();
}
