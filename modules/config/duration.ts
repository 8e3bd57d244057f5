/** A whole number and its unit: `90d`, `24h`, `30m`; nothing but a whole number of one unit. */
export const DURATION_PATTERN = /^(0|[1-9]\d{0,4})[dhm]$/;

export const MINUTE_SECONDS = 60;
export const HOUR_SECONDS = 60 * MINUTE_SECONDS;
export const DAY_SECONDS = 24 * HOUR_SECONDS;

const SECONDS_OF_UNIT: Readonly<Record<string, number>> = {
  d: DAY_SECONDS,
  h: HOUR_SECONDS,
  m: MINUTE_SECONDS,
};

/** `24h` in seconds. The text was checked by the schema; anything else is our own mistake. */
export function parseDuration(text: string): number {
  const secondsOfUnit = SECONDS_OF_UNIT[text.slice(-1)];
  if (secondsOfUnit === undefined || !DURATION_PATTERN.test(text)) {
    throw new TypeError(`'${text}' reached parseDuration without having been checked. This is a bug.`);
  }
  return Number(text.slice(0, -1)) * secondsOfUnit;
}

/** Seconds as one writes them in the file, in the largest unit that is exact: 90000 is `25h`, 86400 is `1d`. */
export function formatDuration(seconds: number): string {
  if (seconds % DAY_SECONDS === 0) return `${seconds / DAY_SECONDS}d`;
  if (seconds % HOUR_SECONDS === 0) return `${seconds / HOUR_SECONDS}h`;
  return `${Math.ceil(seconds / MINUTE_SECONDS)}m`;
}
