import { CRON_EXAMPLE, type DayTest, parseDayOfMonth, parseDayOfWeek, parseMonth } from './cron-fields';
import { ScheduleSyntaxError } from './schedule-syntax-error';

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

export interface CronExpression {
  /** With single spaces between the fields. */
  readonly text: string;
  /** The hour, in UTC, at which windows open. */
  readonly hour: number;
  /** Whether a window opens on the day. */
  readonly opensOn: DayTest;
}

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
      CRON_EXAMPLE,
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
      CRON_EXAMPLE,
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
