import { describeSecret, journalOf, listKeys, type KeyWork } from './key-work';
import type { PreviousKey } from '../model/journal';
import { actUnlessGone, findPrevious, forgetPrevious, journalPrevious, emitReleased } from './previous-keys';
import { readDeliveries } from './deliveries';
import { whyPreviousStays } from './readability';
import { suffixOf, emit } from '../telemetry/emit';

/**
 * Deactivates a previous key, if the current one is there to take over; otherwise leaves it as it is and says so.
 * `deactivating` is journaled before the act and `deactivated` after it, so that only a key seen Active after
 * `deactivated` was re-activated by a person. The grace period counts from `deactivated`.
 *
 * @param reason why, for a person.
 * @returns false, with the key untouched, if the current one is not there, or applications may not be able to read it.
 */
export async function deactivatePrevious(work: KeyWork, key: PreviousKey, reason: string): Promise<boolean> {
  const { ports, settings } = work;
  const announced: PreviousKey = {
    ...key,
    phase: 'deactivating',
    hold: undefined,
    reactivatedSeenAt: undefined,
  };
  await journalPrevious(work, announced);
  const obstacle = await whyCurrentCannotTakeOver(work, key);
  if (obstacle !== undefined) {
    await journalPrevious(work, key);
    ports.log.warn('the previous key is not deactivated, because it may be the only one that works', {
      keyId: key.keyId,
      obstacle,
    });
    return false;
  }
  if (!(await actUnlessGone(work, () => ports.keys.deactivate(settings.userName, key.keyId)))) {
    await forgetPrevious(work, key.keyId);
    ports.log.warn('the previous key was deleted by somebody else', { keyId: key.keyId });
    return true;
  }
  await journalPrevious(work, { ...announced, phase: 'deactivated', deactivatedAt: ports.clock.now() });
  ports.log.info('the previous key is deactivated', { keyId: key.keyId });
  emitReleased(work, key);
  emit(work, 'Key Deactivated', { keyIdSuffix: suffixOf(key.keyId), reason });
  return true;
}

/**
 * Completes what a crash interrupted between two journal entries. A deactivation is made again: it may be done or not. A
 * re-activation of a key that is not served was the beginning of a rollback that got no further: the key is in its
 * overlap again.
 */
export async function finishPhases(work: KeyWork): Promise<void> {
  for (const { keyId } of journalOf(work).previous) {
    const key = findPrevious(work, keyId);
    if (key?.phase === 'deactivating')
      await deactivatePrevious(work, key, 'an earlier deactivation of it was interrupted');
    if (key?.phase === 'reactivating') {
      const isActive = (await listKeys(work)).some(({ id, status }) => id === keyId && status === 'Active');
      await journalPrevious(work, {
        ...key,
        phase: 'overlap',
        replacedAt: work.ports.clock.now(),
        // Who finds it Inactive later has to know whether a person did that.
        deactivatedAt: isActive ? undefined : key.deactivatedAt,
      });
    }
  }
}

/** Read immediately before the act: the secret and its copies must serve another key, one that is there and Active. */
async function whyCurrentCannotTakeOver(work: KeyWork, key: PreviousKey): Promise<string | undefined> {
  const { current } = journalOf(work);
  const secret = await describeSecret(work);
  const { labels } = secret;
  if (current === undefined || labels.AWSCURRENT !== current.versionId) {
    return 'AWSCURRENT is not on the version of the current key';
  }
  if (current.keyId === key.keyId) return 'it is the current key';
  const { ports, settings } = work;
  const deliveries = await readDeliveries(ports, settings);
  const stays = whyPreviousStays(key, {
    ...{ secret, journal: { current }, settings, deliveries },
    now: ports.clock.now(),
  });
  if (stays !== undefined) return stays.what;
  const status = (await listKeys(work)).find(({ id }) => id === current.keyId)?.status;
  return status === 'Active' ? undefined : `current key ${current.keyId} is ${status ?? 'gone'}`;
}
