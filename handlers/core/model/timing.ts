import { DAY, HOUR, MINUTE, SECOND } from '../../../contract/instant';

/*
 * The times that the safety of the keys rests on, together, because they only make sense together:
 *
 *   LONGEST_CALL < LEASE                   no act starts with less than LONGEST_CALL left on the lease, so an
 *                                          expired lease means that its holder can do nothing any more
 *   LATEST_PERFORMANCE + FRESH + CLOCK_SKEW < LEASE
 *                                          a lease is renewed before each act, and is not given back after an act
 *                                          without a clear answer
 *   LEASE + CLOCK_SKEW < LEASE_WAIT        a process that waits for the lease waits longer than a dead
 *                                          holder can keep it
 *   LISTING_LAG                            how long ListAccessKeys may not show a key that exists, or may show
 *                                          one that does not. AWS gives no bound (new keys take about 8 s,
 *                                          10 to 15 s sleeps are common practice); this is a margin above that
 */

/** The longest that one port call may take, the SDK's retries included: the adapters abort it then. */
export const LONGEST_CALL = 15 * SECOND;

export const LEASE = 60 * SECOND;

/** A lease that was renewed so recently is not renewed again before an act. */
export const FRESH = 5 * SECOND;

/** AWS may perform a call, also one that was given up, until so long after it was sent. */
export const LATEST_PERFORMANCE = 45 * SECOND;

/** How far two functions' clocks, or ours and IAM's, may be apart. Lambda's clocks are kept by NTP. */
export const CLOCK_SKEW = 2 * SECOND;

export const LEASE_WAIT = 90 * SECOND;
export const LEASE_POLL = 2 * SECOND;

export const LISTING_LAG = 60 * SECOND;

/** How long Secrets Manager may not show what was put or labelled a moment ago (seen: seconds; AWS gives no bound). */
export const READ_LAG = 20 * SECOND;

/** How long a move of a label waits at the most until the copies of the secret have followed the one before it. */
export const COPY_WAIT = 60 * SECOND;
export const COPY_POLL = 5 * SECOND;

/**
 * A key that waits longer than this to become current is not promoted any more: Secrets Manager repeats a failed
 * rotation for hours, and then with the next date of its schedule, when the key would be a whole period old already.
 */
export const PENDING_KEY_LIFETIME = 24 * HOUR;

/** How long a new key may take until it has worked PROOFS_IN_A_ROW times in a row. */
export const PROOF_WAIT = 2 * MINUTE;
export const PROOF_INTERVAL = 1 * SECOND;

/** A new key comes and goes for some seconds: one success does not prove that it stays. */
export const PROOFS_IN_A_ROW = 3;

/** How long a freshly attached role policy may take to hold (first key only). */
export const POLICY_WAIT = 1 * MINUTE;

/** AWS attaches its quarantine and sends its Health event for one leak at about the same time. */
export const ONE_LEAK = 1 * DAY;
