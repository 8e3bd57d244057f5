import type { Instant, Milliseconds } from '../../contract/instant';
import type { CallSite, Gate } from '../../test/support/in-memory-aws/gate';
import { refusal } from '../../test/support/in-memory-aws/refusals';
import { draw } from '../../test/support/in-memory-aws/weather';
import { TokenBucket, type RateLimit } from './token-bucket';
import type { VirtualTime } from './virtual-time';

/** How long a call takes, there and back; drawn evenly, the same in every run of the benchmark. */
const SHORTEST_CALL = 30;
const LONGEST_CALL = 130;

/** Calls take time, and IAM's are throttled beyond the limit. */
export class ThrottlingGate implements Gate {
  #calls = 0;
  readonly #iam: TokenBucket;

  constructor(
    private readonly time: VirtualTime,
    limit: RateLimit,
  ) {
    this.#iam = new TokenBucket(limit, time.now());
  }

  get iamCalls(): number {
    return this.#iam.asked;
  }

  get throttled(): number {
    return this.#iam.refused;
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
    const isThrottled = this.isThrottled(site);
    // Performed, or refused, at AWS; then the answer is on its way back.
    const answer = isThrottled ? undefined : { is: perform(this.time.now()) };
    await this.time.sleep(takes / 2);
    if (answer === undefined) throw refusal(site.name, 'throttled', 'Throttling', 'Rate exceeded');
    return answer.is;
  }

  /** Asked as a call arrives at AWS. */
  protected isThrottled({ name }: CallSite): boolean {
    return name.service === 'IAM' && !this.#iam.take(this.time.now());
  }
}
