import * as z from 'zod/mini';

import { someText } from '../schema-parts';

/** The environment of the retirement function. `modules/` imports its type, so a missing variable does not compile. */
export const retireEnvSchema = z.object({
  TABLE_NAME: someText,
  /** The prefix of the stack; a dimension of its metrics and a field of its events. */
  STACK: someText,
  /** `report`: decide and say so, change nothing. */
  MODE: z.enum(['act', 'report']),
  /** How many keys one run may delete. */
  MAXIMUM_DELETIONS: z.pipe(z.coerce.number(), z.int().check(z.nonnegative())),
  /** `user`: what is measured is recorded for each user, too. */
  METRICS_PER: z.enum(['stack', 'user']),
  /** `looked-at`: it looks whether AWS's quarantine is over, of users whose key leaked. Absent: as `ignored`. */
  QUARANTINE: z.optional(z.enum(['looked-at', 'ignored'])),
});

export type RetireEnv = Record<Exclude<keyof z.input<typeof retireEnvSchema>, 'QUARANTINE'>, string> & {
  readonly QUARANTINE?: string;
};
