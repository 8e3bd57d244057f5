import * as z from 'zod';

import { REPORTERS } from './fault-report';

/** Milliseconds since 1970, as `Instant`. */
const instant = z.number();

/** One event sends a message, and the others leave it alone. */
const claimSchema = z.object({
  /** The id of the event. A second delivery of the same event is the same claimant. */
  by: z.string(),
  at: instant,
});

/** The newest end that was reported. An alarm's own end says nothing of what others have reported. */
const endsSchema = z.object({ alarm: instant.optional(), others: instant.optional() });

const faultSchema = z.object({
  reporter: z.enum(REPORTERS),
  /** What the message of its beginning says. */
  began: instant,
  /** The newest report that it is there: an end before this moment does not end it. */
  reportedAt: instant,
  /** See `FaultBegan`. */
  since: instant.optional(),
  ends: endsSchema,
});

/** What is stored of one fault. What the states mean: transition.ts. */
export const faultStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('quiet'), ends: endsSchema, toldUntil: instant.optional() }),
  faultSchema.extend({ state: z.literal('beginning'), claim: claimSchema.optional() }),
  faultSchema.extend({ state: z.literal('told'), toldAt: instant }),
  /** `over`: what the message of its end says. */
  faultSchema.extend({ state: z.literal('ending'), over: instant, claim: claimSchema.optional() }),
]);

export type FaultState = z.output<typeof faultStateSchema>;
export type Claim = z.output<typeof claimSchema>;

export const QUIET: FaultState = { state: 'quiet', ends: {} };
