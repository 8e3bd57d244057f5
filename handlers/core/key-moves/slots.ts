import { ACCESS_KEYS_PER_USER, type AccessKey } from '../model/access-key';
import { journalOf, listKeys, type KeyWork } from './key-work';
import { deleteRetired, graceEnd } from './delete-retired';
import { overlapEnd } from './overlap';
import { SECOND } from '../../../contract/instant';
import type { Journal } from '../model/journal';
import { askForAnother } from './pending-label';
import { RotationDeferredError } from '../model/refusals';
import type { Settings } from '../../../contract/settings';

/**
 * Makes sure that the user has a free slot for a new key. A retired key whose grace period is over gives way here, in
 * case the sweep is late. Otherwise no key is changed: the rotation is journaled as wanted, AWSPENDING is taken off its
 * empty token, and it fails.
 *
 * @returns the user's keys, as IAM has just listed them; undefined: one gave way since.
 * @throws RotationDeferredError naming both keys, what each is, when a slot comes free, and what a person can do.
 */
export async function requireFreeSlot(
  work: KeyWork,
  token: string,
): Promise<readonly AccessKey[] | undefined> {
  const listed = await listKeys(work);
  if (hasFreeSlot(listed)) return listed;
  const keys = await leftOf(work, listed);
  if (hasFreeSlot(keys)) return undefined;
  const error = slotsBusy(work, keys, WAITING_ROTATION);
  await askForAnother(work, token, 'both key slots are taken');
  throw error;
}

/** Undefined if a slot is free, else the keys that fill them. */
export async function slotsInUse(work: KeyWork): Promise<readonly AccessKey[] | undefined> {
  const listed = await listKeys(work);
  const keys = hasFreeSlot(listed) ? listed : await leftOf(work, listed);
  return hasFreeSlot(keys) ? undefined : keys;
}

const hasFreeSlot = (keys: readonly AccessKey[]): boolean => keys.length < ACCESS_KEYS_PER_USER;

/** Retired keys whose grace period is over give way. */
async function leftOf(work: KeyWork, keys: readonly AccessKey[]): Promise<readonly AccessKey[]> {
  const deleted = await deleteOverdue(work);
  return keys.filter(({ id }) => !deleted.includes(id));
}

async function deleteOverdue(work: KeyWork): Promise<string[]> {
  const deleted: string[] = [];
  for (const previous of journalOf(work).previous) {
    if (await deleteRetired(work, previous)) deleted.push(previous.keyId);
  }
  return deleted;
}

/** What follows from it that no slot is free. */
export interface Consequence {
  /** A sentence: what happens now. */
  readonly now: string;
  /** The end of a sentence: what happens once a slot is free. */
  readonly then: string;
}

const WAITING_ROTATION: Consequence = {
  now: 'The rotation waits for a free slot.',
  then: 'the user is then rotated within the hour',
};

export function slotsBusy(
  { leasedJournal, settings }: KeyWork,
  keys: readonly AccessKey[],
  consequence: Consequence,
): RotationDeferredError {
  const { journal } = leasedJournal;
  return new RotationDeferredError(
    `Both access key slots of the user are taken: ${keys.map((key) => describeKey(key, journal, settings)).join('; ')}.`,
    `IAM allows two keys per user and none of these may be removed now, so no key was changed. ${consequence.now} ` +
      whatToDo(keys, journal, settings, consequence),
  );
}

/** Keys of ours make way by themselves; only a key that is not ours has to be removed by a person, and is named. */
function whatToDo(
  keys: readonly AccessKey[],
  journal: Journal | undefined,
  { userName }: Settings,
  consequence: Consequence,
): string {
  const ours = new Set(
    [journal?.current, journal?.attempt, ...(journal?.previous ?? [])].map((key) => key?.keyId),
  );
  const unmanaged = keys.filter(({ id }) => !ours.has(id));
  if (unmanaged.length === 0) return 'Nothing has to be done: a slot comes free at the time named above.';
  const commands = unmanaged.map(
    ({ id }) =>
      `aws iam update-access-key --user-name ${userName} --access-key-id ${id} --status Inactive, and when nothing has ` +
      `failed for a while: aws iam delete-access-key --user-name ${userName} --access-key-id ${id}`,
  );
  return (
    'As long as the unmanaged key is there, no slot comes free by itself. Once nothing uses it: ' +
    `${commands.join('; or ')} - ${consequence.then}.`
  );
}

function describeKey(key: AccessKey, journal: Journal | undefined, settings: Settings): string {
  const name = `${key.id} (${key.status})`;
  if (journal?.current?.keyId === key.id) return `${name} is the current key`;
  if (journal?.attempt?.keyId === key.id) return `${name} is the new key of a rotation under way`;
  const previous = journal?.previous.find(({ keyId }) => keyId === key.id);
  if (previous === undefined)
    return `${name} is an unmanaged key, which this product did not create and never changes`;
  const graceEndsAt = graceEnd(previous, settings);
  if (graceEndsAt !== undefined) {
    return key.status === 'Active'
      ? `${name} is a retired key that a person re-activated`
      : `${name} is a retired key, in its grace period until ${iso(graceEndsAt)}`;
  }
  // Without what was delivered, which may be later: it is no more than a hint when to look again.
  const overlapEndsAt = overlapEnd(previous, settings, undefined);
  const atLeast = (settings.deliver ?? []).length > 0 ? ' at the earliest' : '';
  return `${name} is the previous key, in its overlap until ${iso(overlapEndsAt)}${atLeast} and then in its grace period until ${iso(
    overlapEndsAt + settings.gracePeriodSeconds * SECOND,
  )}`;
}

const iso = (moment: number): string => new Date(moment).toISOString();
