import type { CallName } from '../../../handlers/core/model/call-errors';
import type { Instant, Milliseconds } from '../../../contract/instant';
import type { NotOfAws } from './answers-not-of-aws';

/** One call on its way to AWS. */
export interface CallSite {
  readonly name: CallName;
  /** What it is about, for a person who reads the history; never a secret. */
  readonly about: string;
  /** Whether it changes anything, so that it matters if it was performed or not. */
  readonly mutates: boolean;
  /** What the product hears if something else than AWS answers. */
  readonly upon?: ((answer: NotOfAws) => Promise<unknown>) | undefined;
}

/** Every call passes here: the test, or the simulation, decides when and whether it is performed. */
export interface Gate {
  /** True time. */
  now(): Instant;
  pass<Result>(site: CallSite, perform: (now: Instant) => Result): Promise<Result>;
  sleep(duration: Milliseconds): Promise<void>;
}

/** Performs every call at once and lets time pass by itself: for tests that need no scheduler. */
export class OpenGate implements Gate {
  #now: Instant;

  constructor(
    startsAt: Instant,
    private readonly callTakes: Milliseconds = 100,
  ) {
    this.#now = startsAt;
  }

  now(): Instant {
    return this.#now;
  }

  advance(duration: Milliseconds): void {
    this.#now += duration;
  }

  async pass<Result>(_site: CallSite, perform: (now: Instant) => Result): Promise<Result> {
    this.#now += this.callTakes;
    return perform(this.#now);
  }

  async sleep(duration: Milliseconds): Promise<void> {
    this.#now += Math.max(0, duration);
  }
}
