import { DAY } from '../../contract/instant';
import type { CronExpression } from './cron-expression';
import type { CalendarDay } from './cron-fields';

/**
 * The calendar repeats its weekdays and leap years every 28 years until 2100, so 29 years hold every gap that
 * an expression can have. A gap is measured in days because all windows open at the same hour, and UTC knows
 * no summer time.
 */
const FIRST_DAY = Date.UTC(2024, 0, 1);
const DAYS_LOOKED_AT = Math.round((Date.UTC(2053, 0, 1) - FIRST_DAY) / DAY);

export interface ScheduleGaps {
  readonly longestGapDays: number;
  readonly shortestGapDays: number;
}

/** The longest and the shortest time between two windows; `undefined` if there are no two windows in 29 years. */
export function cronGaps(expression: CronExpression): ScheduleGaps | undefined {
  let previous: number | undefined;
  let longest: number | undefined;
  let shortest: number | undefined;
  for (const [index, day] of calendar().entries()) {
    if (!expression.opensOn(day)) continue;
    if (previous !== undefined) {
      const gap = index - previous;
      longest = Math.max(longest ?? gap, gap);
      shortest = Math.min(shortest ?? gap, gap);
    }
    previous = index;
  }
  if (longest === undefined || shortest === undefined) return undefined;
  return { longestGapDays: longest, shortestGapDays: shortest };
}

let knownCalendar: readonly CalendarDay[] | undefined;

/** All days that are looked at; made once, as there may be thousands of schedules. */
function calendar(): readonly CalendarDay[] {
  knownCalendar ??= Array.from({ length: DAYS_LOOKED_AT }, (_, index) => calendarDay(index));
  return knownCalendar;
}

function calendarDay(index: number): CalendarDay {
  const date = new Date(FIRST_DAY + index * DAY);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return {
    year,
    month: month + 1,
    dayOfMonth: date.getUTCDate(),
    dayOfWeek: date.getUTCDay() + 1,
    // Day 0 of the next month is the last day of this one.
    daysInMonth: new Date(Date.UTC(year, month + 1, 0)).getUTCDate(),
  };
}
