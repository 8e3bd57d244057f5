import type { SWEEP_ITEM_KEY, TABLE_PARTITION_KEY } from '../../handlers/core/settings';

/** Checked by the compiler: the handlers' name for it, written a second time because only types cross over. */
export const PARTITION_KEY: typeof TABLE_PARTITION_KEY = 'pk';

/** Checked by the compiler: the sweep's own item. */
export const SWEEP_KEY: typeof SWEEP_ITEM_KEY = 'sweep';

/** Checked by a test against the handlers' `settingsItemKey`. */
export const settingsKey = (stableKey: string): string => `settings#${stableKey}`;

/** Checked by a test against the handlers' `findingsItemKey`. */
export const findingsKey = (stableKey: string): string => `findings#${stableKey}`;

/** Checked by a test against the handlers' `notifiedItemKey`: whatever it begins with, `*` stands for. */
export const notifiedKey = (fault: string): string => `notified#${fault}`;

/** Checked by a test against the handlers' `journalItemKey`. */
export const journalKey = (stableKey: string): string => `journal#${stableKey}`;
