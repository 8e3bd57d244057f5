import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { format, resolveConfig } from 'prettier';

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
  const wanted = await format(make(text), { ...(await resolveConfig(path)), filepath: path });
  if (wanted === text) return;
  if (check) {
    console.error(`${file} is out of date. Run: npm run generate`);
    process.exitCode = 1;
    return;
  }
  writeFileSync(path, wanted);
  console.log(`${file} is written.`);
}
