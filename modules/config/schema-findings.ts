import * as z from 'zod';

import type { Finding, Path } from './problem';
import { configurationSchema } from './schema/configuration';
import { defaultsSchema } from './schema/rotation';
import { shardSchema } from './schema/shards';
import { stackSchema } from './schema/stack';
import { userSchema } from './schema/user';
import { wordings } from './schema/wording';
import { suggest } from './suggest';

/** The wording of a finding needs what stands in the file, so it is made in two steps. */
export interface SchemaFinding {
  readonly path: Path;
  /** @param text - the value as it stands in the file, if it is a plain one */
  readonly word: (text: string | undefined) => Finding;
}

/** What zod has against the data, in our words. */
export function schemaFindings(data: unknown): SchemaFinding[] {
  const result = configurationSchema.safeParse(data);
  const findings = (result.error?.issues ?? []).flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.filter((key) => key !== '__proto__').map((key) => unknownKey([...path, key]));
    }
    return [brokenRule(path)];
  });
  return [...findings, ...protoKeys(data, [])];
}

/** zod passes over keys called `__proto__` in silence, in most maps. */
function protoKeys(data: unknown, path: Path): SchemaFinding[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]: [string, unknown]) => {
    const at = [...path, Array.isArray(data) ? Number(key) : key];
    if (key !== '__proto__') return protoKeys(value, at);
    const rule = 'no key is called __proto__, which means something else to every JavaScript object';
    return [{ path: at, word: () => ({ path: at, found: `'${key}'`, rule, write: 'another key' }) }];
  });
}

function brokenRule(path: Path): SchemaFinding {
  const wording = wordings.get(schemaAt(path));
  if (wording === undefined) {
    throw new TypeError(`The schema has no wording for ${path.join('.')}. This is a bug.`);
  }
  // An entry of a list has no name of its own.
  const name = path.at(-1);
  const key = typeof name === 'string' ? name : '';
  return {
    path,
    word: (text) => ({
      path,
      ...(wording.mayHoldSecret === true ? { found: 'a value that is not shown: it may hold a secret' } : {}),
      rule: wording.rule,
      write: wording.write(key, text).replace(/^: /, ''),
    }),
  };
}

function unknownKey(path: Path): SchemaFinding {
  const known = knownKeys(schemaAt(path.slice(0, -1)));
  const key = String(path.at(-1));
  const meant = suggest(key, known);
  const elsewhere = PLACES.filter(({ keys }) => keys.includes(key)).map(({ place }) => place);
  let write = 'one of these keys, or nothing';
  if (meant !== undefined) write = `${meant} (did you mean this?)`;
  else if (CREDENTIALS.test(key))
    write =
      'no credentials in this file: they belong into the environment of Terraform, see docs/accounts.md';
  else if (elsewhere.length > 0) write = `${key} under ${elsewhere.join(' or ')}, where it belongs`;
  const finding = {
    path,
    found: `the unknown key '${key}'`,
    rule: `the keys here are ${known.join(', ')}`,
    write,
  };
  return { path, word: () => finding };
}

/** What people take for a key of a backend or a role. */
const CREDENTIALS = /^(user|username|password|token|accessKey|secretKey|access_key|secret_key)$/i;

const knownKeys = (schema: z.core.$ZodType): string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];

/** Where a key may belong that stands in the wrong place. */
const PLACES = [
  { place: 'defaults', keys: knownKeys(defaultsSchema) },
  { place: 'a stack', keys: knownKeys(stackSchema) },
  { place: 'a shard', keys: knownKeys(shardSchema) },
  { place: 'a user', keys: knownKeys(userSchema) },
];

const listAmong = (choices: readonly z.core.$ZodType[]): z.core.$ZodType | undefined =>
  choices.find((choice) => choice instanceof z.ZodArray);

/** The part of the schema that a value at a path has to fit. */
function schemaAt(path: Path): z.core.$ZodType {
  let schema: z.core.$ZodType = configurationSchema;
  for (const step of path) {
    let next: z.core.$ZodType | undefined;
    // A path leads on only where a list is one of the choices.
    if (schema instanceof z.ZodUnion) schema = listAmong(schema.options) ?? schema;
    if (schema instanceof z.ZodObject) next = (schema.shape as Record<string, z.core.$ZodType>)[step];
    else if (schema instanceof z.ZodRecord) next = schema.valueType;
    else if (schema instanceof z.ZodArray) next = schema.element;
    if (next === undefined)
      throw new TypeError(`The schema has nothing at ${path.join('.')}. This is a bug.`);
    schema = next instanceof z.ZodOptional ? next.unwrap() : next;
  }
  return schema;
}
