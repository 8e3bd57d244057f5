import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { configurationPage } from '../../../release/generate/configuration-page';
import { configurationJsonSchema, usersPartJsonSchema } from '../../../release/generate/json-schema';

const PROJECT = resolve(__dirname, '../../..');

/** Every schema in a schema, with the path that leads there. */
function* schemasIn(schema: unknown, path = ''): Generator<[path: string, schema: Record<string, unknown>]> {
  if (typeof schema !== 'object' || schema === null) return;
  if ('type' in schema && path !== '') yield [path, { ...schema }];
  for (const [key, inner] of Object.entries(schema)) yield* schemasIn(inner, `${path}/${key}`);
}

const schema = configurationJsonSchema();

it('the JSON schema for editors is the one in rotation.schema.json; else run npm run generate', () => {
  const written: unknown = JSON.parse(readFileSync(resolve(PROJECT, 'rotation.schema.json'), 'utf8'));
  expect(written).toEqual(JSON.parse(JSON.stringify(schema)));
});

it('the JSON schema for editors is the one in rotation.users.schema.json for files with users; else run npm run generate', () => {
  const written: unknown = JSON.parse(readFileSync(resolve(PROJECT, 'rotation.users.schema.json'), 'utf8'));
  expect(written).toEqual(JSON.parse(JSON.stringify(usersPartJsonSchema())));
});

it('the JSON schema for editors explains every key', () => {
  const keys = [...schemasIn(schema)].filter(([path]) => /\/properties\/[^/]+$/.test(path));
  expect(keys.length).toBeGreaterThan(40);
  expect(keys.filter(([, { description }]) => typeof description !== 'string')).toEqual([]);
});

it('the JSON schema for editors has patterns that editors can read', () => {
  const patterns = [...JSON.stringify(schema).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(
    ([, pattern]) => JSON.parse(pattern ?? '') as string,
  );
  expect(patterns.length).toBeGreaterThan(20);
  for (const pattern of patterns) expect(() => new RegExp(pattern, 'u')).not.toThrow();
});

it('the JSON schema for editors admits no unknown keys', () => {
  const maps = [...schemasIn(schema)].filter(([, { properties }]) => properties !== undefined);
  expect(maps.filter(([, { additionalProperties }]) => additionalProperties !== false)).toEqual([]);
});

const page = readFileSync(resolve(PROJECT, 'docs/configuration.md'), 'utf8');
/** Paragraphs may be broken into lines elsewhere. */
const paragraphs = (text: string): string[] =>
  text.split(/\n\s*\n/).map((part) => part.trim().replace(/\s+/g, ' '));

it('the page docs/configuration.md is up to date; else run npm run generate', () => {
  expect(paragraphs(page).filter((part) => !part.startsWith('|'))).toEqual(
    paragraphs(configurationPage()).filter((part) => !part.startsWith('|')),
  );
});

it('the page docs/configuration.md says of every key what may be written, what is valid without it, and what it means', () => {
  const parts = paragraphs(page);
  const at = parts.indexOf('##### maximumDeletionsPerRun');
  expect(parts.slice(at + 1, at + 3)).toEqual([
    'Whole number, 1 to 5000. Default: `25`.',
    'How many keys one run of the retirement function, every hour, deletes at most; the others wait for the next run.',
  ]);
  const headings = parts.filter((part) => part.startsWith('##### '));
  expect(headings.length).toBeGreaterThan(60);
  for (const heading of headings) {
    const [what, meaning] = parts.slice(parts.indexOf(heading) + 1);
    expect(what).toMatch(/. (Default: `.+`|Without it: .+|Required|Optional)\.$/);
    expect(meaning).toMatch(/[.`]$/);
  }
});

it('the page docs/configuration.md links to places that it has', () => {
  const places = [...page.matchAll(/<a id="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(places).size).toBe(places.length);
  const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, id]) => id);
  expect(links.filter((id) => !places.includes(id))).toEqual([]);
});

it('the page docs/configuration.md can be read without a scroll sideways', () => {
  expect(page.split('\n').filter((line) => line.length > 200)).toEqual([]);
});

it('the page docs/configuration.md says which gaps a schedule leads to', () => {
  expect(page).toContain('| 59 to 62 ');
  expect(page).toMatch(/\| `rotateEvery: 60d` +\| `rate\(54 days\)` to `rate\(60 days\)` +\| 54 to 60 /);
});
