import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';

import type { PartFiles } from './included-parts';
import { isLike } from './is-like';
import { readTextFile } from './text-file';

/** Parts on the disk. Files and folders that begin with a dot are matched by name alone. */
export const PARTS_ON_DISK: PartFiles = {
  matching: (folder, pattern) =>
    matching(
      folder,
      pattern.split('/').filter((name) => name !== '.'),
    ),
  isInside: (file, folder) => {
    const way = relative(realpathSync(folder), realpathSync(file));
    return way !== '' && !way.startsWith('..') && !isAbsolute(way);
  },
  read: readTextFile,
};

/** In the order of the names' letters, which is the same on every machine. */
function matching(folder: string, [name = '', ...further]: readonly string[]): string[] {
  const names = name.includes('*') ? namesLike(folder, name) : [name];
  return names.flatMap((found) => {
    const path = join(folder, found);
    const kind = statSync(path, { throwIfNoEntry: false });
    // A link that leads nowhere is a match, too: it is told, not passed over.
    if (further.length === 0) return isThere(path) && (kind?.isFile() ?? true) ? [path] : [];
    return kind?.isDirectory() === true ? matching(path, further) : [];
  });
}

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

const namesLike = (folder: string, pattern: string): string[] =>
  readdirSync(folder)
    .filter((name) => !name.startsWith('.') && isLike(name, pattern))
    .toSorted((a, b) => (a < b ? -1 : 1));
