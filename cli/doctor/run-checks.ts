import { concurrently } from '../concurrently';
import { explainError } from '../explain-error';
import { type Check, type Context, CouldNotLookError, type Finding } from './check';
import { isOfAws } from './is-of-aws';

/** What became of one check. */
export interface Outcome {
  readonly check: Check;
  readonly findings: readonly Finding[];
  /** Why nobody knows whether there is anything, or anything more, to find. */
  readonly couldNotLook?: string;
}

/** So many checks look at the same time; some of them make many calls. */
const AT_A_TIME = 6;

/** Runs all checks. One that may not look is no reason for the others not to. */
export function runChecks(
  checks: readonly Check[],
  context: Context,
  onDone: (done: number) => void = () => undefined,
): Promise<readonly Outcome[]> {
  let done = 0;
  return concurrently(checks, AT_A_TIME, async (check) => {
    const outcome = await run(check, context);
    onDone(++done);
    return outcome;
  });
}

async function run(check: Check, context: Context): Promise<Outcome> {
  try {
    return { check, findings: await check.run(context) };
  } catch (error) {
    if (error instanceof CouldNotLookError)
      return { check, findings: error.findings, couldNotLook: error.message };
    if (!isOfAws(error)) throw error;
    return { check, findings: [], couldNotLook: explainError(error) };
  }
}

/** What `doctor` ends with: 1 where something was found; else 2 where not everything could be looked at; else 0. */
export function exitCodeOf(outcomes: readonly Outcome[]): 0 | 1 | 2 {
  if (outcomes.some(({ findings }) => findings.length > 0)) return 1;
  return outcomes.some(({ couldNotLook }) => couldNotLook !== undefined) ? 2 : 0;
}
