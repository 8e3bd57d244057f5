import * as z from 'zod';

/** The environment of the retirement function. `modules/` imports its type, so a missing variable does not compile. */
export const retireEnvSchema = z.object({
  TABLE_NAME: z.string().min(1),
  /** `report`: decide and say so, change nothing. */
  MODE: z.enum(['act', 'report']),
  /** How many keys one run may delete. */
  MAXIMUM_DELETIONS: z.coerce.number().int().nonnegative(),
});

export type RetireEnv = Record<keyof z.input<typeof retireEnvSchema>, string>;
