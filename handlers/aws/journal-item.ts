import * as z from 'zod';

import { journalSchema } from '../core/model/journal';

/** The item `journal#<stable key>`: the journal as a map, and the lease and the announced removal beside it. */
export const journalItemSchema = z.object({
  journal: journalSchema.optional(),
  leaseHolder: z.string().optional(),
  /** Milliseconds since 1970, as a number, because conditions compare it. */
  leaseUntil: z.number().optional(),
  /** ARN of a secret; null: an announcement that was taken back. */
  removalOf: z.string().nullish(),
});
