import { parseConfiguration } from '../../modules/config/parse-configuration';
import { rounded } from './benchmark';

/** How the rotations of the users of one stack fall into windows, hours and days. */
export interface Spread {
  readonly users: number;
  /** Users whose window opens at the same moment, at the most. */
  readonly mostInOneWindow: number;
  /** Where Secrets Manager chooses evenly within the window. */
  readonly mostInOneHour: number;
  readonly mostInOneMinute: number;
  readonly mostOnOneDay: number;
  /** Of the days on which anything is due. */
  readonly meanOfADay: number;
}

/** A window of Secrets Manager: in odd or even months, on a day, from an hour on. */
interface Window {
  readonly months: 0 | 1;
  readonly day: number;
  readonly hour: number;
  readonly hours: number;
}

const DAYS = 31;
const HOURS = 24;

/** The schedules that users get who say nothing of it, as `rotation.yaml` is read. */
export function schedulesOf(
  stableKeys: readonly string[],
  rotation: Readonly<Record<string, string>> = {},
): readonly { readonly expression: string; readonly windowHours: number }[] {
  const users = Object.fromEntries(stableKeys.map((stableKey) => [stableKey, rotation]));
  const stack = { accountId: '111122223333', region: 'eu-west-1', functions: 'shared', users };
  const { stacks } = parseConfiguration('', JSON.stringify({ stacks: { many: stack } }));
  return stacks[0]!.users.map(({ schedule }) => schedule);
}

/** So many stable keys, as people number them. */
export const stableKeys = (users: number, prefix = 'app'): readonly string[] =>
  Array.from({ length: users }, (_, index) => `${prefix}-${String(index + 1).padStart(4, '0')}`);

/** @throws Error where it is no default schedule */
function windowOf({ expression, windowHours }: ReturnType<typeof schedulesOf>[number]): Window {
  const [, hour, day, months] =
    /^cron\(0 (\d+) (\d+) (1,3,5,7,9,11|2,4,6,8,10,12) \? \*\)$/.exec(expression) ?? [];
  if (months === undefined) throw new Error(`${expression} is not the schedule of every second month.`);
  return {
    months: months.startsWith('1') ? 0 : 1,
    day: Number(day),
    hour: Number(hour),
    hours: windowHours,
  };
}

/** Rotations on each day of two months, of 31 days each. */
export function rotationsByDay(keys: readonly string[]): readonly number[] {
  const days = new Array<number>(2 * DAYS).fill(0);
  for (const schedule of schedulesOf(keys)) {
    const { months, day } = windowOf(schedule);
    days[months * DAYS + day - 1]! += 1;
  }
  return days;
}

export function spreadOf(keys: readonly string[]): Spread {
  const opening = new Map<number, number>();
  const byHour = new Map<number, number>();
  const add = (to: Map<number, number>, at: number, much: number): void => {
    to.set(at, (to.get(at) ?? 0) + much);
  };
  for (const schedule of schedulesOf(keys)) {
    const { months, day, hour, hours } = windowOf(schedule);
    const opens = (months * DAYS + day - 1) * HOURS + hour;
    add(opening, opens, 1);
    for (let open = 0; open < hours; open += 1) add(byHour, opens + open, 1 / hours);
  }
  const inHour = Math.max(...byHour.values());
  const days = rotationsByDay(keys).filter((due) => due > 0);
  return {
    users: keys.length,
    mostInOneWindow: Math.max(...opening.values()),
    mostInOneHour: rounded(inHour, 1),
    mostInOneMinute: rounded(inHour / 60, 2),
    mostOnOneDay: Math.max(...days),
    meanOfADay: rounded(keys.length / days.length, 1),
  };
}

/** Of users that one `apply` has made with the same `rotateEvery`: how many are due on the same day, at the most. */
export function mostOnOneDayOfRate(keys: readonly string[], rotateEvery: string): number {
  const due = new Map<string, number>();
  for (const { expression } of schedulesOf(keys, { rotateEvery }))
    due.set(expression, (due.get(expression) ?? 0) + 1);
  return Math.max(...due.values());
}
