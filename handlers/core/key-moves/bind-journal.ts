import { listKeys, type KeyWork } from './key-work';
import type { Journal, PreviousKey } from '../model/journal';
import { replacedNow } from './promotion';

/**
 * Makes sure that the journal is about this user and this secret. It begins one where none exists; one of another
 * user or secret it writes to the log, and begins a new one. It carries over the keys of ours that this very user still
 * has, to be retired: a key of ours that IAM still lists is never forgotten.
 */
export async function bindJournal(work: KeyWork): Promise<void> {
  const { ports, settings, leasedJournal } = work;
  const { userId, secretArn } = settings;
  const former = leasedJournal.journal;
  if (former?.userId === userId && former.secretArn === secretArn) return;
  if (former !== undefined)
    ports.log.warn('the journal was about another user or secret, so a new one is begun', { former });
  const previous = former?.userId === userId ? await carryOver(work, former) : [];
  await leasedJournal.write({ userId, secretArn, previous });
}

async function carryOver(work: KeyWork, former: Journal): Promise<PreviousKey[]> {
  const listed = new Set((await listKeys(work)).map(({ id }) => id));
  const replacedAt = work.ports.clock.now();
  const { current, attempt, previous } = former;
  const formerlyCurrent = [
    ...(current === undefined ? [] : [current]),
    ...(attempt?.keyId === undefined
      ? []
      : [{ keyId: attempt.keyId, versionId: attempt.token, since: replacedAt }]),
  ];
  // Their versions belong to the other secret.
  return [...formerlyCurrent.map((key) => replacedNow(key, replacedAt)), ...previous]
    .map((key) => ({ ...key, versionId: undefined }))
    .filter(({ keyId }) => listed.has(keyId));
}
