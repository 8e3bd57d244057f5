import { SECOND, type Instant, type Milliseconds } from '../../../contract/instant';
import type { Settings } from '../../../contract/settings';
import { journalOf, listKeys, type KeyWork } from '../key-moves/key-work';
import { underLease } from '../key-moves/lease';
import type { AccessKey } from '../model/access-key';
import type { Journal } from '../model/journal';
import type { RotationPorts } from '../model/ports';
import { CLOCK_SKEW, LISTING_LAG } from '../model/timing';
import { abandonRotation } from '../operator/abandon-rotation';
import { isDue, oursIn, previousFirst, stopLeakedKey, withMarks } from './stop-leaked-key';

/** What became of a user in an emergency. */
export interface SuspectsReplaced {
  /**
   * `replaced`: a key that was not there when the emergency began is current, and none that was there works. `replacedBefore`: that
   * was so already, and nothing was changed. `cannotBeReplaced`: no slot is free, and nothing may give way; the current key stays.
   */
  readonly outcome: 'replaced' | 'replacedBefore' | 'cannotBeReplaced';
  readonly currentKeyId: string | undefined;
  /** Those that were stopped now. */
  readonly stoppedKeyIds: readonly string[];
}

/** The reason that events give. */
const SUSPECT = 'it may have leaked: a person asked for an emergency of many users';

/**
 * From here on a key that is made is certainly dated later than the emergency's beginning: IAM dates keys in whole seconds, and
 * its clock may differ from ours.
 */
const NEWER_FOR_CERTAIN: Milliseconds = 1 * SECOND + CLOCK_SKEW;

/** How often the listing is asked for a key that is so new that it may not show yet. */
const LISTING_POLL: Milliseconds = 5 * SECOND;

/**
 * What one user is to an emergency of many: every key of ours that was there when the emergency began may have leaked. A new key
 * is made, proved and served, unless one was made since; then the others are made Inactive, and kept for their grace period, as
 * evidence. Where both slots are taken, the previous key gives way: it may have leaked as well, so AWSCURRENT never goes back to
 * it. An unmanaged key is not touched (R4).
 *
 * Which keys these are follows from their own dates, and not from what was done: so it may be called again at any time, after a
 * crash, too, and a key that was made since is never replaced.
 *
 * @param since when the emergency began; the same for all users, and each time
 * @throws UnknownStateError if an earlier rotation is left that cannot be settled, or the secret is scheduled for deletion.
 * @throws TryAgainError if it may succeed later.
 */
export async function replaceSuspectKeys(
  ports: RotationPorts,
  settings: Settings,
  since: Instant,
): Promise<SuspectsReplaced> {
  const early = since + NEWER_FOR_CERTAIN - ports.clock.now();
  if (early > 0) await ports.clock.sleep(early);
  return underLease(ports, settings.stableKey, async (leasedJournal) => {
    const work: KeyWork = { ports, settings, leasedJournal };
    const listed = await listWithCurrent(work);
    const suspects = suspectsIn(journalOf(work), listed, since);
    const due = suspects.filter((keyId) => isDue(journalOf(work), keyId, listed, since));
    if (due.length === 0) {
      const currentKeyId = journalOf(work).current?.keyId;
      return { outcome: 'replacedBefore', currentKeyId, stoppedKeyIds: [] };
    }
    // Before anything that may fail: whatever becomes of this process, no rollback returns to them, and a sweep retires them.
    await leasedJournal.amend(withMarks(journalOf(work), suspects, due));
    const reaped = await abandonRotation(work);
    const found = suspectsIn(journalOf(work), await listWithCurrent(work), since);
    await leasedJournal.amend(withMarks(journalOf(work), found, due));
    const stoppedKeyIds: string[] = [];
    for (const keyId of previousFirst(journalOf(work), [...new Set([...due, ...found])])) {
      const outcome = await stopLeakedKey(work, { keyId, reportedAt: since, reaped, reason: SUSPECT });
      ports.log.info('a key that may have leaked', { keyId, outcome });
      if (outcome === 'cannotBeReplaced')
        return { outcome, currentKeyId: journalOf(work).current?.keyId, stoppedKeyIds };
      if (outcome !== 'overAlready') stoppedKeyIds.push(keyId);
    }
    return { outcome: 'replaced', currentKeyId: journalOf(work).current?.keyId, stoppedKeyIds };
  });
}

/**
 * The keys of ours that were there at a moment: IAM dates them before it, or the journal knew them then. A key that IAM does not
 * list, and that became current later, is none of them, or so new that the listing does not show it.
 */
export const suspectsIn = (
  journal: Journal,
  listed: readonly AccessKey[],
  since: Instant,
): readonly string[] => {
  const { current, previous } = journal;
  const knownThen = [
    ...(current !== undefined && current.since <= since ? [current.keyId] : []),
    ...previous.filter(({ replacedAt }) => replacedAt <= since).map(({ keyId }) => keyId),
  ];
  return oursIn(journal).filter(
    (keyId) =>
      knownThen.includes(keyId) || listed.some(({ id, createdAt }) => id === keyId && createdAt <= since),
  );
};

/** IAM's listing, once it shows the current key: its date says whether that one is a suspect. */
async function listWithCurrent(work: KeyWork): Promise<readonly AccessKey[]> {
  const giveUpAt = work.ports.clock.now() + LISTING_LAG;
  for (;;) {
    const listed = await listKeys(work);
    const { current } = journalOf(work);
    const isShown = current === undefined || listed.some(({ id }) => id === current.keyId);
    if (isShown || work.ports.clock.now() >= giveUpAt) return listed;
    await work.leasedJournal.sleep(LISTING_POLL);
  }
}
