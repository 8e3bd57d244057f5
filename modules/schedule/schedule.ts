import { createHash } from 'node:crypto';

import type { RotationSchedule } from '../config/configuration';
import { type CronExpression, parseCronExpression } from './cron-expression';
import { cronGaps, type ScheduleGaps } from './schedule-gaps';
import { ScheduleSyntaxError } from './schedule-syntax-error';

/*
 * Where a user's schedule comes from
 *
 *   nothing said         every second month, on a day and at an hour that come from the stable key: 59 to 62
 *                        days apart. A calendar is what AWS recommends, and what spreads best: 1,232 different
 *                        windows.
 *   rotateEvery: 60d     never later than 60 days after the last rotation. No calendar can say that without
 *                        rotating twice as often (months have 28 to 31 days), so it is a rate, which Secrets
 *                        Manager counts from the last rotation; up to a tenth sooner, by the stable key, so that
 *                        users made by one `apply` part. Its window is a day (UTC), within which Secrets Manager
 *                        chooses the time.
 *   schedule: …          exactly as written, cron or rate; nothing is spread.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */

/** The window of the default schedule and, where it fits into the day, of a cron schedule. */
export const DEFAULT_WINDOW_HOURS = 3;

/** A rate's window opens at midnight (UTC) and may last until the next. */
export const DEFAULT_RATE_WINDOW_HOURS = 24;

/** A rate in hours: its default window closes after an hour. */
const DEFAULT_HOURLY_WINDOW_HOURS = 1;

/** Secrets Manager rotates no secret more often. */
export const LEAST_RATE_HOURS = 4;

/** Secrets Manager takes no longer interval. */
export const MOST_RATE_DAYS = 999;

/** Secrets Manager takes no cron expression that leaves out a whole year. */
const MOST_CRON_DAYS = 366;

const HOURS_IN_DAY = 24;

/** The gaps of every default schedule, whatever the key: two months that follow each other. */
export const DEFAULT_GAPS = { longestGapDays: 62, shortestGapDays: 59 } as const;

/** When nothing is said: every second month, on a day and at an hour that come from the stable key. */
export function defaultSchedule(
  stableKey: string,
  windowHours: number = DEFAULT_WINDOW_HOURS,
): RotationSchedule {
  // The 29th to 31st are not in every month; the window has to close before the UTC day does.
  const day = 1 + spread(stableKey, 'day', 28);
  const hour = spread(stableKey, 'hour', HOURS_IN_DAY - windowHours + 1);
  const months = spread(stableKey, 'month', 2) === 0 ? '1,3,5,7,9,11' : '2,4,6,8,10,12';
  return { expression: `cron(0 ${hour} ${day} ${months} ? *)`, windowHours, ...DEFAULT_GAPS };
}

/**
 * `rotateEvery`: never later, and up to a tenth sooner, by the stable key, but not under `leastGapDays`.
 * Intervals that are no whole days are taken as they are.
 */
export function scheduleEvery(
  stableKey: string,
  intervalHours: number,
  leastGapDays: number,
  windowHours: number = defaultRateWindow(intervalHours),
): RotationSchedule {
  if (intervalHours % HOURS_IN_DAY !== 0) return rate(intervalHours, windowHours);
  const days = intervalHours / HOURS_IN_DAY;
  const room = Math.max(0, Math.min(Math.floor(days / 10), Math.floor(days - leastGapDays)));
  return rate((days - spread(stableKey, 'interval', room + 1)) * HOURS_IN_DAY, windowHours);
}

/** `schedule`, as written. @throws ScheduleSyntaxError */
export function scheduleAsWritten(text: string, windowHours?: number): RotationSchedule {
  const rateHours = parseRate(text);
  if (rateHours !== undefined) {
    return checkedWindow(rate(rateHours, windowHours ?? defaultRateWindow(rateHours)), 0);
  }
  if (!text.startsWith('cron(')) {
    throw new ScheduleSyntaxError(
      'a schedule is a cron() or rate() expression of Secrets Manager',
      'schedule: cron(0 4 1 * ? *), or schedule: rate(60 days)',
    );
  }
  const { cron, gaps } = cronWithGaps(text);
  if (gaps === undefined || gaps.longestGapDays > MOST_CRON_DAYS) {
    throw new ScheduleSyntaxError(
      'the days of a schedule come round every year; these ' +
        (gaps === undefined ? 'never do' : `are up to ${gaps.longestGapDays} days apart`),
      'schedule: cron(0 4 1 * ? *), with days that every year has',
    );
  }
  const windowThatFits = Math.min(DEFAULT_WINDOW_HOURS, HOURS_IN_DAY - cron.hour);
  return checkedWindow(
    { expression: cron.text, windowHours: windowHours ?? windowThatFits, ...gaps },
    cron.hour,
  );
}

const knownCrons = new Map<string, ReturnType<typeof cronWithGaps>>();

/** Remembered, because a schedule in `defaults` is read for every user, and its gaps take a walk over the years. */
function cronWithGaps(text: string): { cron: CronExpression; gaps: ScheduleGaps | undefined } {
  const known = knownCrons.get(text);
  if (known !== undefined) return known;
  const cron = parseCronExpression(text);
  const made = { cron, gaps: cronGaps(cron) };
  knownCrons.set(text, made);
  return made;
}

export function defaultRateWindow(intervalHours: number): number {
  return intervalHours % HOURS_IN_DAY === 0 ? DEFAULT_RATE_WINDOW_HOURS : DEFAULT_HOURLY_WINDOW_HOURS;
}

/** The hours of `rate(60 days)`; `undefined` if it is no rate at all. */
function parseRate(text: string): number | undefined {
  if (!text.startsWith('rate(')) return undefined;
  const [, value, unit] = /^rate\(([1-9]\d{0,4}) (hour|day)s?\)$/.exec(text) ?? [];
  const hours = Number(value) * (unit === 'day' ? HOURS_IN_DAY : 1);
  if (value === undefined || hours < LEAST_RATE_HOURS || hours > MOST_RATE_DAYS * HOURS_IN_DAY) {
    throw new ScheduleSyntaxError(
      `rate() has a whole number of hours or days, from ${LEAST_RATE_HOURS} hours to ${MOST_RATE_DAYS} days`,
      'schedule: rate(60 days)',
    );
  }
  return hours;
}

function rate(hours: number, windowHours: number): RotationSchedule {
  const [value, unit] = hours % HOURS_IN_DAY === 0 ? [hours / HOURS_IN_DAY, 'day'] : [hours, 'hour'];
  const gapDays = hours / HOURS_IN_DAY;
  return {
    expression: `rate(${value} ${unit}${value === 1 ? '' : 's'})`,
    windowHours,
    longestGapDays: gapDays,
    shortestGapDays: gapDays,
  };
}

function checkedWindow(schedule: RotationSchedule, startHour: number): RotationSchedule {
  const room = HOURS_IN_DAY - startHour;
  if (schedule.windowHours > room) {
    throw new ScheduleSyntaxError(
      `a window that opens at ${startHour}:00 UTC closes by midnight: it lasts at most ${room}h, not ` +
        `${schedule.windowHours}h`,
      `window: ${room}h or less, or a schedule with an earlier hour`,
    );
  }
  return schedule;
}

/** A number from 0 to `count - 1` that depends on the stable key alone, evenly spread, the same everywhere. */
function spread(stableKey: string, purpose: string, count: number): number {
  const digest = createHash('sha256').update(`${purpose}:${stableKey}`).digest();
  return digest.readUInt32BE(0) % count;
}
