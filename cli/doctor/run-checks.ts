import { CallRefusedError, CallUnansweredError } from '../../handlers/core/model/call-errors';
import { concurrently } from '../concurrently';
import { explainError } from '../explain-error';
import { hasCode } from '../error-code';
import type { Check, Context, Finding } from './check';

/** What became of one check. */
export interface Outcome {
  readonly check: Check;
  readonly findings: readonly Finding[];
  /** Why nobody knows whether there is anything to find: AWS did not answer. */
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
    if (!isOfAws(error)) throw error;
    return { check, findings: [], couldNotLook: explainError(error) };
  }
}

/** AWS refused a call or could not be reached. All else is a failure of this program. */
const isOfAws = (error: unknown): boolean =>
  (error instanceof Error && '$metadata' in error) ||
  error instanceof CallRefusedError ||
  error instanceof CallUnansweredError ||
  hasCode(error, 'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT');
