import { describeSecret, journalOf, listKeys, type AtWork } from './at-work';
import { SECOND, type Instant } from '../../../contract/instant';
import type { PreviousKey } from '../model/journal';
import { forgetPrevious } from './previous-keys';
import type { Settings } from '../../../contract/settings';
import { suffixOf, tell } from '../telemetry/tell';

/** When a key that we deactivated may be deleted; undefined before that, and once a person has re-activated it. */
export const graceEnd = (key: PreviousKey, settings: Settings): Instant | undefined =>
  key.phase === 'deactivated' && key.deactivatedAt !== undefined && key.reactivatedSeenAt === undefined
    ? key.deactivatedAt + (key.leaked === 'delete' ? 0 : settings.gracePeriodSeconds * SECOND)
    : undefined;

/**
 * Deletes a key that we deactivated, once its grace period is over. Read immediately before the act: it is Inactive,
 * and the secret serves another key, which is Active.
 *
 * @returns false, with nothing changed, if one of these does not hold.
 */
export async function deleteRetired(at: AtWork, key: PreviousKey): Promise<boolean> {
  const { ports, ledger, settings } = at;
  const deletableAt = graceEnd(key, settings);
  if (deletableAt === undefined || ports.clock.now() < deletableAt) return false;
  await ledger.renewUnlessFresh();
  const { labels } = await describeSecret(at);
  const { current } = journalOf(at);
  const keys = await listKeys(at);
  const statusOf = (keyId: string): string | undefined => keys.find(({ id }) => id === keyId)?.status;
  const currentServes =
    current !== undefined &&
    current.keyId !== key.keyId &&
    labels.AWSCURRENT === current.versionId &&
    statusOf(current.keyId) === 'Active';
  if (!currentServes || statusOf(key.keyId) !== 'Inactive') return false;
  await ledger.act(() => ports.keys.delete(settings.userName, key.keyId));
  await forgetPrevious(at, key.keyId);
  ports.log.info('a retired key is deleted, its grace period is over', { keyId: key.keyId });
  tell(at, 'Key Deleted', {
    keyIdSuffix: suffixOf(key.keyId),
    reason: key.leaked === 'delete' ? 'it is leaked' : 'its grace period is over',
  });
  return true;
}
