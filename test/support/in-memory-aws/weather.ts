import { HOUR, SECOND, type Milliseconds } from '../../../contract/instant';

/**
 * How far behind the truth AWS's answers are, and how slow they are. Each is an upper bound; every single
 * answer draws its own lag below it, so that two reads in a row may go forth and back in time.
 */
export interface Weather {
  readonly seed: number;
  /** ListAccessKeys, in both directions: a new key is not shown, a deleted one still is. */
  readonly listing: Milliseconds;
  /** DescribeSecret and GetSecretValue. */
  readonly secret: Milliseconds;
  /** @default GetSecretValue lags like DescribeSecret, answer by answer */
  readonly value?: Milliseconds;
  /** A key that is new or active again comes and goes for STS. */
  readonly newKey: Milliseconds;
  /** GetAccessKeyLastUsed. */
  readonly lastUsed: Milliseconds;
  /** How long a call takes, there and back. */
  readonly call: Milliseconds;
  /** How far any clock is from the true time. */
  readonly skew: Milliseconds;
}

/** No lag at all, for what has to be exact. */
export const CALM: Weather = { seed: 0, listing: 0, secret: 0, newKey: 0, lastUsed: 0, call: 100, skew: 0 };

/** As AWS is on most days: keys take some seconds, everything else is nearly at once. */
export const FAIR: Weather = {
  seed: 1,
  listing: 1 * SECOND,
  secret: 0,
  newKey: 8 * SECOND,
  lastUsed: 1 * HOUR,
  call: 300,
  skew: 0,
};

/** The worst that handlers/core/model/timing.ts claims to withstand. */
export const WORST = {
  /** Below LISTING_LAG. */
  listing: 55 * SECOND,
  secret: 5 * SECOND,
  /** Below READ_LAG. */
  value: 15 * SECOND,
  newKey: 30 * SECOND,
  lastUsed: 4 * HOUR,
  /** Below LONGEST_CALL. */
  call: 14 * SECOND,
  /** Two clocks are then CLOCK_SKEW apart. */
  skew: 1 * SECOND,
} as const;

/** How long a deactivated or deleted key still works (F 2.7). */
export const REMOVAL_LAG: Milliseconds = 4 * SECOND;

/** A number in [0, 1) that depends on nothing but its arguments. */
export function draw(seed: number, ...at: readonly number[]): number {
  let hash = seed ^ 0x9e3779b9;
  for (const part of at) {
    hash = Math.imul(hash ^ part, 0x85ebca6b);
    hash ^= hash >>> 13;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return (hash >>> 0) / 0x1_0000_0000;
}

/** A lag up to `most`: none in half of all cases, otherwise anything up to it. */
export const lagOf = (most: Milliseconds, chance: number): Milliseconds =>
  chance < 0.5 ? 0 : Math.floor((chance - 0.5) * 2 * most);
