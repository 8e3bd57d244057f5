import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { eventsJsonSchema } from './events-json-schema';

/* Writes the published schema of the events from the one that they are made by. A test fails if it is out of date. */

const FILE = resolve(__dirname, '../../docs/events/schema.json');

async function generate(): Promise<void> {
  const text = `${JSON.stringify(eventsJsonSchema())}\n`;
  writeFileSync(FILE, await format(text, { ...(await resolveConfig(FILE)), filepath: FILE }));
}

void generate();
