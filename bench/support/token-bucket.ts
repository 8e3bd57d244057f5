import { SECOND, type Instant } from '../../contract/instant';

/** AWS allows so many calls: a token bucket, as API throttling is described for many services. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** What of the calls is allowed, and how many were asked for. */
export class TokenBucket {
  asked = 0;
  refused = 0;
  #tokens: number;
  #filledAt: Instant;

  constructor(
    private readonly limit: RateLimit,
    startsAt: Instant,
  ) {
    this.#tokens = limit.burst;
    this.#filledAt = startsAt;
  }

  /** Whether a call is allowed now. */
  take(now: Instant): boolean {
    const { perSecond, burst } = this.limit;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) / SECOND) * perSecond);
    this.#filledAt = now;
    this.asked += 1;
    if (this.#tokens < 1) {
      this.refused += 1;
      return false;
    }
    this.#tokens -= 1;
    return true;
  }
}
