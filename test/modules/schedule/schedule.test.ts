import * as fc from 'fast-check';

import { parseCronExpression } from '../../../modules/schedule/cron-expression';
import { defaultSchedule, scheduleAsWritten, scheduleEvery } from '../../../modules/schedule/schedule';
import { cronGaps } from '../../../modules/schedule/schedule-gaps';

const stableKeys = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,40}$/);
const manyKeys = Array.from({ length: 5000 }, (_, index) => `user_${index}`);
const DAY = 24;

it('the default schedule is the same for a key everywhere and for ever: another would move every rotation', () => {
  expect(defaultSchedule('ci-deployer')).toEqual({
    expression: 'cron(0 21 16 2,4,6,8,10,12 ? *)',
    windowHours: 3,
    longestGapDays: 62,
    shortestGapDays: 59,
  });
  expect(defaultSchedule('reports').expression).toBe('cron(0 17 26 2,4,6,8,10,12 ? *)');
});

it('the default schedule is one that Secrets Manager takes, with the gaps that it claims, whatever the key', () => {
  fc.assert(
    fc.property(stableKeys, fc.integer({ min: 1, max: 24 }), (key, windowHours) => {
      const schedule = defaultSchedule(key, windowHours);
      const { longestGapDays, shortestGapDays } = schedule;
      expect(scheduleAsWritten(schedule.expression, windowHours)).toEqual(schedule);
      expect({ longestGapDays, shortestGapDays }).toEqual({ longestGapDays: 62, shortestGapDays: 59 });
    }),
    { numRuns: 200 },
  );
});

it('the default schedule spreads 5,000 users over both months, all days to the 28th and all hours whose window ends by midnight', () => {
  const fields = manyKeys.map((key) => defaultSchedule(key).expression.slice(5, -1).split(' '));
  const count = (index: number): number[] => {
    const byValue = new Map<string, number>();
    for (const field of fields) byValue.set(field[index] ?? '', (byValue.get(field[index] ?? '') ?? 0) + 1);
    return [...byValue.values()];
  };
  expect([count(1).length, count(2).length, count(3).length]).toEqual([22, 28, 2]);
  // Evenly: nothing is twice as crowded as it would be if all were alike.
  expect(Math.max(...count(1))).toBeLessThan((2 * 5000) / 22);
  expect(Math.max(...count(2))).toBeLessThan((2 * 5000) / 28);
  expect(new Set(manyKeys.map((key) => defaultSchedule(key).expression)).size).toBeGreaterThan(1100);
});

it('rotateEvery is never later than asked, at most a tenth sooner, and leaves the time that both keys need', () => {
  fc.assert(
    fc.property(stableKeys, fc.integer({ min: 2, max: 999 }), fc.nat({ max: 999 }), (key, days, room) => {
      const leastGapDays = Math.max(1, days - room);
      const { longestGapDays, shortestGapDays } = scheduleEvery(key, days * DAY, leastGapDays);
      expect(longestGapDays).toBeLessThanOrEqual(days);
      expect(shortestGapDays).toBeGreaterThanOrEqual(leastGapDays);
      expect(shortestGapDays).toBeGreaterThanOrEqual(days * 0.9);
    }),
  );
});

it('rotateEvery spreads users that are made by one apply over the days of that tenth', () => {
  const expressions = new Set(manyKeys.map((key) => scheduleEvery(key, 60 * DAY, 10).expression));
  expect([...expressions].toSorted()).toEqual(
    [54, 55, 56, 57, 58, 59, 60].map((days) => `rate(${days} days)`),
  );
});

it.each([
  ['a short interval, which has no tenth', 9 * DAY, 1, 'rate(9 days)', 24],
  ['an interval with no room left', 60 * DAY, 60, 'rate(60 days)', 24],
  ['room of less than a day', 60 * DAY, 59.5, 'rate(60 days)', 24],
  ['a single day', DAY, 1, 'rate(1 day)', 24],
  ['hours that are no whole days', 36, 1, 'rate(36 hours)', 1],
])('rotateEvery takes %s as it is', (_what, hours, leastGapDays, expression, windowHours) => {
  expect(scheduleEvery('ci-deployer', hours, leastGapDays)).toMatchObject({ expression, windowHours });
});

it.each([
  ['cron(0 4 1 * ? *)', 3, 31, 28],
  ['cron(0 4 1,15 * ? *)', 3, 17, 14],
  ['cron(0 4 1/10 * ? *)', 3, 10, 1],
  ['cron(0 4 1-15/7 * ? *)', 3, 17, 7],
  ['cron(0 4 L * ? *)', 3, 31, 28],
  ['cron(0 4 1 1,4,7,10 ? *)', 3, 92, 90],
  ['cron(0 4 1 JAN,JUL ? *)', 3, 184, 181],
  ['cron(0 4 1 3/2 ? *)', 3, 121, 61],
  ['cron(0 4 15 6 ? *)', 3, 366, 365],
  ['cron(0 4 31 * ? *)', 3, 61, 31],
  ['cron(0 4 * * ? *)', 3, 1, 1],
  ['cron(0 4 ? * MON *)', 3, 7, 7],
  ['cron(0 4 ? * 2 *)', 3, 7, 7],
  ['cron(0 4 ? * L *)', 3, 7, 7],
  ['cron(0 4 ? * MON-FRI *)', 3, 3, 1],
  ['cron(0 4 ? * MON,THU *)', 3, 4, 3],
  ['cron(0 4 ? * SUN#1 *)', 3, 35, 28],
  ['cron(0 4 ? * TUE#5 *)', 3, 119, 63],
  ['cron(0 4 ? * SUNL *)', 3, 35, 28],
  ['cron(0 22 1 * ? *)', 2, 31, 28],
  ['cron(0 23 1 * ? *)', 1, 31, 28],
  ['cron(0   4 1 *  ? *)', 3, 31, 28],
  ['rate(60 days)', 24, 60, 60],
  ['rate(1 day)', 24, 1, 1],
  ['rate(36 hours)', 1, 1.5, 1.5],
  ['rate(48 hours)', 24, 2, 2],
])(
  'the schedule %s has a window of %d hours and gaps of %d to %d days',
  (text, windowHours, longest, shortest) => {
    expect(scheduleAsWritten(text)).toMatchObject({
      windowHours,
      longestGapDays: longest,
      shortestGapDays: shortest,
    });
  },
);

it('a schedule as written keeps the window that is written, up to midnight', () => {
  expect(scheduleAsWritten('cron(0 20 1 * ? *)', 4).windowHours).toBe(4);
  expect(() => scheduleAsWritten('cron(0 20 1 * ? *)', 5)).toThrow('at most 4h, not 5h');
});

const openDays = (text: string, year: number, month: number): number[] => {
  const { opensOn } = parseCronExpression(text);
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return Array.from({ length: daysInMonth }, (_, index) => index + 1).filter((dayOfMonth) => {
    const dayOfWeek = new Date(Date.UTC(year, month - 1, dayOfMonth)).getUTCDay() + 1;
    return opensOn({ year, month, dayOfMonth, dayOfWeek, daysInMonth });
  });
};

// Read off a calendar: 1 March 2026 is a Sunday, 1 February 2028 is a Tuesday in a leap year.
it.each([
  ['cron(0 4 ? * SUN#1 *)', 2026, 3, [1]],
  ['cron(0 4 ? * SUN#5 *)', 2026, 3, [29]],
  ['cron(0 4 ? * SAT *)', 2026, 3, [7, 14, 21, 28]],
  ['cron(0 4 ? * 1 *)', 2026, 3, [1, 8, 15, 22, 29]],
  ['cron(0 4 ? * FRIL *)', 2026, 3, [27]],
  ['cron(0 4 ? * TUEL *)', 2026, 3, [31]],
  ['cron(0 4 ? * TUE#5 *)', 2028, 2, [29]],
  ['cron(0 4 L * ? *)', 2028, 2, [29]],
  ['cron(0 4 1,L * ? *)', 2026, 2, [1, 28]],
  ['cron(0 4 30 * ? *)', 2026, 2, []],
  ['cron(0 4 1 3-5 ? *)', 2026, 2, []],
  ['cron(0 4 1 FEB-APR ? *)', 2026, 2, [1]],
  ['cron(0 4 */9 * ? *)', 2026, 2, [1, 10, 19, 28]],
])('the expression %s opens in %d-%d on %j', (text, year, month, days) => {
  expect(openDays(text, year, month)).toEqual(days);
});

it('the days of a cron expression are looked at for longer than the calendar takes to repeat itself', () => {
  // 29 February on a Monday comes every 28 years: in 2024 it was a Thursday.
  const expression = parseCronExpression('cron(0 4 29 2 ? *)');
  const onMondays = {
    ...expression,
    opensOn: (day: Parameters<typeof expression.opensOn>[0]) =>
      expression.opensOn(day) && day.dayOfWeek === 5,
  };
  expect(cronGaps(onMondays)).toEqual({ longestGapDays: 10_227, shortestGapDays: 10_227 });
});
