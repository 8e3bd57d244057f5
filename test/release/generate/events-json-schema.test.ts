import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { eventsJsonSchema } from '../../../release/generate/events-json-schema';
import { FINDING_KINDS } from '../../../contract/faults';
import {
  COUNTERS,
  DELIVERY_COUNTERS,
  DETAIL_TYPES,
  DURATIONS,
  GAUGES,
  HEARTBEAT,
} from '../../../contract/telemetry-names';

const DOCS = resolve(__dirname, '../../../docs');

test('the published schema of events is the one in docs/events; else run npm run generate', () => {
  const written: unknown = JSON.parse(readFileSync(resolve(DOCS, 'events/schema.json'), 'utf8'));
  expect(written).toEqual(JSON.parse(JSON.stringify(eventsJsonSchema())));
});

test('the schema of events closes no door: what AWS adds to an event, and a field that comes later, are no errors', () => {
  expect(JSON.stringify(eventsJsonSchema())).not.toContain('additionalProperties');
});

test('docs/telemetry.md tells of every metric, event and finding by its name', () => {
  const page = readFileSync(resolve(DOCS, 'telemetry.md'), 'utf8');
  const names = [
    ...COUNTERS,
    ...DELIVERY_COUNTERS,
    ...DURATIONS,
    ...GAUGES,
    HEARTBEAT,
    ...DETAIL_TYPES,
    ...FINDING_KINDS,
  ];
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
