import { VALUE_FIELDS, type ValueField } from './delivery';

/*
 * The texts of an HTTPS target may have placeholders, such as `{AccessKeyId}`: letters alone, between braces. Any other brace
 * is a brace, so that a text may be JSON, or have a UUID in braces.
 */

export const PLACEHOLDER = /\{([A-Za-z]+)\}/g;

/** Stands for the token, in a header alone. */
export const TOKEN = 'token';

export type Placeholder = ValueField | typeof TOKEN;

/** The names in a text, as they are written: also those that there are not. */
export const placeholdersIn = (text: string): readonly string[] =>
  [...text.matchAll(PLACEHOLDER)].map(([, name]) => name ?? '');

export const isValueField = (name: string): name is ValueField =>
  (VALUE_FIELDS as readonly string[]).includes(name);

/** @param valueOf what stands in place of a placeholder. What it returns is not looked through again. */
export const fillIn = (text: string, valueOf: (name: string) => string): string =>
  text.replaceAll(PLACEHOLDER, (_, name: string) => valueOf(name));
