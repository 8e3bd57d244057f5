import type { AccessKey } from '../access-key';
import { journalOf, listKeys, type AtWork } from '../at-work';
import { deactivatePrevious } from '../deactivate-previous';
import { deleteRetired } from '../delete-retired';
import { underLease } from '../lease';
import { makeCurrentKey } from '../make-current-key';
import type { RotationPorts } from '../ports';
import { ConfirmationNeededError, TryAgainError, UnknownStateError } from '../rotation-errors';
import type { Settings } from '../settings';
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
    await abandonRotation(at);
    const keys = await listKeys(at);
    requireListed(keys, request.leakedKeyId, settings);
    const { current } = journalOf(at);
    if (current?.keyId !== request.leakedKeyId) {
      await deactivateLeaked(at, request.leakedKeyId);
      return { newKeyId: undefined, leakedKey: 'deactivated' };
    }
    await ledger.amend({ current: { ...current, leaked: true } });
    for (const other of keys) {
      if (other.id !== current.keyId) await makeWay(at, other, request);
    }
    const newKeyId = await makeCurrentKey(at, ports.newHolder(), 'emergency');
    await retireLeaked(at, request.leakedKeyId, newKeyId);
    return { newKeyId, leakedKey: 'deleted' };
  });
}

function requireListed(keys: readonly AccessKey[], leakedKeyId: string, settings: Settings): void {
  if (keys.some(({ id }) => id === leakedKeyId)) return;
  throw new UnknownStateError(
    `User ${settings.userName} has no key ${leakedKeyId}; its keys are ${keys.map(({ id }) => id).join(', ') || 'none'}.`,
    'Nothing was changed. Name a key of this user, or look whose it is: ' +
      `aws iam get-access-key-last-used --access-key-id ${leakedKeyId}`,
  );
}

async function deactivateLeaked(at: AtWork, keyId: string): Promise<void> {
  const previous = journalOf(at).previous.find((key) => key.keyId === keyId);
  if (previous === undefined) {
    await at.ledger.act(() => at.ports.keys.deactivate(at.settings.userName, keyId));
    return;
  }
  if (!(await deactivatePrevious(at, previous))) throw currentMissing(keyId);
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
  await ledger.act(() => ports.keys.deactivate(settings.userName, other.id));
  await ledger.act(() => ports.keys.delete(settings.userName, other.id));
  await ledger.amend({ previous: journalOf(at).previous.filter(({ keyId }) => keyId !== other.id) });
  ports.log.warn('a key gave way to an emergency rotation and is deleted', { keyId: other.id });
}

/** The journal calls it leaked, so whatever dies here is finished by the next sweep. */
async function retireLeaked(at: AtWork, leakedKeyId: string, newKeyId: string): Promise<void> {
  const find = (): ReturnType<typeof journalOf>['previous'][number] | undefined =>
    journalOf(at).previous.find(({ keyId }) => keyId === leakedKeyId);
  const leaked = find();
  if (leaked === undefined) return;
  if (!(await deactivatePrevious(at, leaked))) throw currentMissing(newKeyId);
  const deactivated = find();
  if (deactivated !== undefined && (await deleteRetired(at, deactivated))) return;
  throw new TryAgainError(
    `Leaked key ${leakedKeyId} is deactivated and not deleted yet.`,
    'It can do no harm any more; the next sweep deletes it.',
  );
}

const currentMissing = (keyId: string): TryAgainError =>
  new TryAgainError(
    `Key ${keyId} could not be dealt with, because the current key was not seen Active a moment ago.`,
    "IAM's listing lags behind by some seconds. Try again; if it goes on, look at the user's keys.",
  );
