import { DAY } from '../../contract/instant';

/** `2027-01-31`, `2027-01-31T18:00Z`, `2027-01-31T18:00:30Z`: in UTC, as every time in the file. */
export const UTC_DATE_OR_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/;

/**
 * The moment at which something ends that lasts until then; a day counts as a whole. Milliseconds since 1970.
 * Undefined: the calendar has no such day, or the clock no such time.
 */
export function parseEnd(text: string): number | undefined {
  const isDay = !text.includes('T');
  const start = Date.parse(isDay ? `${text}T00:00Z` : text);
  // JavaScript takes 2027-02-30 for the second of March.
  if (Number.isNaN(start) || !new Date(start).toISOString().startsWith(text.replace('Z', '')))
    return undefined;
  return isDay ? start + DAY : start;
}
