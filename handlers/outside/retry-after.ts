import { SECOND, type Milliseconds } from '../../contract/instant';

/** https://www.rfc-editor.org/rfc/rfc9110#name-retry-after: seconds, or a date. Undefined: it says nothing that can be read. */
export function retryAfterIn(header: string | undefined, now = Date.now()): Milliseconds | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,7}$/.test(header)) return Number(header) * SECOND;
  const date = /^[A-Za-z]{3}, [\w: -]{1,40}GMT$/.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
