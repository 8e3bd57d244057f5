import * as z from 'zod';

/** The environment of the retirement function. `modules/` imports its type, so a missing variable does not compile. */
export const retireEnvSchema = z.object({
  TABLE_NAME: z.string().min(1),
  /** The prefix of the stack; a dimension of its metrics and a field of its events. */
  STACK: z.string().min(1),
  /** `report`: decide and say so, change nothing. */
  MODE: z.enum(['act', 'report']),
  /** How many keys one run may delete. */
  MAXIMUM_DELETIONS: z.coerce.number().int().nonnegative(),
  /** `user`: what is measured is recorded for each user, too. */
  METRICS_PER: z.enum(['stack', 'user']),
  /** `looked-at`: it looks whether AWS's quarantine is over, of users whose key leaked. Absent: as `ignored`. */
  QUARANTINE: z.enum(['looked-at', 'ignored']).optional(),
});

export type RetireEnv = Record<Exclude<keyof z.input<typeof retireEnvSchema>, 'QUARANTINE'>, string> & {
  readonly QUARANTINE?: string;
};
