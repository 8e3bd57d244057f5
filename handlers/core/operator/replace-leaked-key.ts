import type { AccessKey } from '../model/access-key';
import { journalOf, listKeys, type AtWork } from '../key-moves/at-work';
import { deactivatePrevious } from '../key-moves/deactivate-previous';
import { deleteRetired } from '../key-moves/delete-retired';
import { SECOND } from '../../../contract/instant';
import type { PreviousKey } from '../model/journal';
import { underLease } from '../key-moves/lease';
import { makeCurrentKey } from '../key-moves/make-current-key';
import type { RotationPorts } from '../model/ports';
import { actUnlessGone, findPrevious, forgetPrevious, journalPrevious } from '../key-moves/previous-keys';
import { ConfirmationNeededError, TryAgainError, UnknownStateError } from '../model/refusals';
import type { Settings } from '../../../contract/settings';
import { suffixOf, tell } from '../telemetry/tell';
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

/** What is told of a key that is retired at once. */
const LEAKED = 'it is leaked';

/**
 * The emergency rotation. A leaked current key is replaced by a new one, proved before it is served, and is then
 * deactivated and deleted at once. A leaked previous or unmanaged key is only deactivated. Where both slots are taken,
 * the other key has to give way, and is named for that by a person.
 *
 * @throws ConfirmationNeededError if the other key has to be named.
 * @throws UnknownStateError if the user has no such key.
 */
export function replaceLeakedKey(
  ports: RotationPorts,
  settings: Settings,
  request: LeakedKeyRequest,
): Promise<LeakedKeyReplaced> {
  return underLease(ports, settings.stableKey, async (ledger) => {
    const at: AtWork = { ports, settings, ledger };
    const reaped = await abandonRotation(at);
    const keys = (await listKeys(at)).filter(({ id }) => !reaped.includes(id));
    requireListed(keys, request.leakedKeyId, settings);
    const { current } = journalOf(at);
    if (findPrevious(at, request.leakedKeyId)?.leaked === 'delete') {
      // An earlier emergency got as far as the new key.
      await retireLeaked(at, request.leakedKeyId);
      return { newKeyId: current?.keyId, leakedKey: 'deleted' };
    }
    if (current?.keyId !== request.leakedKeyId) {
      return { newKeyId: undefined, leakedKey: await deactivateLeaked(at, request.leakedKeyId) };
    }
    await ledger.amend({ current: { ...current, leaked: true } });
    for (const other of keys) {
      if (other.id !== current.keyId) await makeWay(at, other, request);
    }
    const newKeyId = await makeCurrentKey(at, ports.newHolder(), 'emergency');
    await retireLeaked(at, request.leakedKeyId);
    return { newKeyId, leakedKey: 'deleted' };
  });
}

function requireListed(keys: readonly AccessKey[], leakedKeyId: string, settings: Settings): void {
  if (keys.some(({ id }) => id === leakedKeyId)) return;
  throw new UnknownStateError(
    `User ${settings.userName} has no key ${leakedKeyId}; its keys are ${keys.map(({ id }) => id).join(', ') || 'none'}.`,
    'Name a key of this user (a key of a rotation under way was deleted just now), or look whose it is: ' +
      `aws iam get-access-key-last-used --access-key-id ${leakedKeyId}`,
  );
}

/** A key that IAM still lists may be gone: an emergency that is run again deleted it a moment ago. */
async function deactivateLeaked(at: AtWork, keyId: string): Promise<LeakedKeyReplaced['leakedKey']> {
  const previous = findPrevious(at, keyId);
  if (previous === undefined) {
    const isThere = await actUnlessGone(at, () => at.ports.keys.deactivate(at.settings.userName, keyId));
    if (!isThere) return 'deleted';
    tell(at, 'Key Deactivated', { keyIdSuffix: suffixOf(keyId), reason: LEAKED });
    return 'deactivated';
  }
  await journalPrevious(at, { ...previous, leaked: 'deactivate' });
  await retryingWhileListingLags(at, keyId, (key) => deactivatePrevious(at, key, LEAKED));
  return findPrevious(at, keyId) === undefined ? 'deleted' : 'deactivated';
}

async function makeWay(
  at: AtWork,
  other: AccessKey,
  { leakedKeyId, giveWayKeyId }: LeakedKeyRequest,
): Promise<void> {
  const { ports, ledger, settings } = at;
  const isOurs = journalOf(at).previous.some(({ keyId }) => keyId === other.id);
  if (giveWayKeyId !== other.id) {
    throw new ConfirmationNeededError(
      `Both slots are taken: leaked key ${leakedKeyId}, and ${other.id} (${other.status}), ` +
        `${isOurs ? 'the previous key' : 'an unmanaged key that this product did not create'}.`,
      `A new key needs a slot, so ${other.id} would be deleted for good. If nothing uses it, run again and name it: ` +
        `--give-way ${other.id}`,
    );
  }
  if (await actUnlessGone(at, () => ports.keys.deactivate(settings.userName, other.id))) {
    await ledger.act(() => ports.keys.delete(settings.userName, other.id));
  }
  await forgetPrevious(at, other.id);
  ports.log.warn('a key gave way to an emergency rotation and is deleted', { keyId: other.id });
  const reason = 'it gave way to an emergency rotation, as a person said';
  tell(at, 'Key Deleted', { keyIdSuffix: suffixOf(other.id), reason });
}

/** The journal calls it leaked, so whatever dies here is finished by the next sweep, or by asking again. */
async function retireLeaked(at: AtWork, leakedKeyId: string): Promise<void> {
  await retryingWhileListingLags(at, leakedKeyId, async (key) =>
    key.phase === 'deactivated'
      ? deleteRetired(at, key)
      : deactivatePrevious(at, key, LEAKED).then(() => false),
  );
}

/** Until the key is gone from the journal or `done`: IAM may not list the new current key for some seconds. */
async function retryingWhileListingLags(
  at: AtWork,
  keyId: string,
  done: (key: PreviousKey) => Promise<boolean>,
): Promise<void> {
  const giveUpAt = at.ports.clock.now() + LISTING_LAG;
  for (let key = findPrevious(at, keyId); key !== undefined; key = findPrevious(at, keyId)) {
    const { phase } = key;
    if (await done(key)) return;
    if (findPrevious(at, keyId)?.phase !== phase) continue;
    if (at.ports.clock.now() >= giveUpAt) throw await whyNotRetired(at, key);
    await at.ledger.sleep(5 * SECOND);
  }
}

async function whyNotRetired(
  at: AtWork,
  { keyId, phase, reactivatedSeenAt }: PreviousKey,
): Promise<TryAgainError> {
  const status = (await listKeys(at)).find(({ id }) => id === keyId)?.status;
  if (phase === 'deactivated' && (status === 'Active' || reactivatedSeenAt !== undefined)) {
    return new TryAgainError(
      `Leaked key ${keyId} was deactivated, and a person re-activated it (it is ${status ?? 'gone'} now).`,
      'What a person re-activates is left alone until it is Inactive again; then the next sweep deletes it. Deactivate ' +
        `it: aws iam update-access-key --user-name ${at.settings.userName} --access-key-id ${keyId} --status Inactive`,
    );
  }
  return new TryAgainError(
    `Leaked key ${keyId} could not be dealt with, because the current key was not seen Active.`,
    'A key is retired only while the current one is there. Ask again; the next sweep tries, too.',
  );
}
