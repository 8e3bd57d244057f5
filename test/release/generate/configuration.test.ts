import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { configurationTable } from '../../../release/generate/configuration-table';
import { configurationJsonSchema, usersPartJsonSchema } from '../../../release/generate/json-schema';

const PROJECT = resolve(__dirname, '../../..');

/** Every schema in a schema, with the path that leads there. */
function* schemasIn(schema: unknown, path = ''): Generator<[path: string, schema: Record<string, unknown>]> {
  if (typeof schema !== 'object' || schema === null) return;
  if ('type' in schema && path !== '') yield [path, { ...schema }];
  for (const [key, inner] of Object.entries(schema)) yield* schemasIn(inner, `${path}/${key}`);
}

describe('The JSON schema for editors', () => {
  const schema = configurationJsonSchema();

  it('is the one in rotation.schema.json; else run npm run generate', () => {
    const written: unknown = JSON.parse(readFileSync(resolve(PROJECT, 'rotation.schema.json'), 'utf8'));
    expect(written).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  it('is the one in rotation.users.schema.json for files with users; else run npm run generate', () => {
    const written: unknown = JSON.parse(readFileSync(resolve(PROJECT, 'rotation.users.schema.json'), 'utf8'));
    expect(written).toEqual(JSON.parse(JSON.stringify(usersPartJsonSchema())));
  });

  it('is the one that the example names', () => {
    const [firstLine] = readFileSync(resolve(PROJECT, 'rotation.yaml'), 'utf8').split('\n');
    expect(firstLine).toBe('# yaml-language-server: $schema=./rotation.schema.json');
  });

  it('explains every key', () => {
    const keys = [...schemasIn(schema)].filter(([path]) => /\/properties\/[^/]+$/.test(path));
    expect(keys.length).toBeGreaterThan(40);
    expect(keys.filter(([, { description }]) => typeof description !== 'string')).toEqual([]);
  });

  it('has patterns that editors can read', () => {
    const patterns = [...JSON.stringify(schema).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(
      ([, pattern]) => JSON.parse(pattern ?? '') as string,
    );
    expect(patterns.length).toBeGreaterThan(20);
    for (const pattern of patterns) expect(() => new RegExp(pattern, 'u')).not.toThrow();
  });

  it('admits no unknown keys', () => {
    const maps = [...schemasIn(schema)].filter(([, { properties }]) => properties !== undefined);
    expect(maps.filter(([, { additionalProperties }]) => additionalProperties !== false)).toEqual([]);
  });
});

describe('The table in the README', () => {
  const table = configurationTable();

  it('says of every key what it means, and what holds without it', () => {
    expect(table).toContain('| `overlap` | How long the previous key stays usable after a rotation.');
    expect(table).toContain(
      '| `accountId` | The AWS account; Terraform refuses to work in any other. | required |',
    );
    const rows = table.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.filter((row) => row.split(/(?<!\\) \|/).length !== 4)).toEqual([]);
  });

  it('says which gaps a schedule leads to', () => {
    expect(table).toContain('| 59 to 62 |');
    expect(table).toContain('| `rotateEvery: 60d` | `rate(54 days)` to `rate(60 days)` | 54 to 60 |');
  });
});
