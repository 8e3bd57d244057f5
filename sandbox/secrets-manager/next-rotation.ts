import type { Secret } from './secret';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * The latest moment at which the next rotation will have begun: the end of its window. Undefined where rotation is
 * off, and for cron() schedules, which the sandbox never runs by itself.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
export function nextRotation(secret: Secret): Date | undefined {
  const { rotation } = secret;
  if (!rotation?.enabled) return undefined;
  const { AutomaticallyAfterDays: days, ScheduleExpression: expression, Duration: window } = rotation.rules;
  const [, count, unit] = /^rate\((\d+) (hour|day)s?\)$/.exec(expression ?? '') ?? [];
  const everyMs =
    days !== undefined
      ? days * DAY_MS
      : count === undefined
        ? undefined
        : Number(count) * (unit === 'hour' ? HOUR_MS : DAY_MS);
  if (everyMs === undefined) return undefined;
  const since = secret.rotatedAt ?? rotation.configuredAt;
  const due = since.getTime() + everyMs;
  if (window !== undefined) return new Date(due + Number.parseInt(window, 10) * HOUR_MS);
  return unit === 'hour'
    ? new Date(due + HOUR_MS)
    : new Date(Math.floor(due / DAY_MS) * DAY_MS + DAY_MS - 1000);
}
