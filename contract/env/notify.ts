import * as z from 'zod/mini';

import { MESSAGE_FORMATS } from '../chat-notification';
import { someText } from '../schema-parts';

/** The environment of the notification function. `modules/` imports its type, so a missing variable does not compile. */
export const notifyEnvSchema = z.object({
  TABLE_NAME: someText,
  /** The account that it is in: events of others are none of ours. */
  ACCOUNT_ID: someText,
  /** The stack's prefix: its alarms are named after it. */
  STACK: someText,
  /** What the names of its secrets begin with: the stack's prefix, but in a shard that of the stack it is a part of. */
  SECRET_NAME_PREFIX: someText,
  /** `true`: secrets whose names begin so may be another shard's. */
  SHARDED: z.enum(['true', 'false']),
  /** Where messages go, separated by commas. */
  TOPIC_ARNS: z.pipe(
    z.string(),
    z.transform((text: string, context) => {
      const arns = text.split(',').filter((arn) => arn !== '');
      if (arns.length === 0) context.issues.push({ code: 'custom', message: 'no topic', input: text });
      return arns;
    }),
  ),
  /** The address of docs/runbook.md. */
  RUNBOOK_URL: someText,
  FORMAT: z._default(z.enum(MESSAGE_FORMATS), 'text'),
});

export type NotifyEnv = z.input<typeof notifyEnvSchema>;
