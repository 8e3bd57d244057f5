/* The keys of the table's items: Terraform writes and permits what the functions ask for. */

/** The table's partition key; there is no sort key. */
export const TABLE_PARTITION_KEY = 'pk';

export const settingsItemKey = (stableKey: string): string => `settings#${stableKey}`;
export const journalItemKey = (stableKey: string): string => `journal#${stableKey}`;
export const deliveryItemKey = (stableKey: string): string => `delivery#${stableKey}`;
export const acknowledgementItemKey = (stableKey: string): string => `acknowledgement#${stableKey}`;
export const findingsItemKey = (stableKey: string): string => `findings#${stableKey}`;

/**
 * What people were told of: the fault of a user, or of the whole stack. No stable key is `*`.
 *
 * @param about - the last four characters of a key's id, after `drill#` in a drill; or `last`: not one fault, but when one of this kind was told; or
 *   the place of a suspicious act in its hour
 */
export const notifiedItemKey = (user: string | undefined, kind: string, about?: string): string =>
  `notified#${user ?? '*'}#${kind}${about === undefined ? '' : `#${about}`}`;

/** Which suspicious acts people are told of within an hour, by the group that they are counted in. */
export const toldActsItemKey = (group: string): string => notifiedItemKey(undefined, 'suspiciousAct', group);

/** Every `notified` item, as a policy writes it. */
export const NOTIFIED_ITEM_KEYS = 'notified#*';

/** The sweep's own item: who sweeps, and where the next run begins. */
export const SWEEP_ITEM_KEY = 'sweep';

/**
 * When an emergency of many users began: the operators' item.
 *
 * @param whose - whose keys: one choice of users, the same each time that they are chosen in the same way
 */
export const emergencyItemKey = (whose: string): string => `emergency#${whose}`;
