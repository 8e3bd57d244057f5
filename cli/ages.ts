import { DAY, HOUR, MINUTE, SECOND, type Milliseconds } from '../contract/instant';

const UNITS = [
  [DAY, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'min'],
  [SECOND, 's'],
] as const;

/** A length as a table shows it, in its largest unit, rounded down: `12 d`, `3 h`. */
export function shortLength(length: Milliseconds): string {
  const [unit, name] = UNITS.find(([one]) => length >= one) ?? UNITS[3];
  return `${Math.floor(length / unit)} ${name}`;
}

/** A moment as seen from another one: `in 3 d`, `2 h ago`. */
export function fromNow(moment: string, now: string): string {
  const length = Date.parse(moment) - Date.parse(now);
  return length >= 0 ? `in ${shortLength(length)}` : `${shortLength(-length)} ago`;
}

/** A moment for people: `2026-01-31 07:00 UTC`. */
export const inUtc = (moment: string): string => `${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC`;
