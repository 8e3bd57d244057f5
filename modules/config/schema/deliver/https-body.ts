import * as z from 'zod';

import type { HttpsTarget } from '../../../../contract/delivery';
import { placeholdersIn } from '../../../../contract/placeholders';
import { described } from '../description';

/** In characters, as it is stored. */
export const LONGEST_BODY = 8_000;

/** Lines and tabs, but no other control characters. */
const TEXT = /^(?=[\s\S]*\S)[\P{Cc}\n\t]+$/u;

/** Of maps and lists in each other: nobody needs more, and what reads them calls itself for each. */
export const MOST_LEVELS = 20;

const isBody = (value: unknown): boolean =>
  (typeof value === 'string' ? TEXT.test(value) : isMap(value) && isContent(value)) &&
  bodyOf(value).template.length <= LONGEST_BODY;

const isMap = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isContent(value: unknown, levels = MOST_LEVELS): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return (
    levels > 0 &&
    Object.entries(value).every(
      ([name, inner]) => placeholdersIn(name).length === 0 && isContent(inner, levels - 1),
    )
  );
}

/** As one value, because the words in it are another system's, and not keys of this file. */
export const httpsBody = described(
  z
    .unknown()
    .refine(isBody)
    .meta({ type: ['object', 'string'] }),
  {
    description:
      'What is sent. A map is sent as JSON, and its texts may have placeholders such as `{AccessKeyId}` and `{SecretAccessKey}`, ' +
      'whatever stands in them; a text is sent as it is, with the placeholders filled. `Smtp…` only with `sesSmtp`. It stands in ' +
      'the state of Terraform: no secret is written here.',
    type: 'Map, or text',
    // Somebody may have written the key itself.
    mayHoldSecret: true,
    rule: () =>
      `a body is a map, or a text, of up to ${LONGEST_BODY} characters, with placeholders such as {SecretAccessKey} in its values`,
    write: () => "{ value: '{SecretAccessKey}' }",
  },
);

/** @param value - what the schema has accepted */
export const bodyOf = (value: unknown): HttpsTarget['body'] =>
  typeof value === 'string'
    ? { format: 'text', template: value }
    : { format: 'json', template: JSON.stringify(value) };
