import * as z from 'zod';

import { DURATION_PATTERN } from '../../schedule/duration';
import { key, type Wording } from './wording';

const DURATION_RULE = 'a duration is a whole number with its unit: d (days), h (hours) or m (minutes)';

/** `90` becomes `90d` or `90h`, as is usual for the key; anything else becomes the example. */
export const inUnit =
  (unit: string, example: string): Wording['write'] =>
  (name, found) =>
    `${name}: ${found !== undefined && /^\d+$/.test(found) ? `${found}${unit}` : example}`;

export const duration = (about: { description: string; unit: string; default: string }) =>
  key(z.string().regex(DURATION_PATTERN), {
    description: about.description,
    default: about.default,
    rule: DURATION_RULE,
    write: inUnit(about.unit, about.default),
  });
