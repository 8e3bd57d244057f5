import { describeSecret, journalOf, listKeys, type AtWork } from './at-work';
import type { PreviousKey } from './journal';

/**
 * Deactivates a previous key, if the current one is there to take over; otherwise leaves it as it is and says so.
 * `deactivating` is journaled before the act and `deactivated` after it, so that only a key seen Active after
 * `deactivated` was re-activated by a person. The grace period counts from `deactivated`.
 *
 * @returns false, with the key untouched, if the current one is not there.
 */
export async function deactivatePrevious(at: AtWork, key: PreviousKey): Promise<boolean> {
  const { ports, ledger, settings } = at;
  await journalPhase(at, { ...key, phase: 'deactivating' });
  const obstacle = await whyCurrentCannotTakeOver(at, key);
  if (obstacle !== undefined) {
    ports.log.warn('the previous key is not deactivated, because it may be the only one that works', {
      keyId: key.keyId,
      obstacle,
    });
    return false;
  }
  await ledger.act(() => ports.keys.deactivate(settings.userName, key.keyId));
  await journalPhase(at, { ...key, phase: 'deactivated', deactivatedAt: ports.clock.now(), hold: undefined });
  ports.log.info('the previous key is deactivated', { keyId: key.keyId });
  return true;
}

/** A deactivation that died between its two journal entries is made again: the act may have happened or not. */
export async function finishDeactivation(at: AtWork): Promise<void> {
  for (const key of journalOf(at).previous) {
    if (key.phase === 'deactivating') await deactivatePrevious(at, key);
  }
}

const journalPhase = (at: AtWork, changed: PreviousKey): Promise<void> =>
  at.ledger.amend({
    previous: journalOf(at).previous.map((key) => (key.keyId === changed.keyId ? changed : key)),
  });

/** Read immediately before the act: the secret must serve another key, one that is there and Active. */
async function whyCurrentCannotTakeOver(at: AtWork, key: PreviousKey): Promise<string | undefined> {
  const { current } = journalOf(at);
  const { labels } = await describeSecret(at);
  if (current === undefined || labels.AWSCURRENT !== current.versionId) {
    return 'AWSCURRENT is not on the version of the current key';
  }
  if (current.keyId === key.keyId) return 'it is the current key';
  const status = (await listKeys(at)).find(({ id }) => id === current.keyId)?.status;
  return status === 'Active' ? undefined : `current key ${current.keyId} is ${status ?? 'gone'}`;
}
