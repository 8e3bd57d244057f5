import { journalOf, type KeyWork } from './key-work';
import type { PreviousKey } from '../model/journal';
import { actUnlessGone, findPrevious, journalPrevious, emitReleased } from './previous-keys';
import { replacedNow } from './promotion';
import type { ServedKey } from './served-key';
import { suffixOf, emit } from '../telemetry/emit';

/**
 * Makes the journal follow AWSCURRENT where a person moved it, or an interrupted rollback, with no attempt open:
 *
 * - The served key is a previous one: a person, or a rollback that was interrupted, moved the label back. The two
 *   keys swap, dated now. If we had deactivated that key, it is re-activated at once.
 * - It is the current key under another version (a person stored it again): the journal takes over the version.
 */
export async function followCurrentLabel(work: KeyWork, served: ServedKey | undefined): Promise<void> {
  const { current } = journalOf(work);
  if (served === undefined || served.versionId === current?.versionId) return;
  if (served.keyId === current?.keyId) {
    work.ports.log.warn('the current key was stored again under another version', { ...served });
    return work.leasedJournal.amend({ current: { ...current, versionId: served.versionId } });
  }
  const returning = findPrevious(work, served.keyId);
  if (returning === undefined) {
    throw new Error(
      `Bug: served key ${served.keyId} is neither current nor previous, and no attempt is open.`,
    );
  }
  // Also where an earlier try had announced it and died: it may not have got as far as IAM.
  if (returning.phase !== 'overlap') await reactivate(work, returning);
  await swap(work, served, returning);
}

/**
 * Re-activates a previous key. It is announced first, because a key that is Active while the journal calls it
 * deactivated was re-activated by a person; and it stays `reactivating` until the caller goes on. When we deactivated it is kept:
 * as long as it is Inactive, that was us and no person.
 *
 * @returns false if IAM has no such key any more.
 */
export async function reactivate(work: KeyWork, key: PreviousKey): Promise<boolean> {
  await journalPrevious(work, {
    ...key,
    phase: 'reactivating',
    replacedAt: work.ports.clock.now(),
    reactivatedSeenAt: undefined,
    hold: undefined,
  });
  emitReleased(work, key);
  return actUnlessGone(work, () => work.ports.keys.activate(work.settings.userName, key.keyId));
}

async function swap(work: KeyWork, served: ServedKey, { leaked }: PreviousKey): Promise<void> {
  const { current, previous } = journalOf(work);
  const returning = findPrevious(work, served.keyId);
  const now = work.ports.clock.now();
  await work.leasedJournal.amend({
    // A key that leaked is still leaked when a rollback returns to it: it is reported, and a rotation is requested.
    current: { ...served, since: now, leaked: leaked === 'delete' ? true : leaked },
    previous: [
      ...(current === undefined ? [] : [replacedNow(current, now)]),
      ...previous.filter((key) => key.keyId !== served.keyId),
    ],
  });
  work.ports.log.warn('AWSCURRENT was moved back to a previous key: the journal follows', {
    keyId: served.keyId,
    rejectedKeyId: current?.keyId,
  });
  if (returning !== undefined) emitReleased(work, returning);
  emit(work, 'Key Rolled Back', {
    keyIdSuffix: suffixOf(served.keyId),
    rejectedKeyIdSuffix: current && suffixOf(current.keyId),
  });
}
