import { Lane } from './lane';

/**
 * Runs many cases in parallel lanes, in the order in which they were added; each test waits for its own. A function
 * waits for AWS, or sleeps, most of its time, so there are more lanes than processors.
 */
export class Lanes {
  readonly #waiting: ((lane: Lane) => Promise<void>)[] = [];
  #lanes: readonly Lane[] = [];
  #work: Promise<unknown> = Promise.resolve();

  /** @returns what gives the result of a case, once it has had its turn. */
  add<Result>(run: (lane: Lane) => Promise<Result>): () => Promise<Result> {
    const { promise, resolve, reject } = withResolvers<Result>();
    // A test that is not run does not look at its result.
    promise.catch(() => undefined);
    this.#waiting.push((lane) => run(lane).then(resolve, reject));
    return () => promise;
  }

  async open(count: number): Promise<void> {
    this.#lanes = await Promise.all(Array.from({ length: count }, () => Lane.open()));
    this.#work = Promise.all(this.#lanes.map((lane) => this.#follow(lane)));
  }

  async close(): Promise<void> {
    this.#waiting.length = 0;
    await this.#work;
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  async #follow(lane: Lane): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      await next(lane);
    }
  }
}

/** Node 20 has no Promise.withResolvers. */
function withResolvers<Result>(): {
  readonly promise: Promise<Result>;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
} {
  let resolve!: (result: Result) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<Result>((fulfil, fail) => {
    resolve = fulfil;
    reject = fail;
  });
  return { promise, resolve, reject };
}
