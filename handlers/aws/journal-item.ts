import * as z from 'zod/mini';

import { journalSchema } from '../core/model/journal';
import { leaseAttributes } from './dynamodb-leased-item';

/** The item `journal#<stable key>`: the journal as a map, and the lease and the announced removal beside it. */
export const journalItemSchema = z.object({
  journal: z.optional(journalSchema),
  ...leaseAttributes,
  /** ARN of a secret; null: an announcement that was taken back. */
  removalOf: z.nullish(z.string()),
});
