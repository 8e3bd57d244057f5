import type { AccessKey } from '../model/access-key';
import { describeSecret, journalOf, listKeys, type KeyWork } from '../key-moves/key-work';
import { deactivatePrevious } from '../key-moves/deactivate-previous';
import { deleteRetired } from '../key-moves/delete-retired';
import { SECOND } from '../../../contract/instant';
import type { PreviousKey } from '../model/journal';
import { underLease } from '../key-moves/lease';
import { makeCurrentKey } from '../key-moves/make-current-key';
import type { RotationPorts } from '../model/ports';
import { whyUnreadable } from '../key-moves/readability';
import { actUnlessGone, findPrevious, forgetPrevious, journalPrevious } from '../key-moves/previous-keys';
import { ConfirmationNeededError, TryAgainError, UnknownStateError } from '../model/refusals';
import type { Settings } from '../../../contract/settings';
import { suffixOf, emit } from '../telemetry/emit';
import { LISTING_LAG } from '../model/timing';
import { abandonRotation } from './abandon-rotation';

export interface LeakedKeyRequest {
  readonly leakedKeyId: string;
  /** The key that may be deleted, where both slots are taken and the leaked key is the current one. */
  readonly giveWayKeyId?: string;
}

export interface LeakedKeyReplaced {
  /** Undefined: the leaked key was not the current one, so none was needed. */
  readonly newKeyId: string | undefined;
  readonly leakedKey: 'deleted' | 'deactivated';
}

/** The reason that events give for a key that is retired at once. */
const LEAKED = 'it is leaked';

/**
 * The emergency rotation. A leaked current key is replaced by a new one, proved before it is served, and is then
 * deactivated and deleted at once. A leaked previous or unmanaged key is only deactivated. Where both slots are taken,
 * the other key has to give way: a person names it. While the secret is scheduled for deletion, only an unmanaged key is
 * dealt with.
 *
 * @throws ConfirmationNeededError if the other key has to be named.
 * @throws UnknownStateError if the user has no such key, or an earlier rotation is left that these credentials cannot settle.
 */
export function replaceLeakedKey(
  ports: RotationPorts,
  settings: Settings,
  request: LeakedKeyRequest,
): Promise<LeakedKeyReplaced> {
  return underLease(ports, settings.stableKey, async (leasedJournal) => {
    const work: KeyWork = { ports, settings, leasedJournal };
    if (await isUnmanagedBesideDeleted(work, request.leakedKeyId)) {
      requireListed(await listKeys(work), request.leakedKeyId, settings);
      return { newKeyId: undefined, leakedKey: await deactivateLeaked(work, request.leakedKeyId) };
    }
    const reaped = await abandonRotation(work);
    const keys = (await listKeys(work)).filter(({ id }) => !reaped.includes(id));
    requireListed(keys, request.leakedKeyId, settings);
    const { current } = journalOf(work);
    if (findPrevious(work, request.leakedKeyId)?.leaked === 'delete') {
      // An earlier emergency got as far as the new key.
      await retireLeaked(work, request.leakedKeyId);
      return { newKeyId: current?.keyId, leakedKey: 'deleted' };
    }
    if (current?.keyId !== request.leakedKeyId) {
      return { newKeyId: undefined, leakedKey: await deactivateLeaked(work, request.leakedKeyId) };
    }
    await leasedJournal.amend({ current: { ...current, leaked: true } });
    requireNoAttempt(work);
    for (const other of keys) {
      if (other.id !== current.keyId) await makeWay(work, other, request);
    }
    const newKeyId = await makeCurrentKey(work, ports.newHolder(), 'emergency');
    await retireLeaked(work, request.leakedKeyId);
    return { newKeyId, leakedKey: 'deleted' };
  });
}

/**
 * While the secret is scheduled for deletion no key of this product is touched, and nothing can be settled. A key that is
 * certainly none of them is stopped all the same: the journal knows the version that AWSCURRENT is on, and names the key of
 * every attempt that may have made this one.
 */
async function isUnmanagedBesideDeleted(work: KeyWork, keyId: string): Promise<boolean> {
  const { deletedDate, labels } = await describeSecret(work);
  if (deletedDate === undefined) return false;
  const { current, attempt, previous } = journalOf(work);
  const versions = [current?.versionId, attempt?.token, ...previous.map(({ versionId }) => versionId)];
  const isServedKnown =
    labels.AWSCURRENT === undefined ? current === undefined : versions.includes(labels.AWSCURRENT);
  const mayBeOfAttempt = attempt?.keyId === undefined && attempt?.keysBefore.includes(keyId) === false;
  const isOurs = [current, attempt, ...previous].some((key) => key?.keyId === keyId);
  return isServedKnown && !mayBeOfAttempt && !isOurs;
}

/** A person’s credentials may lack the right to read the one value that says which key an earlier attempt made. */
export function requireNoAttempt(work: KeyWork): void {
  const { attempt } = journalOf(work);
  if (attempt === undefined) return;
  throw new UnknownStateError(
    `Which key an earlier rotation made is not known: only version ${attempt.token} of the secret says it. No key was changed.`,
    'Run the same command again with credentials that may call secretsmanager:GetSecretValue on the secret.',
  );
}

function requireListed(keys: readonly AccessKey[], leakedKeyId: string, settings: Settings): void {
  if (keys.some(({ id }) => id === leakedKeyId)) return;
  throw new UnknownStateError(
    `User ${settings.userName} has no key ${leakedKeyId}; its keys are ${keys.map(({ id }) => id).join(', ') || 'none'}.`,
    'Name a key of this user (a key of a rotation under way was deleted just now), or look whose it is: ' +
      `aws iam get-access-key-last-used --access-key-id ${leakedKeyId}`,
  );
}

/** A key that IAM still lists may be gone: the same command, run before, may have deleted it a moment ago. */
async function deactivateLeaked(work: KeyWork, keyId: string): Promise<LeakedKeyReplaced['leakedKey']> {
  const previous = findPrevious(work, keyId);
  if (previous === undefined) {
    const isThere = await actUnlessGone(work, () =>
      work.ports.keys.deactivate(work.settings.userName, keyId),
    );
    if (!isThere) return 'deleted';
    emit(work, 'Key Deactivated', { keyIdSuffix: suffixOf(keyId), reason: LEAKED });
    return 'deactivated';
  }
  await journalPrevious(work, { ...previous, leaked: 'deactivate' });
  await retryingWhileListingLags(work, keyId, (key) => deactivatePrevious(work, key, LEAKED));
  return findPrevious(work, keyId) === undefined ? 'deleted' : 'deactivated';
}

async function makeWay(
  work: KeyWork,
  other: AccessKey,
  { leakedKeyId, giveWayKeyId }: LeakedKeyRequest,
): Promise<void> {
  const { ports, leasedJournal, settings } = work;
  const isOurs = journalOf(work).previous.some(({ keyId }) => keyId === other.id);
  if (giveWayKeyId !== other.id) {
    throw new ConfirmationNeededError(
      `Both slots are taken: leaked key ${leakedKeyId}, and ${other.id} (${other.status}), ` +
        `${isOurs ? 'the previous key' : 'an unmanaged key that this product did not create'}.`,
      `A new key needs a slot, so ${other.id} would be deleted for good. If nothing uses it, run again and name it: ` +
        `--give-way ${other.id}`,
    );
  }
  if (await actUnlessGone(work, () => ports.keys.deactivate(settings.userName, other.id))) {
    await leasedJournal.act(() => ports.keys.delete(settings.userName, other.id));
  }
  await forgetPrevious(work, other.id);
  ports.log.warn('a key was deleted to make room for an emergency rotation', { keyId: other.id });
  const reason = 'a person named it, to make room for an emergency rotation';
  emit(work, 'Key Deleted', { keyIdSuffix: suffixOf(other.id), reason });
}

/** The journal calls it leaked, so after a crash the next sweep, or the same command again, completes this. */
async function retireLeaked(work: KeyWork, leakedKeyId: string): Promise<void> {
  await retryingWhileListingLags(work, leakedKeyId, async (key) =>
    key.phase === 'deactivated'
      ? deleteRetired(work, key)
      : deactivatePrevious(work, key, LEAKED).then(() => false),
  );
}

/** Until the key is gone from the journal or `done`: IAM may not list the new current key for some seconds. */
export async function retryingWhileListingLags(
  work: KeyWork,
  keyId: string,
  done: (key: PreviousKey) => Promise<boolean>,
): Promise<void> {
  const giveUpAt = work.ports.clock.now() + LISTING_LAG;
  for (let key = findPrevious(work, keyId); key !== undefined; key = findPrevious(work, keyId)) {
    const { phase } = key;
    if (await done(key)) return;
    if (findPrevious(work, keyId)?.phase !== phase) continue;
    if (work.ports.clock.now() >= giveUpAt) throw await whyNotRetired(work, key);
    await work.leasedJournal.sleep(5 * SECOND);
  }
}

async function whyNotRetired(work: KeyWork, key: PreviousKey): Promise<TryAgainError> {
  const { keyId, phase, reactivatedSeenAt } = key;
  const status = (await listKeys(work)).find(({ id }) => id === keyId)?.status;
  if (phase === 'deactivated' && (status === 'Active' || reactivatedSeenAt !== undefined)) {
    return new TryAgainError(
      `Leaked key ${keyId} was deactivated, and a person re-activated it (it is ${status ?? 'gone'} now).`,
      'What a person re-activates is left alone until it is Inactive again; then the next sweep deletes it. Deactivate ' +
        `it: aws iam update-access-key --user-name ${work.settings.userName} --access-key-id ${keyId} --status Inactive`,
    );
  }
  const unreadable = whyUnreadable(await describeSecret(work), work.ports.clock.now()).find(
    ({ cause }) => cause === 'secretDeleted',
  );
  if (unreadable !== undefined) {
    return new TryAgainError(
      `Leaked key ${keyId} could not be retired, because applications cannot read the key that replaced it. ${unreadable.what}`,
      'Then run the command again; the next sweep tries, too.',
    );
  }
  return new TryAgainError(
    `Leaked key ${keyId} could not be retired, because IAM does not list the current key as Active.`,
    'A leaked key is retired only while the current key is Active. Run the command again; the next sweep tries, too.',
  );
}
