import * as z from 'zod/mini';

import { storedInstant as instant } from '../../../contract/stored-instant';
import { someText } from '../../../contract/schema-parts';

/* Strict, as the journal is: what this version does not know would be lost with the next write. */

const deliveredKey = {
  keyId: someText,
  versionId: someText,
};

/** What is known of one target. */
const targetRecord = z.strictObject({
  /** See `targetName`. */
  target: someText,
  /** The key that it is known to have got last. */
  delivered: z.optional(
    z.strictObject({
      ...deliveredKey,
      at: instant,
      /** See `targetShape`. */
      shape: z.string(),
    }),
  ),
  /** Keys that it may hold: their delivery was announced, and there was no clear answer, or it is taking them. Oldest first; `at`: when it was announced first. */
  announced: z.array(z.strictObject({ ...deliveredKey, at: instant })),
  /** It has refused, or not answered, since then. */
  failing: z.optional(
    z.strictObject({
      since: instant,
      attempts: z.int().check(z.positive()),
      /** Why, the last time, in sentences for a person. */
      error: someText,
    }),
  ),
});

/** The write-ahead log of what is delivered to one user's targets: the item `delivery#<stable key>`, with a lease beside it. */
export const deliveryJournalSchema = z.strictObject({
  targets: z.array(targetRecord),
});

export type DeliveryJournal = z.output<typeof deliveryJournalSchema>;
export type TargetRecord = z.output<typeof targetRecord>;
