import type { ReplaceLeakedKeyEvent } from '../../../contract/function-events';
import type { Instant } from '../../../contract/instant';
import type { LeakOutcome } from '../../../contract/leaks';
import type { Settings } from '../../../contract/settings';
import { journalOf, listKeys, type KeyWork } from '../key-moves/key-work';
import { underLease } from '../key-moves/lease';
import type { AccessKey } from '../model/access-key';
import type { Journal, Leak } from '../model/journal';
import type { RotationPorts } from '../model/ports';
import { ONE_LEAK } from '../model/timing';
import { abandonRotation } from '../operator/abandon-rotation';
import { isDue, isNamedIn, oursIn, previousFirst, stopLeakedKey, withMarks } from './stop-leaked-key';

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
    const due = suspects.filter((keyId) => {
      // Who re-activated it after a drill knew of no report of AWS.
      const isNews = event.Drill !== true && wasPlayed(journalOf(work), keyId);
      return isDue(journalOf(work), keyId, listed, isNews ? now : reportedAt);
    });
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
      const outcome = await stopLeakedKey(work, { keyId: accessKeyId, reportedAt, reaped, reason });
      ports.log.warn('a key is treated as leaked', { keyId: accessKeyId, reason, outcome });
      leaked.push({ accessKeyId, outcome });
    }
    return { leaked, currentAccessKeyId: journalOf(work).current?.keyId };
  });
}

const wasPlayed = ({ leaks = [] }: Journal, keyId: string): boolean =>
  leaks.some((leak) => leak.keyId === keyId && leak.drill === true);

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
  const journal = journalOf(work);
  const { leaks = [] } = journal;
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
    ...withMarks(journal, keyIds, due),
  });
}
