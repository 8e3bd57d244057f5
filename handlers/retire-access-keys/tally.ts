import type { SweepSummary, UserResult } from '../core/retirement/sweep';

/** What the function returns and logs about a sweep: numbers, and the users whose visit failed. */
export type SweepResult =
  | { readonly anotherRunIsAtWork: true }
  | {
      readonly anotherRunIsAtWork: false;
      readonly users: number;
      readonly notReached: number;
      readonly deletionsRefused: number;
      /** How often each act was done. */
      readonly acts: Readonly<Record<string, number>>;
      readonly holds: number;
      readonly failedUsers: readonly string[];
    };

/** Counts what the visits of a sweep came to. */
export class Tally {
  readonly #acts: Record<string, number> = {};
  readonly #failedUsers: string[] = [];
  #holds = 0;

  add(result: UserResult): void {
    if ('failure' in result) {
      this.#failedUsers.push(result.stableKey);
      return;
    }
    for (const { what } of result.outcome.acts) this.#acts[what] = (this.#acts[what] ?? 0) + 1;
    this.#holds += result.outcome.left.filter(({ kind }) => kind === 'hold').length;
  }

  /** @param summary undefined: another sweep was running. */
  result(summary: SweepSummary | undefined): SweepResult {
    if (summary === undefined) return { anotherRunIsAtWork: true };
    const [acts, holds, failedUsers] = [this.#acts, this.#holds, this.#failedUsers];
    return { anotherRunIsAtWork: false, ...summary, acts, holds, failedUsers };
  }
}
