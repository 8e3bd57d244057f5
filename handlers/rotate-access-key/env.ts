import * as z from 'zod';

/** The environment of the rotation function. `modules/` imports its type, so a missing variable does not compile. */
export const rotateEnvSchema = z.object({
  TABLE_NAME: z.string().min(1),
  /** The stack's prefix: the names of its secrets begin with it, and what is told and measured carries it. */
  SECRET_NAME_PREFIX: z.string().min(1),
  /** The one user of a per-user function; absent in a function that all users of the stack share. */
  STABLE_KEY: z.string().min(1).optional(),
});

export type RotateEnv = z.input<typeof rotateEnvSchema>;
