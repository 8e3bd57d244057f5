import { zipSync } from 'fflate';
import type { Zippable } from 'fflate';

/** One file of an archive. */
export interface ZipEntry {
  /** Path inside the archive, with forward slashes. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Regular file, `rw-r--r--`: Lambda has to read it, nobody has to run it. */
const FILE_MODE = 0o100644;

/** 3 is Unix in the zip format; it makes the upper half of the attributes the file mode. */
const UNIX = 3;

/**
 * The zip format's first moment. It stores local time without a zone, and fflate asks the Date for local
 * fields, so a Date made from local fields gives the same bytes in every time zone.
 */
const EPOCH = (): Date => new Date(1980, 0, 1, 0, 0, 0);

/**
 * A zip whose bytes depend on the entries alone: order, times and modes are fixed, and the entries are
 * deflated in JavaScript, because the output of zlib differs between its versions and forks.
 */
export function deterministicZip(entries: readonly ZipEntry[]): Uint8Array {
  const files: Zippable = {};
  for (const { name, bytes } of inOrder(entries)) {
    files[name] = [bytes, { level: 9, mtime: EPOCH(), os: UNIX, attrs: FILE_MODE * 2 ** 16 }];
  }
  return zipSync(files);
}

function inOrder(entries: readonly ZipEntry[]): readonly ZipEntry[] {
  const names = new Set(entries.map((entry) => entry.name));
  if (names.size !== entries.length) {
    throw new Error(
      `Two entries of the archive have the same name: ${entries.map((entry) => entry.name).join(', ')}`,
    );
  }
  // Plain comparison: localeCompare depends on the machine's locale.
  return [...entries].sort((left, right) => (left.name < right.name ? -1 : 1));
}
