import * as z from 'zod/mini';

/** Milliseconds since 1970, as `Instant`. */
const instant = z.number();

/** One event sends a message, and the others leave it alone. */
const claimSchema = z.object({
  /** The id of the event. A second delivery of the same event is the same claimant. */
  by: z.string(),
  at: instant,
});

/** The newest that was reported, by an alarm and by others: an alarm that is quiet says nothing of theirs. */
const newestSchema = z.object({ alarm: z.optional(instant), others: z.optional(instant) });

const faultSchema = z.object({
  /** What the message of its beginning says. */
  began: instant,
  /** What the first message of it says, however often people were told since. Absent: an older version has stored it. */
  thread: z.optional(instant),
  /** The newest reports that it is there: an end before them does not end it. */
  reports: newestSchema,
  /** See `FaultBegan`. */
  since: z.optional(instant),
  ends: newestSchema,
});

/** What is stored of one fault. What the states mean: transition.ts. */
export const faultStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('quiet'), ends: newestSchema, toldUntil: z.optional(instant) }),
  z.extend(faultSchema, { state: z.literal('beginning'), claim: z.optional(claimSchema) }),
  z.extend(faultSchema, { state: z.literal('told'), toldAt: instant }),
  /** `over`: what the message of its end says. */
  z.extend(faultSchema, { state: z.literal('ending'), over: instant, claim: z.optional(claimSchema) }),
]);

export type FaultState = z.output<typeof faultStateSchema>;
export type Newest = z.output<typeof newestSchema>;
export type Claim = z.output<typeof claimSchema>;

export const QUIET: FaultState = { state: 'quiet', ends: {} };
