import * as z from 'zod';

import type { Finding, Path } from './problem';
import { configurationSchema } from './schema/configuration';
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
  if (result.success) return [];
  return result.error.issues.flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key]));
    return [brokenRule(path)];
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
    word: (text) => ({ path, rule: wording.rule, write: wording.write(key, text).replace(/^: /, '') }),
  };
}

function unknownKey(path: Path): SchemaFinding {
  const known = knownKeys(path.slice(0, -1));
  const key = String(path.at(-1));
  const meant = suggest(key, known);
  const finding = {
    path,
    found: `the unknown key '${key}'`,
    rule: `the keys here are ${known.join(', ')}`,
    write: meant === undefined ? 'one of these keys, or nothing' : `${meant} (did you mean this?)`,
  };
  return { path, word: () => finding };
}

/** The keys of the map at a path. */
function knownKeys(path: Path): string[] {
  const schema = schemaAt(path);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** The part of the schema that a value at a path has to fit. */
function schemaAt(path: Path): z.core.$ZodType {
  let schema: z.core.$ZodType = configurationSchema;
  for (const step of path) {
    let next: z.core.$ZodType | undefined;
    if (schema instanceof z.ZodObject) next = (schema.shape as Record<string, z.core.$ZodType>)[step];
    else if (schema instanceof z.ZodRecord) next = schema.valueType;
    else if (schema instanceof z.ZodArray) next = schema.element;
    if (next === undefined)
      throw new TypeError(`The schema has nothing at ${path.join('.')}. This is a bug.`);
    schema = next instanceof z.ZodOptional ? next.unwrap() : next;
  }
  return schema;
}
