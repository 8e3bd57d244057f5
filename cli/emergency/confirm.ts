import type { EmergencyPlan } from './plan';
import { hasWork, plannedNumber } from './plan';

/** How somebody agrees to a plan. */
export interface Agreement {
  /** Agree without being asked. */
  readonly yes: boolean;
  /** The number of users that the plan has to have. */
  readonly expect: number | undefined;
}

/** @throws Error where the options cannot agree to any plan */
export function requireAgreement({ yes, expect }: Agreement): void {
  if (yes === (expect !== undefined)) return;
  throw new Error(
    yes
      ? '--yes without --expect: for many users, say with --expect how many you mean, so that no more are replaced than that. ' +
          'Without --yes the command shows the plan with its number, and changes nothing where nobody can be asked. Nothing was changed.'
      : '--expect without --yes: --expect <number> says what --yes agrees to. Give both, or neither. Nothing was changed.',
  );
}

/**
 * Has a person agree to the plan by typing its number, or compares it with the number that is expected. A plan with nothing
 * to do needs nobody's word.
 *
 * @param ask undefined: there is no terminal
 * @throws Error, where the numbers are not the same, or nobody can be asked
 */
export async function confirm(
  plan: Pick<EmergencyPlan, 'users'>,
  { yes, expect }: Agreement,
  ask: ((question: string) => Promise<string>) | undefined,
): Promise<void> {
  const number = plannedNumber(plan);
  if (yes) {
    if (expect === number) return;
    throw new Error(
      `--expect says ${expect ?? 'no number'}, and the plan is about ${number} users. They have to be the same. ` +
        'Nothing was changed. Look at the plan above.',
    );
  }
  if (!hasWork(plan)) return;
  if (ask === undefined) {
    throw new Error(
      `There is no terminal to confirm this plan on. Nothing was changed. If it is what you mean: --yes --expect ${number}`,
    );
  }
  const typed = await ask('Type the number of users that the plan is about, to replace their keys now');
  if (typed === String(number)) return;
  throw new Error(
    `'${typed}' was typed, and the plan is about ${number} users. They have to be the same. Nothing was changed.`,
  );
}
