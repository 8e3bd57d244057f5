import * as z from 'zod';

/**
 * What Terraform says about one rotated user: the item `settings#<stable key>` of the table.
 * It is the only authority for which IAM user belongs to which secret.
 */
export const settingsSchema = z.object({
  stableKey: z.string().min(1),
  accountId: z.string().regex(/^\d{12}$/),
  userName: z.string().min(1),
  /** The user's unique id (`AIDA…`): a user deleted and made again under the same name is another user. */
  userId: z.string().min(1),
  secretArn: z.string().startsWith('arn:'),
  overlapSeconds: z.number().int().nonnegative(),
  gracePeriodSeconds: z.number().int().nonnegative(),
  owner: z.string().min(1).optional(),
});

export type Settings = z.infer<typeof settingsSchema>;

/** The table's partition key; there is no sort key. */
export const TABLE_PARTITION_KEY = 'pk';

export const settingsItemKey = (stableKey: string): string => `settings#${stableKey}`;
export const journalItemKey = (stableKey: string): string => `journal#${stableKey}`;

/** The sweep's own item: who sweeps, and where the next run begins. */
export const SWEEP_ITEM_KEY = 'sweep';
