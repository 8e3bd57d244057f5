/** A whole number and its unit: `90d`, `24h`, `30m`; nothing but a whole number of one unit. */
export const DURATION_PATTERN = /^(0|[1-9]\d{0,4})[dhm]$/;

const MINUTE_SECONDS = 60;
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

/** Seconds in the words of an error: `1d`, `9d 3h`, `30m`. */
export function formatDuration(seconds: number): string {
  const days = Math.floor(seconds / DAY_SECONDS);
  const hours = Math.floor((seconds % DAY_SECONDS) / HOUR_SECONDS);
  const minutes = Math.ceil((seconds % HOUR_SECONDS) / MINUTE_SECONDS);
  const parts = [days > 0 && `${days}d`, hours > 0 && `${hours}h`, minutes > 0 && `${minutes}m`].filter(
    Boolean,
  );
  return parts.length === 0 ? '0h' : parts.join(' ');
}
