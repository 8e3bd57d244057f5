import { MINUTE, SECOND, type Milliseconds } from '../contract/instant';

/** When the secret is read; everything follows from how soon a new key has to be picked up. */
export interface RefreshTiming {
  /** From this age of what is in memory on, a call starts a refresh and does not wait for it. A random time in between. */
  readonly refreshFrom: readonly [earliest: Milliseconds, latest: Milliseconds];
  /** From this age on, calls wait for the refresh, for a moment. */
  readonly waitFrom: Milliseconds;
  readonly patience: Milliseconds;
  /** How long a new key is left to settle while the one before still works. */
  readonly settling: Milliseconds;
  /** How long a client of the SDK may keep what it was given. */
  readonly lentFor: Milliseconds;
  /** How long until the next try, after failures or rejections in a row: doubled each time, up to the second. */
  readonly backOff: readonly [first: Milliseconds, longest: Milliseconds];
  /** How long what is in memory is served while the secret cannot be read. */
  readonly serveStale: Milliseconds;
}

/**
 * A key becomes current just after a refresh: it is read `waitFrom` later at the latest, has settled `settling` later,
 * and a client that has just asked asks again `lentFor` later. The three together are `pickUpWithin`.
 */
export function refreshTiming(pickUpWithin: Milliseconds, serveStale: Milliseconds): RefreshTiming {
  const pause = Math.min(MINUTE, pickUpWithin / 6);
  const waitFrom = pickUpWithin - 2 * pause;
  return {
    refreshFrom: [0.75 * waitFrom, waitFrom],
    waitFrom,
    patience: 2 * SECOND,
    settling: pause,
    lentFor: pause,
    backOff: [Math.min(SECOND, pause), pause],
    serveStale,
  };
}

/** The pause after so many failures in a row, between half and all of it, so that processes do not march in step. */
export function backOffAfter(failures: number, { backOff }: RefreshTiming, random: number): Milliseconds {
  const [first, longest] = backOff;
  return Math.min(longest, first * 2 ** (failures - 1)) * (0.5 + random / 2);
}
