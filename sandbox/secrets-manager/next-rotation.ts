import { DAY, HOUR } from '../../contract/instant';
import { type CronExpression, parseCronExpression } from '../../modules/schedule/cron-expression';
import { ScheduleSyntaxError } from '../../modules/schedule/schedule-syntax-error';
import type { Secret } from './secret';

/** Every expression that opens at all opens once in a leap year's cycle, with room for 2100. */
const LONGEST_SEARCH_DAYS = 3000;

/**
 * The latest moment at which the next rotation will have begun: the end of its window. In the past, if that
 * rotation is overdue; undefined, where rotation is off. The sandbox itself never rotates by the calendar.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
export function nextRotation(secret: Secret): Date | undefined {
  const { rotation } = secret;
  if (!rotation?.enabled) return undefined;
  const {
    AutomaticallyAfterDays: days,
    ScheduleExpression: expression = '',
    Duration: window,
  } = rotation.rules;
  const since = secret.rotatedAt ?? rotation.configuredAt;
  const [, count, unit] = /^rate\((\d+) (hour|day)s?\)$/.exec(expression) ?? [];

  const opens =
    days !== undefined
      ? addTo(since, days * DAY)
      : count !== undefined
        ? unit === 'hour'
          ? addTo(since, Number(count) * HOUR)
          : // A rate in days opens its windows at midnight.
            startOfDay(addTo(since, Number(count) * DAY))
        : nextOpening(expression, since);
  if (opens === undefined) return undefined;
  if (window !== undefined) return addTo(opens, Number.parseInt(window, 10) * HOUR);
  return unit === 'hour' ? addTo(opens, HOUR) : endOfDay(opens);
}

/** The first window of a cron() expression that opens after that moment. */
function nextOpening(expression: string, since: Date): Date | undefined {
  const cron = parsed(expression);
  if (!cron) return undefined;
  const today = Math.floor(since.getTime() / DAY) * DAY;
  for (let day = 0; day < LONGEST_SEARCH_DAYS; day += 1) {
    const opens = new Date(today + day * DAY + cron.hour * HOUR);
    if (opens > since && cron.opensOn(calendarDay(opens))) return opens;
  }
  return undefined;
}

/** An expression that the product would refuse, and AWS perhaps not, has no next date here. */
function parsed(expression: string): CronExpression | undefined {
  try {
    return parseCronExpression(expression);
  } catch (error) {
    if (error instanceof ScheduleSyntaxError) return undefined;
    throw error;
  }
}

const calendarDay = (date: Date) => ({
  year: date.getUTCFullYear(),
  month: date.getUTCMonth() + 1,
  dayOfMonth: date.getUTCDate(),
  dayOfWeek: date.getUTCDay() + 1,
  daysInMonth: new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate(),
});

const addTo = (date: Date, ms: number): Date => new Date(date.getTime() + ms);

const startOfDay = (date: Date): Date => new Date(Math.floor(date.getTime() / DAY) * DAY);

const endOfDay = (date: Date): Date => addTo(startOfDay(date), DAY - 1000);
