import * as z from 'zod';

import { DURATION_PATTERN } from '../../schedule/duration';
import { suggest } from '../suggest';
import { described, type Description, keyOf, type Unique } from './description';

/*
 * The kinds of keys. A key is described once, by its limits and a sentence; the rule that an error states, what it
 * suggests to write, the JSON schema for editors and the documentation follow from it.
 */

/** What every kind of key takes. */
type About = Pick<Description, 'description' | 'absent' | 'onlyIf' | 'mayHoldSecret' | 'arn' | 'advice'>;

interface AboutText extends About {
  /** @default Text */
  readonly type?: string;
  /** As a sentence without its full stop. */
  readonly rule: string;
  readonly example: string;
  /** What may have been meant; it is suggested if it is valid. */
  readonly repair?: (found: string) => string;
}

export function text(pattern: RegExp, { rule, example, repair, type = 'Text', ...about }: AboutText) {
  const isValid = (found: string): boolean => pattern.test(found) && !INVISIBLE.test(found);
  const write = (found: string | undefined): string => {
    if (found === undefined) return example;
    // Valid as a text and refused: YAML read a number, or a yes or no.
    if (isValid(found)) return `"${found}"`;
    const repaired = repair?.(found) ?? '';
    return isValid(repaired) ? repaired : example;
  };
  const schema = z
    .string()
    .regex(pattern)
    .refine((found) => !INVISIBLE.test(found));
  return described(schema, { ...about, type, rule: () => rule, write });
}

/**
 * What no text of the file has: it is printed, stored and shown to people. Control characters, formats (those that turn the
 * direction of writing, and those without width), what Unicode has not assigned, and the ends of lines and paragraphs.
 */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/u;

interface AboutChoice<W extends string> extends About {
  /** What else people write, and which word they mean by it. */
  readonly alsoMeans?: Partial<Record<W, RegExp>>;
}

export function choice<const W extends string>(
  words: readonly [W, ...W[]],
  { alsoMeans = {}, ...about }: AboutChoice<W>,
) {
  const write = (found = '', byDefault: string = words[0]): string =>
    words.find((word) => alsoMeans[word]?.test(found)) ?? suggest(found, words) ?? byDefault;
  return described(z.enum(words), {
    ...about,
    type: oneOf(words.map((word) => `\`${word}\``)),
    rule: (name) => `${name} is ${oneOf(words)}`,
    write,
  });
}

/** `yes`, `on` and the like are texts in YAML 1.2. */
export const flag = (about: About) =>
  described(z.boolean(), {
    ...about,
    type: '`true` or `false`',
    rule: () => 'a yes or no is written true or false, without quotes',
    write: (found) => (/^(no|off|false|n|0)$/i.test(found ?? '') ? 'false' : 'true'),
  });

interface AboutNumber extends About {
  readonly from: number;
  readonly to: number;
  /** One more number that is valid. */
  readonly or?: number;
}

export function wholeNumber({ from, to, or, ...about }: AboutNumber) {
  const limits = `${or === undefined ? '' : `${or} or `}${from} to ${to}`;
  const range = z.number().int().min(from).max(to);
  const schema: z.ZodType<number, number> = or === undefined ? range : z.union([z.literal(or), range]);
  return described(schema, {
    ...about,
    type: `Whole number, ${limits}`,
    rule: (name) => `${name} is a whole number without quotes, ${limits}`,
    write: (found, byDefault) => {
      const number = Number.parseInt(found ?? '', 10);
      return schema.safeParse(number).success ? String(number) : (byDefault ?? String(from));
    },
  });
}

/** One of these numbers, in ascending order. */
export const numberAmong = <const N extends number>(
  numbers: readonly N[],
  { offeredBy, ...about }: About & { readonly offeredBy: string },
) =>
  described(z.literal(numbers), {
    ...about,
    type: `One of the numbers ${numbers.join(', ')}`,
    rule: (name) => `${name} is a number without quotes, one that ${offeredBy} offers: ${numbers.join(', ')}`,
    write: (found, byDefault) => {
      const next = numbers.find((number) => number >= Number.parseInt(found ?? '', 10));
      return String(next ?? byDefault ?? numbers[0]);
    },
  });

interface AboutDuration extends About {
  /** The unit of a number that has none. */
  readonly unit: 'd' | 'h';
  readonly mergedDefault?: string;
  /** @default the default */
  readonly example?: string;
  /** Where not every duration is allowed. */
  readonly limits?: { readonly pattern: RegExp; readonly type: string; readonly rule: string };
}

export function duration({ unit, example, limits = ANY_DURATION, ...about }: AboutDuration) {
  const { pattern, type, rule } = limits;
  return described(z.string().regex(pattern), {
    ...about,
    type,
    rule: () => rule,
    write: (found, byDefault) => {
      const inUnit = `${found ?? ''}${unit}`;
      return pattern.test(inUnit) ? inUnit : (example ?? byDefault ?? `1${unit}`);
    },
  });
}

const ANY_DURATION = {
  pattern: DURATION_PATTERN,
  type: 'Duration in days (`7d`), hours (`24h`) or minutes (`30m`)',
  rule: 'a duration is a whole number with its unit: d (days), h (hours) or m (minutes)',
};

interface AboutList extends About {
  /** As in "ARNs of roles". */
  readonly of: string;
  /** @default 0 */
  readonly min?: number;
  readonly max: number;
  readonly unique?: Unique;
  readonly example: string;
}

export function list<S extends z.ZodType>(item: S, { of, min = 0, max, example, ...about }: AboutList) {
  const size = `${min === 0 ? 'up to' : `${min} to`} ${max} ${of}`;
  return described(z.array(item).min(min).max(max), {
    ...about,
    type: `List of ${size}`,
    rule: (name) => `${name} is a list of ${size}`,
    write: () => example,
  });
}

interface AboutMap extends About {
  /** What the rule calls it. @default the name of its key */
  readonly what?: string;
  /** @default the keys that are required, and those that are not */
  readonly rule?: string;
  /** Not needed with `advice`. */
  readonly example?: string;
}

/** A map with keys of these names and no others. */
export function map<S extends z.core.$ZodLooseShape>(
  shape: S,
  { what, rule, example = '{}', ...about }: AboutMap,
) {
  const schema = z.strictObject(shape);
  return described(schema, {
    ...about,
    type: 'Map',
    rule: (name) => rule ?? `${what ?? name} is a map with ${keysInWords(schema)}`,
    write: () => example,
  });
}

/** The most optional keys that a rule lists beside the required ones. */
const MOST_OPTIONAL_KEYS = 8;

function keysInWords({ shape }: z.ZodObject): string {
  const keys = Object.entries<z.core.$ZodType>(shape).map(([name, schema]) => ({ name, ...keyOf(schema) }));
  const required = keys.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  const optional = keys.filter(({ isRequired }) => !isRequired).map(({ name }) => name);
  if (required.length === 0) {
    const [only = ''] = optional;
    return optional.length === 1 ? `the key ${only}` : `one or more of the keys ${all(optional)}`;
  }
  if (optional.length === 0 || optional.length > MOST_OPTIONAL_KEYS) return all(required);
  return `${all(required)}; it may have ${all(optional)}, too`;
}

interface AboutMapOf extends About {
  /** As in "a map of regions", with what else there is to say. */
  readonly of: string;
  /** What its keys are in the documentation. */
  readonly keys: RegExp;
  readonly max?: number;
  /** Not needed with `advice`. */
  readonly example?: string;
}

/** A map whose keys are up to the person who writes it. The names are checked by rules, which can say more. */
export function mapOf<S extends z.ZodType>(
  value: S,
  { of, keys, max, example = '{}', ...about }: AboutMapOf,
) {
  const record = z.record(z.string(), value);
  const limited = max === undefined ? record : record.refine((entries) => Object.keys(entries).length <= max);
  return described(limited.meta({ propertyNames: { pattern: keys.source } }), {
    ...about,
    type: 'Map',
    rule: (name) => `${name} is a map of ${max === undefined ? '' : `up to ${max} `}${of}`,
    write: () => example,
  });
}

const inWords = (words: readonly string[], last: string): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1) ?? ''}`;

const oneOf = (words: readonly string[]): string => inWords(words, 'or');
const all = (words: readonly string[]): string => inWords(words, 'and');
