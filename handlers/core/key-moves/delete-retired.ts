import { describeSecret, journalOf, listKeys, type KeyWork } from './key-work';
import { SECOND, type Instant } from '../../../contract/instant';
import type { PreviousKey } from '../model/journal';
import { forgetPrevious } from './previous-keys';
import { readDeliveries } from './deliveries';
import { whyPreviousStays } from './readability';
import type { Settings } from '../../../contract/settings';
import { suffixOf, emit } from '../telemetry/emit';

/** When a key that we deactivated may be deleted; undefined before that, and once a person has re-activated it. */
export const graceEnd = (key: PreviousKey, settings: Settings): Instant | undefined =>
  key.phase === 'deactivated' && key.deactivatedAt !== undefined && key.reactivatedSeenAt === undefined
    ? key.deactivatedAt + (key.leaked === 'delete' ? 0 : settings.gracePeriodSeconds * SECOND)
    : undefined;

/**
 * Deletes a key that we deactivated, once its grace period is over. Read immediately before the act: it is Inactive,
 * and the secret, with all its copies, serves another key, which is Active.
 *
 * @returns false, with nothing changed, if one of these does not hold.
 */
export async function deleteRetired(work: KeyWork, key: PreviousKey): Promise<boolean> {
  const { ports, leasedJournal, settings } = work;
  const deletableAt = graceEnd(key, settings);
  if (deletableAt === undefined || ports.clock.now() < deletableAt) return false;
  await leasedJournal.renewUnlessFresh();
  const secret = await describeSecret(work);
  const { current } = journalOf(work);
  const deliveries = await readDeliveries(ports, settings);
  const keys = await listKeys(work);
  const statusOf = (keyId: string): string | undefined => keys.find(({ id }) => id === keyId)?.status;
  const stays = whyPreviousStays(key, {
    ...{ secret, journal: { current }, settings, deliveries },
    now: ports.clock.now(),
  });
  const currentServes =
    current !== undefined &&
    current.keyId !== key.keyId &&
    secret.labels.AWSCURRENT === current.versionId &&
    stays === undefined &&
    statusOf(current.keyId) === 'Active';
  if (!currentServes || statusOf(key.keyId) !== 'Inactive') return false;
  await leasedJournal.act(() => ports.keys.delete(settings.userName, key.keyId));
  await forgetPrevious(work, key.keyId);
  const reason = key.leaked === 'delete' ? 'it is leaked' : 'its grace period is over';
  ports.log.info(`a previous key is deleted, because ${reason}`, { keyId: key.keyId });
  emit(work, 'Key Deleted', { keyIdSuffix: suffixOf(key.keyId), reason });
  return true;
}
