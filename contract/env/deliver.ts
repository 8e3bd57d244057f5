import * as z from 'zod';

/** The environment of the delivery function. `modules/` imports its type, so a missing variable does not compile. */
export const deliverEnvSchema = z.object({
  TABLE_NAME: z.string().min(1),
  /** The prefix of the stack; a dimension of its metrics and a field of its events. */
  STACK: z.string().min(1),
  /** What the names of its secrets begin with: the stack's prefix, but in a shard that of the stack it is a part of. */
  SECRET_NAME_PREFIX: z.string().min(1),
});

export type DeliverEnv = z.input<typeof deliverEnvSchema>;
