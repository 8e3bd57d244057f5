import type { AccessKey } from '../model/access-key';
import type { Journal, PreviousKey } from '../model/journal';
import { decodeSecretValue, wasStoredByUs } from '../model/secret-value';
import { journalOf, listKeys, type KeyWork } from './key-work';
import { replacedNow } from './promotion';
import type { ServedKey } from './served-key';

/**
 * Has the journal follow the secret, after it was lost, or where the table was restored and is older than the secret: the
 * served key becomes the current one, and the key under AWSPREVIOUS, if this product stored it, a previous one. So do the
 * keys that an older journal names and IAM still lists.
 *
 * Times of an older journal say nothing of what happened since: all its keys begin their overlap now (R3). Nor can a key
 * that its open attempt may have made be told from others, so that one is left as it is.
 *
 * @param served a key of ours, listed and proved to work.
 */
export async function takeOverServed(work: KeyWork, served: ServedKey): Promise<void> {
  const { ports, leasedJournal } = work;
  const journal = journalOf(work);
  const now = ports.clock.now();
  const listed = await listKeys(work);
  const isOlder = journal.current !== undefined;
  const former = [
    ...(await storedBefore(work, listed)),
    ...(isOlder ? beganAnew(journal, now) : journal.previous),
  ];
  const isFirstOfItsKey = ({ keyId }: PreviousKey, index: number): boolean =>
    former.findIndex((other) => other.keyId === keyId) === index;
  const previous = former.filter(
    (key, index) =>
      key.keyId !== served.keyId && listed.some(({ id }) => id === key.keyId) && isFirstOfItsKey(key, index),
  );
  await leasedJournal.amend({
    current: { ...served, since: now },
    attempt: isOlder ? undefined : journal.attempt,
    previous,
  });
  ports.log.warn('the journal takes over what the secret says', {
    keyId: served.keyId,
    previousKeyIds: previous.map(({ keyId }) => keyId),
  });
}

function beganAnew({ current, attempt, previous }: Journal, now: number): readonly PreviousKey[] {
  return [
    ...(current === undefined ? [] : [replacedNow(current, now)]),
    ...(attempt?.keyId === undefined
      ? []
      : [replacedNow({ keyId: attempt.keyId, versionId: attempt.token, since: now }, now)]),
    ...previous.map(({ keyId, versionId, origin, leaked }): PreviousKey => ({
      ...{ keyId, versionId, origin, leaked },
      replacedAt: now,
      phase: 'overlap',
    })),
  ];
}

/** The key under AWSPREVIOUS, if it is certain that this product made it (R4). */
async function storedBefore(
  { ports, settings }: KeyWork,
  listed: readonly AccessKey[],
): Promise<readonly PreviousKey[]> {
  const stored = await ports.secrets.read(settings.secretArn, { label: 'AWSPREVIOUS' });
  if (stored === undefined) return [];
  const keyId = decodeSecretValue(stored.text)?.accessKeyId;
  const key = listed.find(({ id }) => id === keyId);
  if (key === undefined || !wasStoredByUs(stored.text, settings, key)) return [];
  return [{ keyId: key.id, versionId: stored.versionId, replacedAt: ports.clock.now(), phase: 'overlap' }];
}
