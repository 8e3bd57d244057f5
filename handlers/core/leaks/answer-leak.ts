import type { ReplaceLeakedKeyEvent } from '../../../contract/function-events';
import type { Instant } from '../../../contract/instant';
import type { LeakOutcome } from '../../../contract/leaks';
import type { Settings } from '../../../contract/settings';
import { deactivatePrevious } from '../key-moves/deactivate-previous';
import { journalOf, listKeys, type KeyWork } from '../key-moves/key-work';
import { underLease } from '../key-moves/lease';
import { makeCurrentKey } from '../key-moves/make-current-key';
import { actUnlessGone, findPrevious, forgetPrevious } from '../key-moves/previous-keys';
import { ACCESS_KEYS_PER_USER, type AccessKey } from '../model/access-key';
import { CallRefusedError } from '../model/call-errors';
import type { CurrentKey, Journal, Leak, PreviousKey } from '../model/journal';
import type { RotationPorts } from '../model/ports';
import { TryAgainError, UnknownStateError, WrongUserError } from '../model/refusals';
import { ONE_LEAK } from '../model/timing';
import { abandonRotation } from '../operator/abandon-rotation';
import { requireNoAttempt, retryingWhileListingLags } from '../operator/replace-leaked-key';
import { makeUsable, moveBack, type StoredPreviousKey } from '../operator/roll-back';
import { emit, suffixOf } from '../telemetry/emit';

/** What the step returns: it names keys and nothing secret. */
export interface LeakAnswered {
  readonly leaked: readonly { readonly accessKeyId: string; readonly outcome: LeakOutcome }[];
  readonly currentAccessKeyId: string | undefined;
}

/** The reason that events give. */
const LEAKED = 'AWS reported it as leaked';
const DRILL = 'a drill plays that it leaked';

/**
 * What is done when AWS reports a leak (R15). However often the same report comes, it is acted on once:
 *
 * - A key that this product did not make: nothing.
 * - A key that is Inactive or gone: nothing but a note in the journal, so that no rollback returns to it.
 * - A previous key: it is deactivated, whatever its overlap.
 * - The key of a rotation under way: the rotation is abandoned, and its key deleted.
 * - The current key, with a free slot: a new key is made, proved and served; then the leaked one is deactivated.
 * - The current key, and a previous key in the other slot that works: AWSCURRENT goes back to it, the leaked key is
 *   deactivated at once, and a new key is wanted as soon as a slot is free.
 * - The current key, and a retired key in the other slot that does not work any more: that one gives way to a new key.
 * - The current key, and any other key in the other slot, such as a previous one that a person deactivated: nothing may give
 *   way, so no key is changed.
 *
 * Where AWS names only the user, each key of ours that was there then may be the one, unless it named a key within a day.
 * The leaked key stays Inactive for its grace period, as evidence.
 *
 * @throws UnknownStateError if an earlier rotation is left that cannot be settled, or the secret is scheduled for deletion.
 * @throws TryAgainError if it may succeed later.
 */
export function answerLeak(
  ports: RotationPorts,
  settings: Settings,
  event: Pick<ReplaceLeakedKeyEvent, 'LeakedKeyId' | 'ReportedAt' | 'Drill'>,
): Promise<LeakAnswered> {
  return underLease(ports, settings.stableKey, async (leasedJournal) => {
    const work: KeyWork = { ports, settings, leasedJournal };
    const now = ports.clock.now();
    const reportedAt = event.ReportedAt === undefined ? now : Math.min(Date.parse(event.ReportedAt), now);
    const listed = await listKeys(work);
    const suspects =
      event.LeakedKeyId === undefined ? suspectsOf(journalOf(work), listed, reportedAt) : [event.LeakedKeyId];
    const due = suspects.filter((keyId) => isDue(journalOf(work), keyId, listed, reportedAt));
    const report = { reportedAt, isNamed: event.LeakedKeyId !== undefined, due, drill: event.Drill };
    // Before anything that may fail: whatever becomes of this process, the leak is told, and a sweep retires the key.
    const known = suspects.filter((keyId) => isNamedIn(journalOf(work), keyId));
    await noteLeaks(work, known, report);
    // What is over, or not ours, is no reason to abandon a rotation.
    const reaped = due.length === 0 ? [] : await abandonRotation(work);
    const found = suspects.filter(
      (keyId) => !known.includes(keyId) && (reaped.includes(keyId) || isNamedIn(journalOf(work), keyId)),
    );
    await noteLeaks(work, found, report);
    const leaked: LeakAnswered['leaked'][number][] = [];
    for (const accessKeyId of previousFirst(journalOf(work), suspects)) {
      const reason = event.Drill === true ? DRILL : LEAKED;
      const outcome = await answerFor(work, { keyId: accessKeyId, reportedAt, reaped, reason });
      ports.log.warn('a key is treated as leaked', { keyId: accessKeyId, reason, outcome });
      leaked.push({ accessKeyId, outcome });
    }
    return { leaked, currentAccessKeyId: journalOf(work).current?.keyId };
  });
}

interface ReportedKey {
  readonly keyId: string;
  readonly reportedAt: Instant;
  /** Keys that were deleted a moment ago, which IAM may still list. */
  readonly reaped: readonly string[];
  /** Why it is deactivated. */
  readonly reason: string;
}

interface ReportOfKeys {
  readonly reportedAt: Instant;
  /** AWS named the key, and not the user alone. */
  readonly isNamed: boolean;
  /** The keys that something had to be done to, when the report came. */
  readonly due: readonly string[];
  /** AWS reported nothing. */
  readonly drill: true | undefined;
}

/**
 * A key that was made after AWS saw the leak did not leak then: it may be the one that replaced the leaked one. Of two reports
 * that name the user alone the first one says when that was, and the same report again finds the same keys. A drill says nothing
 * of what AWS saw.
 */
function suspectsOf(journal: Journal, listed: readonly AccessKey[], reportedAt: Instant): readonly string[] {
  const sameLeak = (journal.leaks ?? []).filter(
    (leak) => leak.drill !== true && Math.abs(leak.reportedAt - reportedAt) < ONE_LEAK,
  );
  if (sameLeak.some(({ named }) => named)) return [];
  const seenAt = Math.min(reportedAt, ...sameLeak.map((leak) => leak.reportedAt));
  return oursIn(journal).filter((keyId) =>
    listed.some(({ id, createdAt }) => id === keyId && createdAt <= seenAt),
  );
}

const oursIn = ({ current, attempt, previous }: Journal): readonly string[] =>
  [current, attempt, ...previous].flatMap((key) => key?.keyId ?? []);

/** Also a key that is gone, and whose leak is not forgotten yet. */
const isNamedIn = (journal: Journal, keyId: string): boolean =>
  oursIn(journal).includes(keyId) || journal.leaks?.some((leak) => leak.keyId === keyId) === true;

/** The current key comes last: a previous one that leaked, too, is out of its way by then. */
const previousFirst = ({ current }: Journal, keyIds: readonly string[]): readonly string[] => [
  ...keyIds.filter((keyId) => keyId !== current?.keyId),
  ...keyIds.filter((keyId) => keyId === current?.keyId),
];

/** Whether something may have to be done to a key of IAM. */
function isDue(
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

/** We deactivated it. Who re-activated it since knew of this report, so it is no reason to do it again (R4). */
const isOver = (key: PreviousKey, listed: readonly AccessKey[], reportedAt: Instant): boolean =>
  key.phase === 'deactivated' &&
  (listed.every(({ id, status }) => id !== key.keyId || status === 'Inactive') ||
    (key.leaked !== undefined && key.deactivatedAt !== undefined && reportedAt <= key.deactivatedAt));

async function answerFor(work: KeyWork, reported: ReportedKey): Promise<LeakOutcome> {
  const { keyId } = reported;
  if (reported.reaped.includes(keyId)) return 'deactivated';
  const { current } = journalOf(work);
  if (current?.keyId === keyId) return answerForCurrent(work, current, reported);
  const previous = findPrevious(work, keyId);
  if (previous === undefined && isNamedIn(journalOf(work), keyId)) return 'overAlready';
  if (previous === undefined) return 'notOurs';
  if (isOver(previous, await listKeys(work), reported.reportedAt)) return 'overAlready';
  await deactivateLeaked(work, keyId, reported.reason);
  return 'deactivated';
}

async function answerForCurrent(
  work: KeyWork,
  current: CurrentKey,
  reported: ReportedKey,
): Promise<LeakOutcome> {
  const { ports } = work;
  requireNoAttempt(work);
  const keys = (await listKeys(work)).filter(({ id }) => !reported.reaped.includes(id));
  const other = keys.find(({ id }) => id !== current.keyId);
  if (other !== undefined && keys.length >= ACCESS_KEYS_PER_USER) {
    const previous = findPrevious(work, other.id);
    if (previous === undefined) return 'cannotBeReplaced';
    if (mayReturn(previous, other) && (await wentBack(work, current, previous))) {
      await deactivateLeaked(work, current.keyId, reported.reason);
      return 'wentBack';
    }
    const isRetired = previous.phase === 'deactivated';
    if (!isRetired || !(await gaveWay(work, other.id))) return 'cannotBeReplaced';
  }
  await makeCurrentKey(work, ports.newHolder(), 'emergency');
  await deactivateLeaked(work, current.keyId, reported.reason);
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

/** Of a retired key that works: it is not retired. */
const REACTIVATED = { phase: 'overlap', deactivatedAt: undefined } as const;

/**
 * In one write, that the keys leaked, of those that are ours: so that the leak is told until it is over, no rollback returns to
 * them, and a sweep retires them. A retired key that a person re-activated is ours to deactivate again. A drill changes nothing of
 * what AWS reported, and AWS's report takes the place of a drill.
 */
async function noteLeaks(
  work: KeyWork,
  keyIds: readonly string[],
  { reportedAt, isNamed, due, drill }: ReportOfKeys,
): Promise<void> {
  if (keyIds.length === 0) return;
  const { current, previous, leaks = [] } = journalOf(work);
  const reported = keyIds.map((keyId): Leak => {
    const noted = leaks.find((leak) => leak.keyId === keyId);
    if (noted !== undefined && drill === true && noted.drill !== true) return noted;
    const before = noted?.drill === drill ? noted : undefined;
    // Of the user alone the first report says which keys were there; of a key the last one, how long it may be repeated.
    const isNew = before === undefined || reportedAt >= before.reportedAt + (isNamed ? 0 : ONE_LEAK);
    return {
      keyId,
      reportedAt: isNew ? reportedAt : before.reportedAt,
      named: isNamed ? true : before?.named,
      drill,
    };
  });
  await work.leasedJournal.amend({
    leaks: [...leaks.filter(({ keyId }) => !keyIds.includes(keyId)), ...reported],
    current:
      current !== undefined && keyIds.includes(current.keyId)
        ? { ...current, leaked: current.leaked ?? 'deactivate' }
        : current,
    previous: previous.map((key) =>
      keyIds.includes(key.keyId)
        ? {
            ...key,
            ...(key.phase === 'deactivated' && due.includes(key.keyId) ? REACTIVATED : {}),
            leaked: key.leaked ?? 'deactivate',
          }
        : key,
    ),
  });
}
