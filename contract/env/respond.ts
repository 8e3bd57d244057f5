import * as z from 'zod/mini';

import { someText } from '../schema-parts';

/** The environment of the responder. `modules/` imports its type, so a missing variable does not compile. */
export const respondEnvSchema = z.object({
  TABLE_NAME: someText,
  /** The account that it is in: reports of others are none of ours. */
  ACCOUNT_ID: someText,
  /** The prefix of the stack; a field of its events, and what the names of the rotation functions begin with. */
  STACK: someText,
  /** `shared`: one function rotates all users of the stack. */
  FUNCTIONS: z.enum(['per-user', 'shared']),
  /** The stable key of the one user whose key a drill may have replaced. Absent: a drill starts nothing. */
  DRILL_USER: z.optional(someText),
});

export type RespondEnv = z.input<typeof respondEnvSchema>;
