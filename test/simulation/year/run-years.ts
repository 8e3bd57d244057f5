import { DAY, type Milliseconds } from '../../../contract/instant';
import type { World } from '../engine/world';
import type { History, Move } from '../history';
import { runHistory, type Outcome } from '../run-history';
import { isLeftAlone, yearOf } from './year-of-a-user';

/** What happened to all users in the year. */
export interface YearFigures {
  readonly users: number;
  /** Users whom people left alone: nothing but the product touched their keys. */
  readonly leftAlone: number;
  readonly calls: number;
  /** First keys included. */
  readonly keysMade: number;
  readonly promotions: number;
  readonly deactivations: number;
  readonly deletions: number;
  /** Calls to which a fault happened, or whose process died. */
  readonly faults: number;
  /** Without those who said that they work with the key. */
  readonly actsOfPeople: number;
  readonly leaks: number;
  /** The oldest key that was Active at the end of any run, in days. */
  readonly oldestKeyLeftAlone: number;
  readonly oldestKeyTouched: number;
}

/** A year that broke a rule, or let a key grow too old. */
export interface BrokenYear {
  readonly history: History;
  readonly why: readonly string[];
}

const MAXIMUM_KEY_AGE: Milliseconds = 90 * DAY;

/**
 * Runs a year for each user, one after the other.
 *
 * @param users how many
 * @param seed of the first; each other user has the next one
 * @param onUser told after each user
 */
export async function runYears(
  { users, seed }: { readonly users: number; readonly seed: number },
  onUser: (done: number) => void = () => undefined,
): Promise<{ readonly figures: YearFigures; readonly broken: readonly BrokenYear[] }> {
  const broken: BrokenYear[] = [];
  const sums = {
    ...{ leftAlone: 0, calls: 0, faults: 0, actsOfPeople: 0, leaks: 0 },
    ...{ keysMade: 0, promotions: 0, deactivations: 0, deletions: 0 },
  };
  let oldestKeyLeftAlone: Milliseconds = 0;
  let oldestKeyTouched: Milliseconds = 0;
  for (let user = 0; user < users; user += 1) {
    const history = yearOf(seed + user);
    let oldest: Milliseconds = 0;
    const afterMove = (world: World, { move }: Move): void => {
      if (move === 'run') oldest = Math.max(oldest, oldestActive(world));
    };
    const outcome = await runHistory(history, { afterMove });
    const alone = isLeftAlone(history);
    const why = outcome.violations.map(({ rule, what }) => `${rule} is broken: ${what}`);
    if (alone && oldest > MAXIMUM_KEY_AGE)
      why.push(`A key was Active ${days(oldest)} days after it was made.`);
    if (why.length > 0) broken.push({ history, why });
    sums.leftAlone += alone ? 1 : 0;
    sums.calls += outcome.steps;
    sums.faults += outcome.made.filter(({ fault }) => fault !== undefined).length;
    sums.actsOfPeople += history.moves.filter(
      (move) => move.move === 'person' && move.does.act !== 'acknowledge',
    ).length;
    sums.leaks += history.moves.filter((move) => move.move === 'start' && move.actor === 'leak').length;
    sums.keysMade += timesMade(outcome, /^CreateAccessKey /);
    sums.promotions += timesMade(outcome, /^UpdateSecretVersionStage AWSCURRENT /);
    sums.deactivations += timesMade(outcome, /^UpdateAccessKey .* Inactive/);
    sums.deletions += timesMade(outcome, /^DeleteAccessKey /);
    if (alone) oldestKeyLeftAlone = Math.max(oldestKeyLeftAlone, oldest);
    else oldestKeyTouched = Math.max(oldestKeyTouched, oldest);
    onUser(user + 1);
  }
  return {
    figures: {
      users,
      ...sums,
      oldestKeyLeftAlone: days(oldestKeyLeftAlone),
      oldestKeyTouched: days(oldestKeyTouched),
    },
    broken,
  };
}

const days = (time: Milliseconds): number => Math.round((time / DAY) * 10) / 10;

/** Calls that the product sent; a fault may have kept AWS from performing some of them. */
const timesMade = ({ made }: Outcome, what: RegExp): number =>
  made.filter((step) => what.test(step.what)).length;

function oldestActive({ aws, now, settings }: World): Milliseconds {
  const born = aws.iam.keysOf(settings.userName).filter(({ status }) => status.now === 'Active');
  return Math.max(0, ...born.map(({ bornAt }) => now - bornAt));
}
