import type { SweepSummary } from '../core/retirement/sweep';

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

export function summarize(summary: SweepSummary | undefined): SweepResult {
  if (summary === undefined) return { anotherRunIsAtWork: true };
  const acts: Record<string, number> = {};
  const failedUsers: string[] = [];
  let holds = 0;
  for (const result of summary.results) {
    if ('failure' in result) {
      failedUsers.push(result.stableKey);
      continue;
    }
    for (const { what } of result.outcome.acts) acts[what] = (acts[what] ?? 0) + 1;
    holds += result.outcome.left.filter(({ kind }) => kind === 'hold').length;
  }
  const { users, notReached, deletionsRefused } = summary;
  return { anotherRunIsAtWork: false, users, notReached, deletionsRefused, acts, holds, failedUsers };
}
