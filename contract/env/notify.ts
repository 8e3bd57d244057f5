import * as z from 'zod';

import { MESSAGE_FORMATS } from '../chat-notification';

/** The environment of the notification function. `modules/` imports its type, so a missing variable does not compile. */
export const notifyEnvSchema = z.object({
  TABLE_NAME: z.string().min(1),
  /** The account that it is in: events of others are none of ours. */
  ACCOUNT_ID: z.string().min(1),
  /** The stack's prefix: its alarms are named after it. */
  STACK: z.string().min(1),
  /** What the names of its secrets begin with: the stack's prefix, but in a shard that of the stack it is a part of. */
  SECRET_NAME_PREFIX: z.string().min(1),
  /** `true`: secrets whose names begin so may be another shard's. */
  SHARDED: z.enum(['true', 'false']),
  /** Where messages go, separated by commas. */
  TOPIC_ARNS: z.string().transform((text, context) => {
    const arns = text.split(',').filter((arn) => arn !== '');
    if (arns.length === 0) context.addIssue({ code: 'custom', message: 'no topic' });
    return arns;
  }),
  /** The address of docs/runbook.md. */
  RUNBOOK_URL: z.string().min(1),
  FORMAT: z.enum(MESSAGE_FORMATS).default('text'),
});

export type NotifyEnv = z.input<typeof notifyEnvSchema>;
