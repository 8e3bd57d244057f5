import { CallRefusedError, CallUnansweredError } from '../model/call-errors';
import { SECOND, type Instant, type Milliseconds } from '../../../contract/instant';
import type { Clock } from '../model/ports';

export interface PacerOptions {
  /** Calls per second to begin with. */
  readonly startRate: number;
  readonly maximumRate: number;
}

/** For IAM: AWS publishes no rate, so begin low, and find the limit. */
export const IAM_RATE: PacerOptions = { startRate: 10, maximumRate: 50 };

const MINIMUM_RATE = 0.5;

/** Until AWS throttles for the first time: by so much per second faster, each second. */
const SEARCH_STEP = 2;

/** After that the limit is known; only slowly, by this part of the rate, each second, is it tried whether more goes. */
const CREEP = 0.0005;

/** After a throttled call: a little under the rate at which AWS throttled, because AWS's limit itself is known then. */
const BACK_OFF = 0.96;

/** Throttled again SOON after a pause that had filled AWS's bucket: the rate is far too high. */
const STEEP_BACK_OFF = 0.85;
const SOON = 3 * SECOND;

/** How long a throttled call and all others pause, so that AWS's bucket fills again. */
const PAUSE = 1 * SECOND;

/** Of a call that is throttled. */
const MOST_TRIES = 6;

/** Of a call that gets no answer: one lost answer among some thousand calls is no failure of a user's visit. */
const MOST_TRIES_UNANSWERED = 3;

/**
 * Spaces calls evenly and finds by itself the rate that AWS allows, which is not published: additive increase,
 * multiplicative decrease.
 */
export class Pacer {
  #rate: number;
  #nextTurn: Instant;
  #rateSetAt: Instant;
  #wasThrottled = false;
  /** How often the rate was lowered: turns that were given before that are void. */
  #slowdowns = 0;
  #pauseEndsAt: Instant = -Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly options: PacerOptions,
  ) {
    this.#rate = Math.min(options.startRate, options.maximumRate);
    this.#nextTurn = clock.now();
    this.#rateSetAt = clock.now();
  }

  /** A call that only reads: it waits for its turn, and is made again if AWS throttles it or does not answer. */
  async read<Result>(call: () => Promise<Result>): Promise<Result> {
    for (let tries = 1; ; tries += 1) {
      await this.awaitTurn();
      try {
        return await this.watching(call);
      } catch (error) {
        if (tries >= mostTries(error)) throw error;
      }
    }
  }

  /**
   * A call that changes something: it takes a turn and does not wait for it, nor is it made again. The caller has just
   * made sure that the lease lasts for the longest call; a call that waited here would begin after another holder
   * had begun.
   */
  change<Result>(call: () => Promise<Result>): Promise<Result> {
    this.takeTurn();
    return this.watching(call);
  }

  private async watching<Result>(call: () => Promise<Result>): Promise<Result> {
    try {
      return await call();
    } catch (error) {
      if (isThrottled(error)) this.slowDown();
      throw error;
    }
  }

  /** A call that was waiting when the rate was lowered takes a new turn, or all of them would be throttled one by one. */
  private async awaitTurn(): Promise<void> {
    for (;;) {
      const slowdowns = this.#slowdowns;
      const wait = this.takeTurn() - this.clock.now();
      if (wait > 0) await this.clock.sleep(Math.ceil(wait));
      if (slowdowns === this.#slowdowns) return;
    }
  }

  /** When the caller's turn is. */
  private takeTurn(): Instant {
    this.speedUp();
    const at = Math.max(this.clock.now(), this.#nextTurn);
    this.#nextTurn = at + SECOND / this.#rate;
    return at;
  }

  private speedUp(): void {
    const now = this.clock.now();
    const step = this.#wasThrottled ? CREEP * this.#rate : SEARCH_STEP;
    this.#rate = Math.min(this.options.maximumRate, this.#rate + step * secondsBetween(this.#rateSetAt, now));
    this.#rateSetAt = Math.max(now, this.#rateSetAt);
  }

  private slowDown(): void {
    const now = this.clock.now();
    // Calls that were under way together are throttled together; they count once.
    if (now < this.#rateSetAt) return;
    this.#slowdowns += 1;
    const factor = now < this.#pauseEndsAt + SOON ? STEEP_BACK_OFF : BACK_OFF;
    this.#rate = Math.max(MINIMUM_RATE, this.#rate * factor);
    this.#pauseEndsAt = now + PAUSE;
    this.#nextTurn = this.#pauseEndsAt;
    this.#rateSetAt = this.#pauseEndsAt;
    this.#wasThrottled = true;
  }
}

const isThrottled = (error: unknown): boolean =>
  error instanceof CallRefusedError && error.kind === 'throttled';

function mostTries(error: unknown): number {
  if (isThrottled(error)) return MOST_TRIES;
  return error instanceof CallUnansweredError ? MOST_TRIES_UNANSWERED : 1;
}

const secondsBetween = (from: Instant, to: Instant): Milliseconds => Math.max(0, to - from) / SECOND;
