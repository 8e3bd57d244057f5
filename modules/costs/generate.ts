import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { costTables } from './cost-tables';

/* Writes the tables of docs/costs.md. */

const FILE = resolve(__dirname, '../../docs/costs.md');
const START = '<!-- costs:start -->';
const END = '<!-- costs:end -->';

async function generate(): Promise<void> {
  const page = readFileSync(FILE, 'utf8');
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start) {
    throw new Error(
      `docs/costs.md needs the lines ${START} and ${END}: what is between them is written here.`,
    );
  }
  const made = `${page.slice(0, start + START.length)}\n\n${costTables()}\n\n${page.slice(end)}`;
  writeFileSync(FILE, await format(made, { ...(await resolveConfig(FILE)), filepath: FILE }));
}

void generate();
