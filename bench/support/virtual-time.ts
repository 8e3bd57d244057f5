import type { Instant, Milliseconds } from '../../contract/instant';

interface Sleeper {
  readonly wakesAt: Instant;
  /** Of two that wake at the same moment, the one that fell asleep first wakes first. */
  readonly number: number;
  readonly wake: () => void;
}

const isBefore = (a: Sleeper, b: Sleeper): boolean =>
  a.wakesAt === b.wakesAt ? a.number < b.number : a.wakesAt < b.wakesAt;

/** A time that passes only while everybody sleeps: hours take seconds, and every run is the same. */
export class VirtualTime {
  #now: Instant;
  #count = 0;
  /** A binary heap: the next to wake is the first. */
  readonly #sleepers: Sleeper[] = [];

  constructor(startsAt: Instant) {
    this.#now = startsAt;
  }

  now(): Instant {
    return this.#now;
  }

  /** Clocks give whole milliseconds. */
  sleep(duration: Milliseconds): Promise<void> {
    return new Promise((wake) => {
      this.#push({ wakesAt: this.#now + Math.ceil(Math.max(0, duration)), number: (this.#count += 1), wake });
    });
  }

  /** Has time pass until the work is done. */
  async passUntil<Result>(work: Promise<Result>): Promise<Result> {
    let done = false;
    const settled = (): void => {
      done = true;
    };
    work.then(settled, settled);
    const isDone = (): boolean => done;
    for (;;) {
      // After this, everybody who is awake has come as far as they can.
      await new Promise(setImmediate);
      if (isDone()) return work;
      const next = this.#pop();
      if (next === undefined) throw new Error('Everybody waits, and nobody sleeps: the work can never end.');
      this.#now = next.wakesAt;
      next.wake();
    }
  }

  #push(sleeper: Sleeper): void {
    const heap = this.#sleepers;
    let index = heap.push(sleeper) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(sleeper, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = sleeper;
  }

  #pop(): Sleeper | undefined {
    const heap = this.#sleepers;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}
