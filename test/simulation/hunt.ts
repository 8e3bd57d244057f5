import * as fc from 'fast-check';

import type { History } from './history';
import { histories } from './history-arbitrary';
import { linesOf } from './history-lines';
import { runHistory, type Outcome } from './run-history';
import type { Subject } from './subject';

export interface HuntOptions {
  readonly runs: number;
  readonly seed: number;
  /** fast-check's own way to one of the histories of this seed. */
  readonly path?: string;
  readonly people?: boolean;
  /** @default false */
  readonly leaks?: boolean;
  readonly subject?: Subject;
  readonly withoutShrinking?: boolean;
}

export interface Hunt {
  readonly runs: number;
  readonly steps: number;
  readonly found: Find | undefined;
}

/** A history that breaks a rule, as small as it could be made. */
export interface Find {
  readonly history: History;
  readonly seed: number;
  readonly path: string;
  readonly outcome: Outcome;
}

class RuleBrokenError extends Error {}

/** Runs random histories until one breaks a rule, and shrinks that one. */
export async function hunt({ people = true, leaks = false, ...options }: HuntOptions): Promise<Hunt> {
  let steps = 0;
  const property = fc.asyncProperty(histories({ people, leaks }), async (history) => {
    const outcome = await runHistory(history, { subject: options.subject });
    steps += outcome.steps;
    const [violation] = outcome.violations;
    if (violation !== undefined) throw new RuleBrokenError(`${violation.rule}: ${violation.what}`);
  });
  const details = await fc.check(property, {
    numRuns: options.runs,
    seed: options.seed,
    path: options.path,
    endOnFailure: options.withoutShrinking ?? false,
  });
  if (!details.failed) return { runs: details.numRuns, steps, found: undefined };
  if (details.counterexample === null)
    throw new Error('fast-check was interrupted', { cause: details.errorInstance });
  const [history] = details.counterexample;
  const outcome = await runHistory(history, { subject: options.subject, transcript: true });
  if (outcome.violations.length === 0)
    throw new Error('The history did not run the same way twice.', { cause: details.errorInstance });
  return {
    runs: details.numRuns,
    steps,
    found: { history, seed: details.seed, path: details.counterexamplePath, outcome },
  };
}

/** What a person needs to see why a rule broke, and to see it again. */
export function reportOf({ history, seed, path, outcome }: Find): string {
  return [
    ...outcome.violations.map(({ rule, what }) => `${rule} is broken: ${what}`),
    '',
    ...linesOf(history),
    '',
    'What happened:',
    ...outcome.transcript,
    '',
    `Again: npm run simulate -- --seed ${seed} --path ${path} (and --leaks, where AWS reported some)`,
    `Or save this line to a file, and: npm run simulate -- --replay FILE`,
    JSON.stringify(history),
  ].join('\n');
}
