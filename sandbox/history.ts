import type { Milliseconds } from '../contract/instant';

/** What happened, oldest first. What is older than it is kept for is forgotten. */
export class History<Entry> {
  readonly #kept: { readonly at: Milliseconds; readonly entry: Entry }[] = [];

  /**
   * @param keptFor by default for ever
   * @param now when an entry is added, and how old it is
   */
  constructor(
    private readonly keptFor: Milliseconds = Infinity,
    private readonly now: () => Milliseconds = Date.now,
  ) {}

  add(entry: Entry): void {
    this.#kept.push({ at: this.now(), entry });
    this.#forget();
  }

  all(): Entry[] {
    this.#forget();
    return this.#kept.map(({ entry }) => entry);
  }

  #forget(): void {
    const oldest = this.now() - this.keptFor;
    const firstKept = this.#kept.findIndex(({ at }) => at >= oldest);
    if (firstKept !== 0) this.#kept.splice(0, firstKept === -1 ? this.#kept.length : firstKept);
  }
}
