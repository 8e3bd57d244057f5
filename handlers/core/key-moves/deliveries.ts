import { isWritten, targetName, targetShape, type DeliveryTarget } from '../../../contract/delivery';
import type { Instant } from '../../../contract/instant';
import type { Settings } from '../../../contract/settings';
import type { DeliveryJournal, TargetRecord } from '../model/delivery-journal';
import type { CurrentKey, PreviousKey } from '../model/journal';
import type { DeliveryReader } from '../model/ports';

/**
 * Which keys the user's targets hold. Undefined: the user has no targets, or nothing was ever delivered.
 *
 * What it says of a previous key holds only where the user's journal was read before it: a delivery is announced here
 * before its last look at that journal, so that one which this read does not show sees the key that is current now.
 */
export const readDeliveries = async (
  { deliveries }: { readonly deliveries: DeliveryReader },
  { deliver = [], stableKey }: Pick<Settings, 'deliver' | 'stableKey'>,
): Promise<DeliveryJournal | undefined> => (deliver.length === 0 ? undefined : deliveries.read(stableKey));

export const recordOf = (
  target: DeliveryTarget,
  deliveries: DeliveryJournal | undefined,
): TargetRecord | undefined => deliveries?.targets.find((record) => record.target === targetName(target));

/**
 * When whatever a service may read its key from last got another one. A service that was restarted before, by us or by somebody else,
 * may have read that.
 */
export const restartedSince = (
  { since }: Pick<CurrentKey, 'since'>,
  { deliver = [] }: Pick<Settings, 'deliver'>,
  deliveries: DeliveryJournal | undefined,
): Instant => Math.max(since, lastDelivery({ deliver: deliver.filter(isWritten) }, deliveries) ?? since);

/** Whether the target holds the current key for certain, in the shape that the configuration asks for. */
export function isDelivered(
  target: DeliveryTarget,
  current: Pick<CurrentKey, 'keyId' | 'versionId' | 'since'>,
  settings: Pick<Settings, 'deliver'>,
  deliveries: DeliveryJournal | undefined,
): boolean {
  const { keyId, versionId, since } = current;
  const record = recordOf(target, deliveries);
  const isLate =
    !isWritten(target) && (record?.delivered?.at ?? since) < restartedSince(current, settings, deliveries);
  if (isLate) return false;
  return (
    record?.delivered?.keyId === keyId &&
    record.delivered.versionId === versionId &&
    record.delivered.shape === targetShape(target) &&
    record.announced.length === 0
  );
}

/**
 * The targets that hold a key, or may hold it (R12). What a target holds that never got a key of ours, or got it in another
 * shape, nobody knows: somebody may have put this very key there by hand.
 */
export const targetsThatMayHold = (
  { keyId }: Pick<PreviousKey, 'keyId'>,
  current: Pick<CurrentKey, 'since'> | undefined,
  settings: Pick<Settings, 'deliver'>,
  deliveries: DeliveryJournal | undefined,
): readonly DeliveryTarget[] =>
  (settings.deliver ?? []).filter((target) => {
    const { delivered, announced = [] } = recordOf(target, deliveries) ?? {};
    if (delivered?.shape !== targetShape(target)) return true;
    const since = current === undefined ? Infinity : restartedSince(current, settings, deliveries);
    if (!isWritten(target) && delivered.at < since) return true;
    return [delivered, ...announced].some((holds) => holds.keyId === keyId);
  });

/** When the user's targets last got a key; undefined: never. */
export function lastDelivery(
  { deliver = [] }: Pick<Settings, 'deliver'>,
  deliveries: DeliveryJournal | undefined,
): Instant | undefined {
  const moments = deliver.flatMap((target) => recordOf(target, deliveries)?.delivered?.at ?? []);
  return moments.length === 0 ? undefined : Math.max(...moments);
}

/** How often a target was tried, in words. */
export const timesInWords = (attempts: number): string => (attempts === 1 ? 'once' : `${attempts} times`);

/** A target, and why it does not have what it should have, in words for a person. */
export function describeUndelivered(target: DeliveryTarget, deliveries: DeliveryJournal | undefined): string {
  const failing = recordOf(target, deliveries)?.failing;
  if (failing === undefined) return targetName(target);
  return `${targetName(target)} (tried ${timesInWords(failing.attempts)} since ${new Date(failing.since).toISOString()}: ${failing.error})`;
}
