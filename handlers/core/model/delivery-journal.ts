import * as z from 'zod';

import { storedInstant as instant } from '../../../contract/stored-instant';

/* Strict, as the journal is: what this version does not know would be lost with the next write. */

const deliveredKey = {
  keyId: z.string().min(1),
  versionId: z.string().min(1),
};

/** What is known of one target. */
const targetRecord = z.strictObject({
  /** See `targetName`. */
  target: z.string().min(1),
  /** The key that it is known to have got last. */
  delivered: z
    .strictObject({
      ...deliveredKey,
      at: instant,
      /** See `targetShape`. */
      shape: z.string(),
    })
    .optional(),
  /** Keys that it may hold: their delivery was announced, and there was no clear answer, or it is taking them. Oldest first; `at`: when it was announced first. */
  announced: z.array(z.strictObject({ ...deliveredKey, at: instant })),
  /** It has refused, or not answered, since then. */
  failing: z
    .strictObject({
      since: instant,
      attempts: z.number().int().positive(),
      /** Why, the last time, in sentences for a person. */
      error: z.string().min(1),
    })
    .optional(),
});

/** The write-ahead log of what is delivered to one user's targets: the item `delivery#<stable key>`, with a lease beside it. */
export const deliveryJournalSchema = z.strictObject({
  targets: z.array(targetRecord),
});

export type DeliveryJournal = z.output<typeof deliveryJournalSchema>;
export type TargetRecord = z.output<typeof targetRecord>;
