import * as z from 'zod/mini';

/** An Instant, stored as an ISO 8601 string so that a person can read the table. */
export const storedInstant = z.codec(z.iso.datetime(), z.int(), {
  decode: (text) => Date.parse(text),
  encode: (moment) => new Date(moment).toISOString(),
});
