import * as z from 'zod/mini';

import { EVENT_SOURCE } from './telemetry-names';
import { someText } from './schema-parts';

/** What EventBridge Scheduler sends each hour: to look at all users. */
export const DELIVER_ALL = { deliver: 'all' } as const;

/** After these events of ours another key may be the current one. */
export const DELIVERY_EVENTS = ['Key Promoted', 'Key Rolled Back'] as const;

/**
 * What the delivery function is invoked with. Secrets Manager's event needs no trail (F 5.7).
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/event-detail-secret-label-updated-secretsmanager.html
 */
export const deliveryInputSchema = z.union([
  z.object({ deliver: z.literal('all') }),
  z.object({
    source: z.literal(EVENT_SOURCE),
    'detail-type': z.enum(DELIVERY_EVENTS),
    detail: z.object({ user: someText }),
  }),
  z.object({
    source: z.literal('aws.secretsmanager'),
    'detail-type': z.literal('Secret Label Updated'),
    resources: z.array(z.string().check(z.startsWith('arn:'))).check(z.minLength(1)),
  }),
]);

export type DeliveryInput = z.output<typeof deliveryInputSchema>;
