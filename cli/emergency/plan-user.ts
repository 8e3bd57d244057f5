import type { Instant } from '../../contract/instant';
import type { Settings } from '../../contract/settings';
import { suspectsIn } from '../../handlers/core/leaks/replace-suspect-keys';
import { isDue } from '../../handlers/core/leaks/stop-leaked-key';
import { ACCESS_KEYS_PER_USER, type AccessKey } from '../../handlers/core/model/access-key';
import type { Journal } from '../../handlers/core/model/journal';

/** What is known of a user before anything is done. */
export interface UserFacts {
  readonly settings: Settings;
  readonly journal: Journal;
  /** The keys that IAM lists. */
  readonly listed: readonly AccessKey[];
  /** Why no application can read the secret, in sentences; undefined: it can. */
  readonly secretDeleted: string | undefined;
}

/** Why nothing can be done for a user, and what to do about it, in sentences. */
export interface Obstacle {
  readonly why: string;
  readonly whatToDo: string;
  /** It may be gone by itself in a minute. */
  readonly mayPass?: true;
}

/** A key that was there when the emergency began, and what becomes of it. */
export interface PlannedKey {
  readonly keyId: string;
  /** `deleted`: its slot is needed. */
  readonly becomes: 'inactive' | 'deleted';
}

/** What an emergency does to one user. */
export type UserPlan = { readonly user: string } & (
  | {
      readonly state: 'toReplace';
      readonly settings: Settings;
      /** Undefined: it was replaced before, and what is left are the keys before it. */
      readonly replacedKeyId: string | undefined;
      readonly keys: readonly PlannedKey[];
    }
  /** A key that was made since the beginning is current, and no other works. */
  | { readonly state: 'replaced'; readonly currentKeyId: string }
  /** This product has made no key for it, so none has leaked. */
  | { readonly state: 'noKey' }
  | ({ readonly state: 'cannot' } & Obstacle)
);

/** What an emergency that began at a moment does to a user now. It decides nothing: the core looks again, under the user's lease. */
export function planUser(user: string, facts: UserFacts, since: Instant): UserPlan {
  const { settings, journal, listed, secretDeleted } = facts;
  const { current } = journal;
  if (current === undefined) return { user, state: 'noKey' };
  const suspects = suspectsIn(journal, listed, since);
  const due = suspects.filter((keyId) => isDue(journal, keyId, listed, since));
  if (due.length === 0) return { user, state: 'replaced', currentKeyId: current.keyId };
  if (secretDeleted !== undefined) {
    const whatToDo = 'After that, run the same command again.';
    return { user, state: 'cannot', why: secretDeleted, whatToDo };
  }
  const isCurrentSuspect = due.includes(current.keyId);
  const other = listed.find(({ id }) => id !== current.keyId);
  const isSlotNeeded = isCurrentSuspect && listed.length >= ACCESS_KEYS_PER_USER;
  if (isSlotNeeded && other !== undefined && isUnmanaged(journal, other.id)) {
    return { user, state: 'cannot', ...takenBy(user, current.keyId, other) };
  }
  const isMadeRoomOf = (keyId: string): boolean => isSlotNeeded && keyId === other?.id;
  const room = suspects.filter((keyId) => isMadeRoomOf(keyId) && !due.includes(keyId));
  const keys = [...due, ...room].map((keyId): PlannedKey => {
    return { keyId, becomes: isMadeRoomOf(keyId) ? 'deleted' : 'inactive' };
  });
  const replacedKeyId = isCurrentSuspect ? current.keyId : undefined;
  return { user, state: 'toReplace', settings, replacedKeyId, keys };
}

/** For certain: what an attempt under way may have made is not. */
function isUnmanaged({ attempt, previous }: Journal, keyId: string): boolean {
  if (previous.some((key) => key.keyId === keyId) || attempt?.keyId === keyId) return false;
  return attempt === undefined || attempt.keyId !== undefined || attempt.keysBefore.includes(keyId);
}

const takenBy = (user: string, current: string, { id, status }: AccessKey): Obstacle => ({
  why:
    `Both slots are taken: current key ${current}, and ${id} (${status}), an unmanaged key that this product did not ` +
    'create and never changes.',
  whatToDo:
    `If nothing uses ${id}, this deletes it for good and replaces the current key, with the --prefix, --region and --profile ` +
    `of this command: npx iam-key-rotation emergency --user ${user} --leaked ${current} --give-way ${id}`,
  // IAM lists a key for some seconds after it was deleted.
  mayPass: true,
});
