import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { format, getFileInfo, resolveConfig } from 'prettier';

const PROJECT = resolve(__dirname, '../..');

/**
 * Writes a file of the project as Prettier has it.
 *
 * @param make the new text, from the one that is there
 * @param check write nothing, and let the process fail if the file is out of date
 */
export async function keepCurrent(
  file: string,
  make: (text: string) => string,
  check: boolean,
): Promise<void> {
  const path = resolve(PROJECT, file);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const wanted = await asPrettierHasIt(path, make(text));
  if (wanted === text) return;
  if (check) {
    console.error(`${file} is out of date. Run: npm run generate`);
    process.exitCode = 1;
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, wanted);
  console.log(`${file} is written.`);
}

/** A kind of file that Prettier does not know, such as a chart, stays as it is. */
async function asPrettierHasIt(path: string, text: string): Promise<string> {
  const { inferredParser } = await getFileInfo(path);
  return inferredParser === null ? text : format(text, { ...(await resolveConfig(path)), filepath: path });
}
