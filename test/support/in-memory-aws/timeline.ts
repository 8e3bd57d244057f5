import type { Instant } from '../../../contract/instant';

interface Entry<Value> {
  readonly from: Instant;
  readonly value: Value;
}

/** What a thing was at each moment, so that an answer can lag behind the truth. */
export class Timeline<Value> {
  readonly #entries: Entry<Value>[];

  constructor(from: Instant, value: Value) {
    this.#entries = [{ from, value }];
  }

  set(from: Instant, value: Value): void {
    this.#entries.push({ from, value });
  }

  get now(): Value {
    return this.#entries[this.#entries.length - 1]!.value;
  }

  /** Undefined: it was not there yet. */
  at(moment: Instant): Value | undefined {
    return this.#entryAt(moment)?.value;
  }

  /** When it became what it was at that moment. Undefined: it was not there yet. */
  since(moment: Instant): Instant | undefined {
    return this.#entryAt(moment)?.from;
  }

  #entryAt(moment: Instant): Entry<Value> | undefined {
    for (let index = this.#entries.length - 1; index >= 0; index--) {
      const entry = this.#entries[index]!;
      if (entry.from <= moment) return entry;
    }
    return undefined;
  }
}
