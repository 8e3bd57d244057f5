import * as z from 'zod/mini';

import { HOLD_CAUSES } from '../../../contract/faults';
import { storedInstant as instant } from '../../../contract/stored-instant';
import { someText } from '../../../contract/schema-parts';

/*
 * Strict: a field that this version does not know was written by a newer one, and would be lost with the next write.
 * Such a journal cannot be read (R8), until the function is up to date.
 */

/** The key whose version carries AWSCURRENT, as we promoted it last. */
const currentKey = z.strictObject({
  keyId: someText,
  versionId: someText,
  since: instant,
  /**
   * A person reported it: when it is replaced, the product retires it at once, without overlap or grace period. `deactivate`:
   * AWS reported it, so it is kept for its grace period, as evidence.
   */
  leaked: z.optional(z.union([z.literal(true), z.literal('deactivate')])),
});

/**
 * One try at making a new key, announced before CreateAccessKey is called. Once `keyId` is there the
 * key exists; before that, a crash leaves a key that is found by `keysBefore` and the time window alone.
 */
const attempt = z.strictObject({
  token: someText,
  kind: z.enum(['rotation', 'firstKey', 'emergency']),
  keysBefore: z.array(someText),
  announcedAt: instant,
  /** The end of the lease at its last announcement: no call of this attempt starts later. */
  until: instant,
  /** The version that AWSCURRENT was on; absent when there was none. */
  currentVersionId: z.optional(someText),
  /** The version that AWSPREVIOUS was on then: what it holds is older than this attempt's key. */
  previousVersionId: z.optional(someText),
  keyId: z.optional(someText),
  provedAt: z.optional(instant),
  /** From here on the key may have been current, so it is never taken for stillborn. */
  promotionAnnouncedAt: z.optional(instant),
});

/** A key of ours that is no longer current and that IAM may still list. */
const previousKey = z.strictObject({
  keyId: someText,
  /** Absent for a key that was taken over: it was never in the secret. */
  versionId: z.optional(someText),
  /** Absent: this product made it. */
  origin: z.optional(z.literal('takenOver')),
  replacedAt: instant,
  /** `reactivating` and `deactivating`: announced, and perhaps done; the next holder of the lease does it again. */
  phase: z.enum(['overlap', 'deactivating', 'deactivated', 'reactivating']),
  deactivatedAt: z.optional(instant),
  /** Seen Active after we had deactivated it: a person did that. Cleared by our next deactivation alone. */
  reactivatedSeenAt: z.optional(instant),
  /** A person reported it: no rollback returns to it, and `delete` retires it at once, without overlap or grace period. */
  leaked: z.optional(z.enum(['delete', 'deactivate'])),
  /** Its retirement is due and not done. */
  hold: z.optional(
    z.strictObject({
      cause: z.enum(HOLD_CAUSES),
      since: instant,
    }),
  ),
});

/** A rotation that waits for a free slot. */
const wanted = z.strictObject({ since: instant, reason: someText });

/** A key of ours that AWS reported: until nothing is left of it, and for ONE_LEAK, because AWS reports one leak twice. */
const leak = z.strictObject({
  keyId: someText,
  /** When AWS saw it. */
  reportedAt: instant,
  /** AWS named this very key. Absent: it named the user alone, and the key was one of those that may have leaked. */
  named: z.optional(z.literal(true)),
  /** Nothing was left of it once, and people were told so. */
  isOver: z.optional(z.literal(true)),
  /** AWS reported nothing: it is a drill. */
  drill: z.optional(z.literal(true)),
});

/**
 * The write-ahead log of what is being done to one user's keys: the item `journal#<stable key>`.
 * The lease that guards it lives beside it in the same item, see `JournalStore`.
 */
export const journalSchema = z.strictObject({
  userId: someText,
  secretArn: z.string().check(z.startsWith('arn:')),
  current: z.optional(currentKey),
  attempt: z.optional(attempt),
  /** Newest first. */
  previous: z.array(previousKey),
  wanted: z.optional(wanted),
  leaks: z.optional(z.array(leak)),
});

/** As it is stored: moments are ISO 8601 strings. */
export type StoredJournal = z.input<typeof journalSchema>;

export type Journal = z.output<typeof journalSchema>;
export type CurrentKey = z.output<typeof currentKey>;
export type Attempt = z.output<typeof attempt>;
export type PreviousKey = z.output<typeof previousKey>;
export type Leak = z.output<typeof leak>;
