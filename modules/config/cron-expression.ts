/*
 * Cron expressions as Secrets Manager reads them: six fields, windows that open on the hour, in UTC.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 *
 *   Minutes       0                 rotation windows open on the hour
 *   Hours         0-23              one hour: a user is never rotated twice a day, see the least interval
 *   Day-of-month  1-31              , - * ? / L
 *   Month         1-12 or JAN-DEC   , - * /
 *   Day-of-week   1-7 or SUN-SAT    , - * ? / L #
 *   Year          *
 *
 * General cron libraries read another dialect (five fields, Sunday is 0, no `?`), so the fields are read here.
 */

/** A day of the calendar, in UTC. */
interface CalendarDay {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  /** 1 to 31 */
  readonly dayOfMonth: number;
  /** 1 is Sunday, 7 is Saturday, as AWS counts. */
  readonly dayOfWeek: number;
  readonly daysInMonth: number;
}

type DayTest = (day: CalendarDay) => boolean;

/** What is wrong with an expression, in the words of an error: the rule that it breaks, and what to write. */
export class ScheduleSyntaxError extends Error {
  override readonly name = 'ScheduleSyntaxError';

  constructor(
    readonly rule: string,
    readonly write: string,
  ) {
    super(`${rule}: ${write}`);
  }
}

export interface CronExpression {
  /** With single spaces between the fields. */
  readonly text: string;
  /** The hour, in UTC, at which windows open. */
  readonly hour: number;
  /** Whether a window opens on the day. */
  readonly opensOn: DayTest;
}

const MONTH_NAMES = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAY_NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const EXAMPLE = "schedule: cron(0 4 1 * ? *), which is 04:00 UTC on every month's first day";

/** Reads `cron(0 4 1 * ? *)`. @throws ScheduleSyntaxError */
export function parseCronExpression(text: string): CronExpression {
  const inner = /^cron\((.*)\)$/.exec(text)?.[1];
  const fields = inner?.trim().split(/\s+/) ?? [];
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields;
  if (
    fields.length !== 6 ||
    minutes === undefined ||
    hours === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined ||
    year === undefined
  ) {
    throw new ScheduleSyntaxError(
      'cron() has six fields (minutes, hours, day of month, month, day of week, year)' +
        (inner === undefined ? '' : `; this one has ${fields.filter(Boolean).length}`),
      EXAMPLE,
    );
  }
  if (minutes !== '0') {
    throw new ScheduleSyntaxError(
      `minutes are 0, not '${minutes}': rotation windows open on the hour`,
      `schedule: cron(0 ${fields.slice(1).join(' ')})`,
    );
  }
  if (!/^\d{1,2}$/.test(hours) || Number(hours) > 23) {
    throw new ScheduleSyntaxError(
      `hours are one number from 0 to 23 (UTC), not '${hours}': a user is rotated at most once a day`,
      EXAMPLE,
    );
  }
  if (year !== '*') {
    throw new ScheduleSyntaxError(
      `the year is *, not '${year}': Secrets Manager knows no schedule for single years`,
      `schedule: cron(${fields.slice(0, 5).join(' ')} *)`,
    );
  }
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new ScheduleSyntaxError(
      "exactly one of the day of month and the day of week is '?': the other one names the days",
      'schedule: cron(0 4 1 * ? *) for a day of the month, cron(0 4 ? * MON *) for a day of the week',
    );
  }

  const inMonth = parseMonth(month);
  const onDay = dayOfWeek === '?' ? parseDayOfMonth(dayOfMonth) : parseDayOfWeek(dayOfWeek);
  return {
    text: `cron(${fields.join(' ')})`,
    hour: Number(hours),
    opensOn: (day) => inMonth.has(day.month) && onDay(day),
  };
}

function parseMonth(field: string): ReadonlySet<number> {
  return parseValues(field, { name: 'month', first: 1, last: 12, names: MONTH_NAMES });
}

function parseDayOfMonth(field: string): DayTest {
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

function parseDayOfWeek(field: string): DayTest {
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
    EXAMPLE,
  );
}
