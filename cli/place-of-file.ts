import { accessSync, constants, lstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { hasCode } from './error-code';

/**
 * To be asked at the start, before somebody answers questions or AWS is asked for minutes.
 *
 * @throws Error in a sentence for a person, where no file can be written at `path`
 */
export function requirePlaceFor(path: string): void {
  if (path.trim() === '') throw new Error('The name of the file to write is empty. Name a file.');
  const place = resolve(path);
  const folder = dirname(place);
  const around = look(() => statSync(folder));
  if (around === undefined)
    throw new Error(`There is no folder ${folder}. Make it, or name another file than ${path}.`);
  if (!around.isDirectory())
    throw new Error(`${folder} is a file, so ${path} cannot be in it. Name another file.`);
  const found = look(() => statSync(place));
  if (/[/\\]$/.test(path) || found?.isDirectory() === true)
    throw new Error(`${path} is a folder. Name a file in it.`);
  if (found === undefined && look(() => lstatSync(place))?.isSymbolicLink() === true)
    throw new Error(`${path} is a link to a file that is not there. Name another file.`);
  // A file is written beside it, and takes its place: a device would be gone.
  if (found?.isFile() === false) throw new Error(`${path} is a device or a pipe, and no file. Name a file.`);
  requireRight(dirname(real(place) ?? place));
}

/** Whether two paths mean one file, which is there or is going to be. */
export const isSamePlace = (one: string, other: string): boolean => placeOf(one) === placeOf(other);

function placeOf(path: string): string {
  const place = resolve(path);
  return real(place) ?? join(real(dirname(place)) ?? dirname(place), basename(place));
}

const real = (path: string): string | undefined => look(() => realpathSync(path));

function look<Found extends Stats | string>(at: () => Found): Found | undefined {
  try {
    return at();
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

function requireRight(folder: string): void {
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new Error(`You may not write into the folder ${folder}. Name a file in another one.`, {
      cause: error,
    });
  }
}
