import * as z from 'zod';

import type { Path } from '../../../../modules/config/problem';
import { configurationSchema } from '../../../../modules/config/schema/configuration';
import { keyOf } from '../../../../modules/config/schema/description';

/** Names for what a person names, by the key of the map. */
const NAMES: Readonly<Record<string, string>> = {
  stacks: 'production',
  shards: 'two',
  users: 'ci-deployer',
  replicaRegions: 'us-east-1',
  tags: 'team',
};

/** A place in the file that a value can be in. */
export interface Place {
  readonly path: Path;
  readonly schema: z.core.$ZodType;
}

/** A place for each part of the schema: the first where several have it in common. */
export function everyPlace(): Place[] {
  const places = placesIn(configurationSchema, []);
  const first = new Map(places.toReversed().map((place) => [place.schema, place]));
  return places.filter((place) => first.get(place.schema) === place);
}

function placesIn(wrapped: z.core.$ZodType, path: Path): Place[] {
  const { schema } = keyOf(wrapped);
  return [{ path, schema }, ...innerOf(schema, path)];
}

function innerOf(schema: z.core.$ZodType, path: Path): Place[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => innerOf(option, path));
  if (schema instanceof z.ZodArray) return placesIn(schema.element, [...path, 0]);
  if (schema instanceof z.ZodRecord) {
    return placesIn(schema.valueType, [...path, NAMES[String(path.at(-1))] ?? 'name']);
  }
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries<z.core.$ZodType>(schema.shape).flatMap(([name, inner]) =>
    placesIn(inner, [...path, name]),
  );
}

/** A file in which this value is in this place, and everything else is valid or missing. */
export function dataWith(path: Path, value: unknown): unknown {
  const data: unknown = {
    stacks: { production: { accountId: '111122223333', region: 'eu-west-1', users: {} } },
  };
  return path.length === 0 ? value : put(data, path, value);
}

function put(container: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  if (step === 0) return [put(undefined, rest, value)];
  const map = (container ?? {}) as Readonly<Record<string, unknown>>;
  return { ...map, [step]: put(map[step], rest, value) };
}
