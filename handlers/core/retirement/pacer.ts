import { CallRefusedError } from '../errors';
import { SECOND, type Instant, type Milliseconds } from '../instant';
import type { Clock } from '../ports';

export interface PacerOptions {
  /** Calls per second to begin with. */
  readonly startRate: number;
  readonly maximumRate: number;
}

const MINIMUM_RATE = 0.5;

/** Until AWS throttles for the first time: by so much per second faster, each second. */
const SEARCH_STEP = 0.5;

/** After that the limit is known; only slowly does the pacer look whether it has become higher. */
const CREEP_STEP = 0.01;

/** After a throttled call: a little under the rate at which AWS throttled, because AWS's limit itself is known then. */
const BACK_OFF = 0.96;

/** How long a throttled call and all others pause, so that AWS's bucket fills again. */
const PAUSE = 1 * SECOND;

const MOST_TRIES = 6;

/**
 * Spaces calls evenly and finds by itself the rate that AWS allows, which is not published: additive increase,
 * multiplicative decrease. A throttled call is made again.
 */
export class Pacer {
  #rate: number;
  #nextTurn: Instant;
  #rateSetAt: Instant;
  #wasThrottled = false;

  constructor(
    private readonly clock: Clock,
    private readonly options: PacerOptions,
  ) {
    this.#rate = Math.min(options.startRate, options.maximumRate);
    this.#nextTurn = clock.now();
    this.#rateSetAt = clock.now();
  }

  /** Calls per second at the moment. */
  get rate(): number {
    return this.#rate;
  }

  async run<Result>(call: () => Promise<Result>): Promise<Result> {
    for (let tries = 1; ; tries += 1) {
      await this.turn();
      try {
        return await call();
      } catch (error) {
        const isThrottled = error instanceof CallRefusedError && error.kind === 'throttled';
        if (!isThrottled || tries === MOST_TRIES) throw error;
        this.slowDown();
      }
    }
  }

  private async turn(): Promise<void> {
    this.speedUp();
    const now = this.clock.now();
    const at = Math.max(now, this.#nextTurn);
    this.#nextTurn = at + SECOND / this.#rate;
    if (at > now) await this.clock.sleep(at - now);
  }

  private speedUp(): void {
    const now = this.clock.now();
    const step = this.#wasThrottled ? CREEP_STEP : SEARCH_STEP;
    this.#rate = Math.min(this.options.maximumRate, this.#rate + step * secondsBetween(this.#rateSetAt, now));
    this.#rateSetAt = Math.max(now, this.#rateSetAt);
  }

  private slowDown(): void {
    const now = this.clock.now();
    this.#nextTurn = Math.max(this.#nextTurn, now + PAUSE);
    // Calls that were under way together are throttled together; they count once.
    if (now < this.#rateSetAt) return;
    this.#rate = Math.max(MINIMUM_RATE, this.#rate * BACK_OFF);
    this.#rateSetAt = now + PAUSE;
    this.#wasThrottled = true;
  }
}

const secondsBetween = (from: Instant, to: Instant): Milliseconds => Math.max(0, to - from) / SECOND;
