import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { configurationPage } from './configuration-page';
import { configurationJsonSchema, usersPartJsonSchema } from './json-schema';

/*
 * Writes what is made from the configuration's schema: rotation.schema.json, rotation.users.schema.json for the files
 * that a stack includes, and docs/configuration.md.
 * With --check it writes nothing, and fails if something is out of date.
 */

const PROJECT = resolve(__dirname, '../..');
async function generate(check: boolean): Promise<void> {
  await keepCurrent('rotation.schema.json', `${JSON.stringify(configurationJsonSchema())}\n`, check);
  await keepCurrent('rotation.users.schema.json', `${JSON.stringify(usersPartJsonSchema())}\n`, check);
  await keepCurrent('docs/configuration.md', configurationPage(), check);
}

async function keepCurrent(file: string, made: string, check: boolean): Promise<void> {
  const path = resolve(PROJECT, file);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const options = await resolveConfig(path);
  const wanted = await format(made, { ...options, filepath: path, proseWrap: 'always' });
  if (wanted === text) return;
  if (check) {
    fail(`${file} no longer says what the configuration's schema says. Run: npm run generate`);
    return;
  }
  writeFileSync(path, wanted);
  console.log(`${file} is written.`);
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

void generate(process.argv.includes('--check'));
