import { SECOND, type Milliseconds } from '../../../contract/instant';

/*
 * What the world keeps to, and the rules rely on. Written out, not imported from handlers/core/model/timing.ts:
 * the world must not become kinder because the product's idea of it changes. A test compares the two.
 */

/** Whoever makes a call has its answer, or gives it up, after this time. */
export const LONGEST_CALL: Milliseconds = 15 * SECOND;

/** AWS may perform a call that was given up until so long after it was sent: the margin that docs/safety.md names. */
export const LATEST_PERFORMANCE: Milliseconds = 45 * SECOND;

/** Clocks are at most this far apart. */
export const CLOCK_SKEW: Milliseconds = 2 * SECOND;
