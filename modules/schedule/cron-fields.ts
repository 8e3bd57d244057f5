import { ScheduleSyntaxError } from './schedule-syntax-error';

/** A day of the calendar, in UTC. */
export interface CalendarDay {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  /** 1 to 31 */
  readonly dayOfMonth: number;
  /** 1 is Sunday, 7 is Saturday, as AWS counts. */
  readonly dayOfWeek: number;
  readonly daysInMonth: number;
}

export type DayTest = (day: CalendarDay) => boolean;

const MONTH_NAMES = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAY_NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

export const CRON_EXAMPLE = "schedule: cron(0 4 1 * ? *), which is 04:00 UTC on every month's first day";

/** `1,3,5`, `JAN-JUN`, `1/3` */
export function parseMonth(field: string): ReadonlySet<number> {
  return parseValues(field, { name: 'month', first: 1, last: 12, names: MONTH_NAMES });
}

/** `1,15`, `1-7`, `*`, `L` */
export function parseDayOfMonth(field: string): DayTest {
  const tests = field.split(',').map((part): DayTest => {
    if (part === 'L') return (day) => day.dayOfMonth === day.daysInMonth;
    if (part.includes('W')) {
      throw new ScheduleSyntaxError(
        `the day of month knows no W ('${part}'): Secrets Manager's schedules have none`,
        'schedule: cron(0 4 ? * MON#1 *), the first Monday, or a day of the month without W',
      );
    }
    const days = parseValues(part, { name: 'day of month', first: 1, last: 31, names: [] });
    return (day) => days.has(day.dayOfMonth);
  });
  return (day) => tests.some((test) => test(day));
}

/** `MON-FRI`, `SAT`, `SUNL`, `TUE#3` */
export function parseDayOfWeek(field: string): DayTest {
  const range = { name: 'day of week', first: 1, last: 7, names: DAY_NAMES };
  const tests = field.split(',').map((part): DayTest => {
    // `L` alone is the last day of the week.
    if (part === 'L') return (day) => day.dayOfWeek === 7;

    // `SUNL` or `1L`: the last Sunday of the month.
    const last = /^(\w+)L$/.exec(part)?.[1];
    if (last !== undefined) {
      const wanted = parseValue(last, range);
      return (day) => day.dayOfWeek === wanted && day.dayOfMonth > day.daysInMonth - 7;
    }

    // `TUE#3`: the third Tuesday of the month.
    const [weekday, nth] = part.split('#');
    if (nth !== undefined && weekday !== undefined) {
      const wanted = parseValue(weekday, range);
      if (!/^[1-5]$/.test(nth)) {
        throw new ScheduleSyntaxError(
          `the number after # is 1 to 5, not '${nth}'`,
          `schedule: cron(0 4 ? * ${weekday}#1 *)`,
        );
      }
      return (day) => day.dayOfWeek === wanted && Math.ceil(day.dayOfMonth / 7) === Number(nth);
    }

    const days = parseValues(part, range);
    return (day) => days.has(day.dayOfWeek);
  });
  return (day) => tests.some((test) => test(day));
}

interface FieldRange {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly names: readonly string[];
}

/** Lists, ranges and steps: `1,15`, `MON-FRI`, `*`, `1/10`, `1-15/7`. */
function parseValues(field: string, range: FieldRange): ReadonlySet<number> {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [span = '', step, ...more] = part.split('/');
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d?$/.test(step))) throw unreadable(part, range);

    let [first, last] = [range.first, range.last];
    if (span !== '*') {
      const ends = span.split('-').map((text) => parseValue(text, range));
      if (ends.length > 2) throw unreadable(part, range);
      first = ends[0] ?? first;
      // `5/10` runs from 5 to the end; `5` is just 5.
      last = ends[1] ?? (step === undefined ? first : range.last);
    }
    if (first > last) throw unreadable(part, range);
    for (let value = first; value <= last; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

function parseValue(text: string, range: FieldRange): number {
  const named = range.names.indexOf(text);
  if (named >= 0) return named + range.first;
  const value = Number(text);
  if (!/^\d{1,2}$/.test(text) || value < range.first || value > range.last) throw unreadable(text, range);
  return value;
}

function unreadable(part: string, { name, first, last, names }: FieldRange): ScheduleSyntaxError {
  const words = names.length > 0 ? ` or ${String(names[0])} to ${String(names.at(-1))}` : '';
  return new ScheduleSyntaxError(
    `the ${name} is ${first} to ${last}${words}, in ascending ranges, lists and steps; '${part}' is not`,
    CRON_EXAMPLE,
  );
}
