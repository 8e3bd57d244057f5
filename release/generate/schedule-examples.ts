import { defaultSchedule, scheduleAsWritten, scheduleEvery } from '../../modules/schedule/schedule';

/** Any stable key will do, as long as it stays the same. */
const KEY = 'ci-deployer';

/** What is shown, with the room that the defaults of overlap, grace period and window leave. */
const LEAST_GAP_DAYS = 10;

/** What users get for what is written, for docs/configuration.md: computed, so that it is true. */
export function scheduleExamples(): string {
  const byDefault = defaultSchedule(KEY);
  const rows = [
    ['nothing', `\`${byDefault.expression}\`, for instance`, gaps([byDefault])],
    ...[14, 30, 60].map((days) => {
      const all = allSchedulesEvery(days);
      const longest = all.at(-1)?.expression ?? '';
      const shortest = all[0]?.expression ?? '';
      const expressions = longest === shortest ? `\`${longest}\`` : `\`${shortest}\` to \`${longest}\``;
      return [`\`rotateEvery: ${days}d\``, expressions, gaps(all)];
    }),
    ...['cron(0 4 1 * ? *)', 'cron(0 4 1 1,4,7,10 ? *)', 'cron(0 4 ? * SUN#1 *)', 'rate(60 days)'].map(
      (text) => [`\`schedule: ${text}\``, 'as written', gaps([scheduleAsWritten(text)])],
    ),
  ];
  return [
    '| written | the schedule in Secrets Manager | days from one rotation to the next |',
    '| --- | --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}

/** All that a stable key may make of it, the shortest first. */
function allSchedulesEvery(days: number): ReturnType<typeof scheduleEvery>[] {
  const byExpression = new Map(
    Array.from({ length: 1000 }, (_, index) => {
      const schedule = scheduleEvery(`user_${index}`, days * 24, Math.min(days, LEAST_GAP_DAYS));
      return [schedule.expression, schedule] as const;
    }),
  );
  return [...byExpression.values()].toSorted((a, b) => a.longestGapDays - b.longestGapDays);
}

function gaps(schedules: readonly { longestGapDays: number; shortestGapDays: number }[]): string {
  const shortest = Math.min(...schedules.map(({ shortestGapDays }) => shortestGapDays));
  const longest = Math.max(...schedules.map(({ longestGapDays }) => longestGapDays));
  return shortest === longest ? `${longest}` : `${shortest} to ${longest}`;
}
