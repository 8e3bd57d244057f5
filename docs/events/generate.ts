import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { eventsJsonSchema } from './events-json-schema';

/*
 * Writes the published schema of the events from the one that they are made by.
 * With --check it writes nothing, and fails if the file is out of date.
 */

const FILE = resolve(__dirname, 'schema.json');

async function generate(check: boolean): Promise<void> {
  const text = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
  const made = `${JSON.stringify(eventsJsonSchema())}\n`;
  const wanted = await format(made, { ...(await resolveConfig(FILE)), filepath: FILE });
  if (wanted === text) return;
  if (check) {
    console.error(
      "docs/events/schema.json no longer says what the events' schema says. Run: npm run generate",
    );
    process.exitCode = 1;
    return;
  }
  writeFileSync(FILE, wanted);
  console.log('docs/events/schema.json is written.');
}

void generate(process.argv.includes('--check'));
