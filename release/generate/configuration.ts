import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { configurationTable } from './configuration-table';
import { configurationJsonSchema, usersPartJsonSchema } from './json-schema';

/*
 * Writes what is made from the configuration's schema: rotation.schema.json, rotation.users.schema.json for the files
 * that a stack includes, and the README's table.
 * With --check it writes nothing, and fails if something is out of date.
 */

const PROJECT = resolve(__dirname, '../..');
const START = '<!-- configuration:start -->';
const END = '<!-- configuration:end -->';

async function generate(check: boolean): Promise<void> {
  await keepCurrent('rotation.schema.json', () => `${JSON.stringify(configurationJsonSchema())}\n`, check);
  await keepCurrent('rotation.users.schema.json', () => `${JSON.stringify(usersPartJsonSchema())}\n`, check);
  await keepCurrent('README.md', withTable, check);
}

async function keepCurrent(
  file: string,
  make: (text: string) => string | undefined,
  check: boolean,
): Promise<void> {
  const path = resolve(PROJECT, file);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const made = make(text);
  if (made === undefined) {
    fail(`${file} needs the lines ${START} and ${END}: what is between them is written here.`);
    return;
  }
  const wanted = await format(made, { ...(await resolveConfig(path)), filepath: path });
  if (wanted === text) return;
  if (check) {
    fail(`${file} no longer says what the configuration's schema says. Run: npm run generate`);
    return;
  }
  writeFileSync(path, wanted);
  console.log(`${file} is written.`);
}

function withTable(readme: string): string | undefined {
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)];
  if (start < 0 || end < start) return undefined;
  return `${readme.slice(0, start + START.length)}\n\n${configurationTable()}\n\n${readme.slice(end)}`;
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

void generate(process.argv.includes('--check'));
