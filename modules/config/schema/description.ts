import * as z from 'zod';
import { $ZodDefault, $ZodOptional, $ZodPipe, $ZodPrefault } from 'zod/v4/core';

/** What is known of a key beside what zod checks: errors, rules between keys and the documentation are made from it. */
export interface Description {
  readonly description: string;
  /** For the documentation, as in "Whole number, 1 to 5000". */
  readonly type: string;
  /** As a sentence without its full stop, about the key of this name. */
  readonly rule: (name: string) => string;
  /**
   * The value to write instead.
   *
   * @param found - the text in the file
   * @param byDefault - the default of the key, if it has one
   */
  readonly write: (found: string | undefined, byDefault: string | undefined) => string;
  /** What to do, in place of `write`: where a value alone would not help. */
  readonly advice?: string | undefined;
  /** What is valid without the key, in words; a value is the default of the schema. */
  readonly absent?: string | undefined;
  /** A default that applies only after the layers of the file are merged, so that zod must not fill it in. */
  readonly mergedDefault?: string | undefined;
  /** A person may have put a credential here, so an error does not show what it found. */
  readonly mayHoldSecret?: boolean | undefined;
  /** The values of a list differ from each other. */
  readonly unique?: Unique | undefined;
  /** The value is an ARN, and has these in common with its stack. */
  readonly arn?: ArnOfStack | undefined;
  /** Without it the key has no effect. */
  readonly onlyIf?: Condition | undefined;
}

/** `withoutCase`: AWS takes two values that differ only in case for one (F 2.12). */
export type Unique = true | 'withoutCase';

/** What an ARN must have in common with its stack, beside the partition. */
export interface ArnOfStack {
  /** As in "the policy". */
  readonly what: string;
  readonly sameAccount?: boolean;
  /** The region of the stack, or the one whose map the key is in. */
  readonly sameRegion?: 'stack' | 'map';
  /** What to write in place of an ARN of another region than this one. */
  readonly inRegion?: (region: string) => string;
}

/** What another key of the same map must say, so that a key has an effect. */
export interface Condition {
  readonly key: string;
  readonly isMet: (value: unknown) => boolean;
  readonly rule: (name: string) => string;
  readonly write: (name: string) => string;
}

const descriptions = z.registry<Description>();

/** Attaches a description. zod copies a schema on `.meta()`, so that the description belongs to the copy. */
export function described<S extends z.ZodType>(schema: S, description: Description): S {
  const { description: text, mergedDefault } = description;
  const copy = schema.meta({
    description: text,
    ...(mergedDefault === undefined ? {} : { default: mergedDefault }),
  });
  descriptions.add(copy, description);
  return copy;
}

/** A key of a map: its schema without the wrappers that zod needs for what may be missing. */
export interface Key {
  readonly schema: z.core.$ZodType;
  readonly isRequired: boolean;
  /** A value of the schema's own input. */
  readonly byDefault: unknown;
}

export function keyOf(schema: z.core.$ZodType): Key {
  if (schema instanceof $ZodPipe) return keyOf(schema._zod.def.in);
  if (schema instanceof $ZodOptional) return { ...keyOf(schema._zod.def.innerType), isRequired: false };
  if (schema instanceof $ZodDefault || schema instanceof $ZodPrefault) {
    const { innerType, defaultValue } = schema._zod.def;
    return { ...keyOf(innerType), isRequired: false, byDefault: defaultValue };
  }
  return { schema, isRequired: true, byDefault: descriptions.get(schema)?.mergedDefault };
}

/** @throws TypeError if the schema has none: each that a value can break has one */
export function descriptionOf(schema: z.core.$ZodType): Description {
  const description = descriptions.get(schema);
  if (description === undefined) throw new TypeError('A schema has no description. This is a bug.');
  return description;
}
