import { MINUTE } from '../../contract/instant';
import type { Account } from './account';
import { inWords } from './asking';
import type { Assumption, Finding } from './assumption';
import type { Outcome } from './outcome';
import type { Part } from './resources';

/** How long one check may take, besides what `--patience` gives it. */
const CHECK_LIMIT = 12 * MINUTE;

/** Everything that these checks make, each once. */
export function planOf(assumptions: readonly Assumption[]): readonly Part[] {
  const parts = assumptions.flatMap(({ proof }) => (proof.by === 'command' ? proof.makes : []));
  return [...new Map(parts.map((part) => [`${part.kind} ${part.part}`, part])).values()];
}

/**
 * Runs all checks at the same time: they have nothing in common but the witness, and most of what they do is wait.
 *
 * @param onOutcome is told of each as soon as it has ended.
 * @throws the reason of the account's signal, after every check has stopped.
 */
export async function runChecks(
  assumptions: readonly Assumption[],
  account: Account,
  onOutcome: (outcome: Outcome) => void,
): Promise<readonly Outcome[]> {
  const outcomes = await Promise.all(
    assumptions.map(async (assumption) => {
      const began = Date.now();
      const { verdict, seen } = await outcomeOf(assumption, account);
      const outcome = { assumption, verdict, seen, took: Date.now() - began };
      if (!account.signal.aborted) onOutcome(outcome);
      return outcome;
    }),
  );
  account.signal.throwIfAborted();
  return outcomes;
}

async function outcomeOf(
  { proof }: Assumption,
  account: Account,
): Promise<Finding | { readonly verdict: 'failed'; readonly seen: string }> {
  if (proof.by === 'hand') {
    return {
      verdict: 'not tried',
      seen: `It needs ${proof.needs}, because ${proof.why}. By hand: ${proof.how}.`,
    };
  }
  const limit = CHECK_LIMIT + (proof.isPatient === true ? 2 * account.patience : 0);
  const limited = account.limitedTo(limit);
  try {
    return await proof.run(limited);
  } catch (error) {
    if (limited.signal.aborted) return { verdict: 'failed', seen: `It took longer than ${inWords(limit)}.` };
    const seen = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { verdict: 'failed', seen };
  }
}
