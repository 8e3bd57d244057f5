import { SECOND, type Milliseconds } from '../../../handlers/core/instant';

/*
 * What the world keeps to, and the rules rely on. Written out, not imported from handlers/core/timing.ts:
 * the world must not become kinder because the product's idea of it changes. A test compares the two.
 */

/** No call is performed later than this after it was made. */
export const LONGEST_CALL: Milliseconds = 15 * SECOND;

/** Clocks are at most this far apart. */
export const CLOCK_SKEW: Milliseconds = 2 * SECOND;
