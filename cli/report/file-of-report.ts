import { existsSync } from 'node:fs';

import { requirePlaceFor } from '../place-of-file';
import { type Content, FileTakenError, writeWhole } from '../write-whole';

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

/** @throws Error where the file is there and `force` is not given: somebody may have made it since */
export function writeReport(path: string, content: Content, { force }: { readonly force: boolean }): void {
  try {
    writeWhole(path, content, { replaces: force });
  } catch (error) {
    throw error instanceof FileTakenError ? taken(path) : error;
  }
}
