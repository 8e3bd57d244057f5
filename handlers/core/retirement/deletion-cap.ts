import type { Act } from './decision';

/** How many keys one run may delete: a wrong configuration or a bug of ours shall not reach every user in an hour. */
export class DeletionCap {
  #left: number;
  #refused = 0;

  constructor(deletions: number) {
    this.#left = deletions;
  }

  /** Counts the act if it deletes a key. */
  allows({ what }: Act): boolean {
    if (what !== 'delete' && what !== 'reap') return true;
    if (this.#left === 0) {
      this.#refused += 1;
      return false;
    }
    this.#left -= 1;
    return true;
  }

  /** How many deletions wait for the next run. */
  get refused(): number {
    return this.#refused;
  }
}
