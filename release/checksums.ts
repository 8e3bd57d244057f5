import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const CHECKSUMS_FILE = 'SHA256SUMS';

/** Writes into the folder a file that `sha256sum --check SHA256SUMS` reads there, over all other files of the folder. */
export function writeChecksums(folder: string): void {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== CHECKSUMS_FILE)
    .map(({ name }) => name)
    .sort();
  if (files.length === 0) throw new Error(`${folder} has no file to write a checksum of.`);
  const lines = files.map((name) => `${sha256(join(folder, name))}  ${name}\n`);
  writeFileSync(join(folder, CHECKSUMS_FILE), lines.join(''));
}

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
