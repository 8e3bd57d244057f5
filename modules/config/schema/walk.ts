import * as z from 'zod';

import type { Path } from '../problem';
import { type Description, descriptionOf, keyOf } from './description';

/** A value of the file, and what the schema knows of it. */
export interface DescribedValue {
  readonly path: Path;
  readonly value: unknown;
  readonly description: Description;
  /** The map that it is in, if it is the value of a key. */
  readonly siblings: Readonly<Record<string, unknown>>;
}

/** All values of a part of the file that the schema describes, each before those in it. Refused ones are missing. */
export function* valuesIn(
  wrapped: z.core.$ZodType,
  value: unknown,
  path: Path = [],
  siblings: Readonly<Record<string, unknown>> = {},
): Generator<DescribedValue> {
  if (value === undefined) return;
  const { schema } = keyOf(wrapped);
  yield { path, value, siblings, description: descriptionOf(schema) };
  if (schema instanceof z.ZodUnion && Array.isArray(value)) {
    const list = listAmong(schema.options);
    if (list !== undefined) yield* valuesIn(list, value, path, siblings);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, entry] of Object.entries(value as Record<string, unknown>)) {
    const next = partOf(schema, name);
    const step = Array.isArray(value) ? Number(name) : name;
    const isInMap = schema instanceof z.ZodObject;
    if (next !== undefined) {
      yield* valuesIn(next, entry, [...path, step], isInMap ? (value as Record<string, unknown>) : {});
    }
  }
}

/** The part of a schema that a value at a path has to fit. @throws TypeError if the schema has none */
export function schemaAt(root: z.core.$ZodType, path: Path): { schema: z.core.$ZodType; byDefault: unknown } {
  let key = keyOf(root);
  for (const step of path) {
    const next = partOf(key.schema, step);
    if (next === undefined)
      throw new TypeError(`The schema has nothing at ${path.join('.')}. This is a bug.`);
    key = keyOf(next);
  }
  return key;
}

function partOf(schema: z.core.$ZodType, step: string | number): z.core.$ZodType | undefined {
  // A path leads on only where a list is one of the choices.
  if (schema instanceof z.ZodUnion) {
    const list = listAmong(schema.options);
    return list === undefined ? undefined : partOf(list, step);
  }
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Record<string, z.core.$ZodType>;
    return Object.hasOwn(shape, step) ? shape[step] : undefined;
  }
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return schema instanceof z.ZodArray ? schema.element : undefined;
}

const listAmong = (choices: readonly z.core.$ZodType[]): z.core.$ZodType | undefined =>
  choices.find((choice) => choice instanceof z.ZodArray);
