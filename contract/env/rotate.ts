import * as z from 'zod/mini';

import { someText } from '../schema-parts';

/** The environment of the rotation function. `modules/` imports its type, so a missing variable does not compile. */
export const rotateEnvSchema = z.object({
  TABLE_NAME: someText,
  /** The prefix of the stack; a dimension of its metrics and a field of its events. */
  STACK: someText,
  /** What the names of its secrets begin with: the stack's prefix, but in a shard that of the stack it is a part of. */
  SECRET_NAME_PREFIX: someText,
  /** The one user of a per-user function; absent in a function that all users of the stack share. */
  STABLE_KEY: z.optional(someText),
});

export type RotateEnv = z.input<typeof rotateEnvSchema>;
