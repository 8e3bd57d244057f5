import * as z from 'zod';

/** The environment of the responder. `modules/` imports its type, so a missing variable does not compile. */
export const respondEnvSchema = z.object({
  TABLE_NAME: z.string().min(1),
  /** The account that it is in: reports of others are none of ours. */
  ACCOUNT_ID: z.string().min(1),
  /** The prefix of the stack; a field of its events, and what the names of the rotation functions begin with. */
  STACK: z.string().min(1),
  /** `shared`: one function rotates all users of the stack. */
  FUNCTIONS: z.enum(['per-user', 'shared']),
  /** The stable key of the one user whose key a drill may have replaced. Absent: a drill starts nothing. */
  DRILL_USER: z.string().min(1).optional(),
});

export type RespondEnv = z.input<typeof respondEnvSchema>;
