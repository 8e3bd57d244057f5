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

/**
 * Puts `content` between the lines `<!-- name:start -->` and `<!-- name:end -->` of `page`.
 *
 * @throws Error if the page does not have both
 */
export function between(page: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The page needs the lines ${start} and ${end}, in this order.`);
  return `${page.slice(0, from + start.length)}\n\n${content}\n\n${page.slice(to)}`;
}
