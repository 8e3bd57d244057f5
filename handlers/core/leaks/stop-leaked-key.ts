import type { Instant } from '../../../contract/instant';
import type { LeakOutcome } from '../../../contract/leaks';
import { deactivatePrevious } from '../key-moves/deactivate-previous';
import { journalOf, listKeys, type KeyWork } from '../key-moves/key-work';
import { makeCurrentKey } from '../key-moves/make-current-key';
import { actUnlessGone, findPrevious, forgetPrevious } from '../key-moves/previous-keys';
import { ACCESS_KEYS_PER_USER, type AccessKey } from '../model/access-key';
import { CallRefusedError } from '../model/call-errors';
import type { CurrentKey, Journal, PreviousKey } from '../model/journal';
import { TryAgainError, UnknownStateError, WrongUserError } from '../model/refusals';
import { requireNoAttempt, retryingWhileListingLags } from '../operator/replace-leaked-key';
import { makeUsable, moveBack, type StoredPreviousKey } from '../operator/roll-back';
import { emit, suffixOf } from '../telemetry/emit';

/** A key that leaked, or may have. */
export interface LeakedKey {
  readonly keyId: string;
  /** When that was known: who re-activates it later knows of it. */
  readonly reportedAt: Instant;
  /** Keys that were deleted a moment ago, which IAM may still list. */
  readonly reaped: readonly string[];
  /** The reason that events give. */
  readonly reason: string;
}

export const oursIn = ({ current, attempt, previous }: Journal): readonly string[] =>
  [current, attempt, ...previous].flatMap((key) => key?.keyId ?? []);

/** Also a key that is gone, and whose leak is not forgotten yet. */
export const isNamedIn = (journal: Journal, keyId: string): boolean =>
  oursIn(journal).includes(keyId) || journal.leaks?.some((leak) => leak.keyId === keyId) === true;

/** The current key comes last: a previous one that leaked, too, is out of its way by then. */
export const previousFirst = ({ current }: Journal, keyIds: readonly string[]): readonly string[] => [
  ...keyIds.filter((keyId) => keyId !== current?.keyId),
  ...keyIds.filter((keyId) => keyId === current?.keyId),
];

/** Whether something may have to be done to a key of IAM. */
export function isDue(
  { current, attempt, previous }: Journal,
  keyId: string,
  listed: readonly AccessKey[],
  reportedAt: Instant,
): boolean {
  if (current?.keyId === keyId) return true;
  const key = previous.find((one) => one.keyId === keyId);
  if (key !== undefined) return !isOver(key, listed, reportedAt);
  if (attempt === undefined) return false;
  return attempt.keyId === undefined ? !attempt.keysBefore.includes(keyId) : attempt.keyId === keyId;
}

/** Of a retired key that works: it is not retired. */
const REACTIVATED = { phase: 'overlap', deactivatedAt: undefined } as const;

/**
 * The user's keys with a mark on those that leaked: no rollback returns to them, and a sweep retires them. A retired key
 * that a person re-activated is ours to deactivate again.
 *
 * @param due see `isDue`
 */
export const withMarks = (
  { current, previous }: Journal,
  leaked: readonly string[],
  due: readonly string[],
): Pick<Journal, 'current' | 'previous'> => ({
  current:
    current !== undefined && leaked.includes(current.keyId)
      ? { ...current, leaked: current.leaked ?? 'deactivate' }
      : current,
  previous: previous.map((key) =>
    leaked.includes(key.keyId)
      ? {
          ...key,
          ...(key.phase === 'deactivated' && due.includes(key.keyId) ? REACTIVATED : {}),
          leaked: key.leaked ?? 'deactivate',
        }
      : key,
  ),
});

/** We deactivated it. Who re-activated it since knew of this report, so it is no reason to do it again (R4). */
const isOver = (key: PreviousKey, listed: readonly AccessKey[], reportedAt: Instant): boolean =>
  key.phase === 'deactivated' &&
  (listed.every(({ id, status }) => id !== key.keyId || status === 'Inactive') ||
    (key.leaked !== undefined && key.deactivatedAt !== undefined && reportedAt <= key.deactivatedAt));

/**
 * Replaces the key if it is the current one, and makes it Inactive. It stays there for its grace period, as evidence, unless
 * its slot is needed. Doing it again changes nothing.
 *
 * @throws UnknownStateError if an earlier rotation is left that cannot be settled
 * @throws TryAgainError if it may succeed later
 */
export async function stopLeakedKey(work: KeyWork, reported: LeakedKey): Promise<LeakOutcome> {
  const { keyId, reason } = reported;
  if (reported.reaped.includes(keyId)) return 'deactivated';
  const { current } = journalOf(work);
  if (current?.keyId === keyId) return replaceCurrent(work, current, reported);
  const previous = findPrevious(work, keyId);
  if (previous === undefined && isNamedIn(journalOf(work), keyId)) return 'overAlready';
  if (previous === undefined) return 'notOurs';
  if (isOver(previous, await listKeys(work), reported.reportedAt)) return 'overAlready';
  await deactivateLeaked(work, keyId, reason);
  return 'deactivated';
}

async function replaceCurrent(
  work: KeyWork,
  current: CurrentKey,
  { reaped, reason }: LeakedKey,
): Promise<LeakOutcome> {
  const { ports } = work;
  requireNoAttempt(work);
  const keys = (await listKeys(work)).filter(({ id }) => !reaped.includes(id));
  const other = keys.find(({ id }) => id !== current.keyId);
  if (other !== undefined && keys.length >= ACCESS_KEYS_PER_USER) {
    const previous = findPrevious(work, other.id);
    if (previous === undefined) return 'cannotBeReplaced';
    if (mayReturn(previous, other) && (await wentBack(work, current, previous))) {
      await deactivateLeaked(work, current.keyId, reason);
      return 'wentBack';
    }
    const isRetired = previous.phase === 'deactivated';
    if (!isRetired || !(await gaveWay(work, other.id))) return 'cannotBeReplaced';
  }
  await makeCurrentKey(work, ports.newHolder(), 'emergency');
  await deactivateLeaked(work, current.keyId, reason);
  return 'replaced';
}

/** Not to a key that a person deactivated in its overlap: it is Inactive, and we never made it so. */
const mayReturn = (key: PreviousKey, { status }: AccessKey): key is StoredPreviousKey =>
  key.versionId !== undefined &&
  key.leaked === undefined &&
  (status === 'Active' || key.deactivatedAt !== undefined);

/**
 * A new key is wanted before the label moves: who dies after that leaves the wish behind.
 *
 * @returns false if the previous key cannot be served.
 */
async function wentBack(work: KeyWork, current: CurrentKey, target: StoredPreviousKey): Promise<boolean> {
  const { leasedJournal, ports } = work;
  try {
    await makeUsable(work, target);
  } catch (error) {
    if (!cannotServe(error)) throw error;
    ports.log.warn('the previous key cannot be served', { keyId: target.keyId, error });
    return false;
  }
  const reason = 'the current key leaked while both key slots were taken';
  await leasedJournal.amend({ wanted: journalOf(work).wanted ?? { since: ports.clock.now(), reason } });
  await moveBack(work, current, target);
  return true;
}

/** For certain: its value is gone, it is another user’s, or it has another secret. What may pass is tried again. */
const cannotServe = (error: unknown): boolean =>
  error instanceof UnknownStateError ||
  error instanceof WrongUserError ||
  (error instanceof TryAgainError &&
    error.cause instanceof CallRefusedError &&
    ['wrongSecret', 'unknownKey'].includes(error.cause.kind));

/**
 * A retired key is deleted before its grace period is over, because a leaked key must not work on (R3). Read once more
 * immediately before: what a person has re-activated stays.
 */
async function gaveWay(work: KeyWork, keyId: string): Promise<boolean> {
  const { ports, leasedJournal, settings } = work;
  await leasedJournal.renewUnlessFresh();
  const previous = findPrevious(work, keyId);
  const status = (await listKeys(work)).find(({ id }) => id === keyId)?.status;
  // A try to go back to it has left it Active, and the journal says that it was us.
  const isOursToStop = previous?.phase === 'reactivating';
  if (previous === undefined || (status !== 'Inactive' && !isOursToStop)) return false;
  if (previous.phase !== 'deactivated' && !isOursToStop) return false;
  if (isOursToStop && !(await actUnlessGone(work, () => ports.keys.deactivate(settings.userName, keyId)))) {
    await forgetPrevious(work, keyId);
    return true;
  }
  await leasedJournal.act(() => ports.keys.delete(settings.userName, keyId));
  await forgetPrevious(work, keyId);
  emit(work, 'Key Deleted', {
    keyIdSuffix: suffixOf(keyId),
    reason: 'it was retired, and the current key leaked while both key slots were taken',
  });
  return true;
}

async function deactivateLeaked(work: KeyWork, keyId: string, reason: string): Promise<void> {
  await retryingWhileListingLags(work, keyId, async (key) =>
    key.phase === 'deactivated' && key.leaked !== undefined && key.reactivatedSeenAt === undefined
      ? isInactive(work, key, reason)
      : deactivatePrevious(work, key, reason),
  );
}

/** Where a person re-activated it and no sweep has seen that yet. */
async function isInactive(work: KeyWork, key: PreviousKey, reason: string): Promise<boolean> {
  const status = (await listKeys(work)).find(({ id }) => id === key.keyId)?.status;
  return status === 'Active' ? deactivatePrevious(work, key, reason) : true;
}
