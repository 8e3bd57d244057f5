import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { eventDetailSchemas } from '../../../contract/lifecycle-event';
import { EVENT_SOURCE, EVENT_VERSION, type DetailType } from '../../../contract/telemetry-names';

const text = readFileSync(resolve(__dirname, '../../../docs/examples/restart-ecs-service/main.tf'), 'utf8');
const pattern = /event_pattern = jsonencode\(\{(.*?)\n {2}\}\)/s.exec(text)![1]!;
const listOf = (name: string): unknown =>
  JSON.parse(new RegExp(`^ *"?${name}"? *= (\\[".*"\\])$`, 'm').exec(pattern)![1]!);

test('the rule of the example reacts to another current key, by events that there are', () => {
  expect(listOf('source')).toEqual([EVENT_SOURCE]);
  expect(listOf('version')).toEqual([EVENT_VERSION]);
  expect(listOf('detail-type')).toEqual(['Key Promoted', 'Key Rolled Back'] satisfies DetailType[]);
});

test('the rule of the example names fields that these events have', () => {
  const fields = [.../detail = \{(.*?)\}/s.exec(pattern)![1]!.matchAll(/^ *(\w+) *=/gm)].map(
    ([, name]) => name!,
  );
  expect(fields).toEqual(['version', 'stack', 'user']);
  for (const type of ['Key Promoted', 'Key Rolled Back'] as const) {
    expect(Object.keys(eventDetailSchemas[type].shape)).toEqual(expect.arrayContaining(fields));
  }
});
