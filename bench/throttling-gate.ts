import { SECOND, type Instant, type Milliseconds } from '../contract/instant';
import type { CallSite, Gate } from '../test/support/in-memory-aws/gate';
import { refusal } from '../test/support/in-memory-aws/refusals';
import { draw } from '../test/support/in-memory-aws/weather';
import type { VirtualTime } from './virtual-time';

/** AWS allows so many IAM calls: a token bucket, as API throttling is described for other services. */
export interface IamLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** How long a call takes, there and back; drawn evenly, the same in every run of the benchmark. */
const SHORTEST_CALL = 30;
const LONGEST_CALL = 130;

/** Calls take time, and IAM's are throttled beyond the limit. */
export class ThrottlingGate implements Gate {
  iamCalls = 0;
  throttled = 0;
  #calls = 0;
  #tokens: number;
  #filledAt: Instant;

  constructor(
    private readonly time: VirtualTime,
    private readonly limit: IamLimit,
  ) {
    this.#tokens = limit.burst;
    this.#filledAt = time.now();
  }

  now(): Instant {
    return this.time.now();
  }

  sleep(duration: Milliseconds): Promise<void> {
    return this.time.sleep(duration);
  }

  async pass<Result>(site: CallSite, perform: (now: Instant) => Result): Promise<Result> {
    this.#calls += 1;
    const takes = SHORTEST_CALL + draw(1, this.#calls) * (LONGEST_CALL - SHORTEST_CALL);
    await this.time.sleep(takes / 2);
    const isThrottled = site.name.service === 'IAM' && !this.#takeToken();
    // Performed, or refused, at AWS; then the answer is on its way back.
    const answer = isThrottled ? undefined : { is: perform(this.time.now()) };
    await this.time.sleep(takes / 2);
    if (answer === undefined) throw refusal(site.name, 'throttled', 'Throttling', 'Rate exceeded');
    return answer.is;
  }

  #takeToken(): boolean {
    const now = this.time.now();
    const { perSecond, burst } = this.limit;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) / SECOND) * perSecond);
    this.#filledAt = now;
    this.iamCalls += 1;
    if (this.#tokens < 1) {
      this.throttled += 1;
      return false;
    }
    this.#tokens -= 1;
    return true;
  }
}
