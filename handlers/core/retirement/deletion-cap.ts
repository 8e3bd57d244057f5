import type { Act } from './decision';

/** Limits how many keys one sweep deletes, so that a wrong configuration or a bug of ours cannot reach every user in an hour. */
export class DeletionCap {
  #left: number;
  #refused = 0;

  constructor(deletions: number) {
    this.#left = deletions;
  }

  /** Whether one more act like this may be done; counts it if it deletes a key. */
  take(act: Act): boolean {
    if (!deletes(act)) return true;
    if (this.#left === 0) {
      this.#refused += 1;
      return false;
    }
    this.#left -= 1;
    return true;
  }

  /** The act was not done after all. */
  giveBack(act: Act): void {
    if (deletes(act)) this.#left += 1;
  }

  /** How many deletions wait for the next sweep. */
  get refused(): number {
    return this.#refused;
  }
}

const deletes = ({ what }: Act): boolean => what === 'delete' || what === 'reap';
