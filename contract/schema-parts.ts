import { en } from 'zod/locales';
import * as z from 'zod/mini';

/*
 * What contract/ and the functions read is checked with `zod/mini`: the same checks as zod, as functions, so that a bundle has those
 * alone that it uses. With zod itself each function would be 64 kB larger, and a tenth of a cold start would go into it.
 */

/** A text that is not empty. */
export const someText = z.string().check(z.minLength(1));

/** For `parse`, where somebody reads what is wrong: `zod/mini` brings no texts. */
export const IN_ENGLISH = { error: en().localeError };
