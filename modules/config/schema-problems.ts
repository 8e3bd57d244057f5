import * as z from 'zod';

import type { Path, Problem } from './problem';
import { shorten } from './reading/yaml-places';
import { configurationSchema } from './schema/configuration';
import { type Description, descriptionOf } from './schema/description';
import { schemaAt } from './schema/walk';
import { suggest } from './suggest';

/**
 * What zod has against the data, in our words.
 *
 * @param textAt - a value as it is in the file, if it is a plain one
 */
export function schemaProblems(data: unknown, textAt: (path: Path) => string | undefined): Problem[] {
  const result = configurationSchema.safeParse(data);
  const problems = (result.error?.issues ?? []).flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.filter((key) => key !== '__proto__').map((key) => unknownKey([...path, key]));
    }
    return [brokenRule(path, textAt(path))];
  });
  return [...problems, ...protoKeys(data, [])];
}

/** zod passes over keys called `__proto__` in silence, in most maps. */
function protoKeys(data: unknown, path: Path): Problem[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]: [string, unknown]) => {
    const at = [...path, Array.isArray(data) ? Number(key) : key];
    if (key !== '__proto__') return protoKeys(value, at);
    const rule = 'no key is called __proto__, which means something else to every JavaScript object';
    return [{ path: at, found: `'${key}'`, rule, write: 'another key' }];
  });
}

/** The problem of a value that breaks the rule of its key. */
export function brokenRule(path: Path, text: string | undefined): Problem {
  const { schema, byDefault } = schemaAt(configurationSchema, path);
  const description = descriptionOf(schema);
  // An entry of a list has no name of its own.
  const name = path.at(-1);
  const key = typeof name === 'string' ? name : undefined;
  const value = description.write(text, plainText(byDefault));
  return {
    path,
    ...withheld(description),
    rule: description.rule(key ?? ''),
    write: description.advice ?? (key === undefined ? value : `${key}: ${value}`),
  };
}

/** What an error shows in place of a value that may be a credential. */
export const withheld = ({ mayHoldSecret }: Description): Pick<Problem, 'found'> =>
  mayHoldSecret === true ? { found: 'a value that is not shown: it may hold a secret' } : {};

const plainText = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;

function unknownKey(path: Path): Problem {
  const known = keysOf(schemaAt(configurationSchema, path.slice(0, -1)).schema);
  const key = String(path.at(-1));
  const meant = suggest(key, known);
  const elsewhere = PLACES.filter(({ keys }) => keys.includes(key)).map(({ place }) => place);
  let write = 'one of these keys, or nothing';
  if (meant !== undefined) write = `${meant} (did you mean this?)`;
  else if (CREDENTIALS.test(key))
    write =
      'no credentials in this file: they belong into the environment of Terraform, see docs/accounts.md';
  else if (elsewhere.length > 0) write = `${key} under ${elsewhere.join(' or ')}, where it belongs`;
  return {
    path,
    found: `the unknown key '${shorten(key)}'`,
    rule: `the keys here are ${known.join(', ')}`,
    write,
  };
}

/** What people take for a key of a backend or a role. */
const CREDENTIALS = /^(user|username|password|token|accessKey|secretKey|access_key|secret_key)$/i;

const keysOf = (schema: z.core.$ZodType): string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];

/** Where a key may belong that is in the wrong place. */
const PLACES = [
  { place: 'defaults', path: ['defaults'] },
  { place: 'a stack', path: ['stacks', '*'] },
  { place: 'a shard', path: ['stacks', '*', 'shards', '*'] },
  { place: 'a user', path: ['stacks', '*', 'users', '*'] },
].map(({ place, path }) => ({ place, keys: keysOf(schemaAt(configurationSchema, path).schema) }));
