import { describeSecret, journalOf, type KeyWork } from '../key-moves/key-work';
import { deactivatePrevious } from '../key-moves/deactivate-previous';
import { deleteRetired } from '../key-moves/delete-retired';
import { CallRefusedError } from '../model/call-errors';
import { SECOND } from '../../../contract/instant';
import type { Journal, PreviousKey } from '../model/journal';
import { underLease, type LeasedJournal } from '../key-moves/lease';
import { findPrevious, forgetPrevious, emitReleased } from '../key-moves/previous-keys';
import { settle } from '../key-moves/settle';
import { isoOf, suffixOf, emit } from '../telemetry/emit';
import type { Verdict } from './decide';
import { mayBeForgotten } from './decide-leaks';
import type { Act, Decision, Hold } from './decision';
import type { DeletionCap } from './deletion-cap';
import { inspectUser, inspectUserAnew } from './inspect-user';
import type { RetirementPorts } from './retirement-ports';
import { rotationObstacle } from './rotation-obstacle';
import type { Settings } from '../../../contract/settings';

/** The outcome of one visit to a user. */
export interface UserOutcome {
  /** In the order in which they were done. */
  readonly acts: readonly Act[];
  /** What remains after them: holds, reports and notices, and an act that was not done (`report`, deletion cap). */
  readonly left: readonly Decision[];
  readonly holdsBegun: readonly Hold[];
  /** Whether the last decision came to the user's previous and unmanaged keys. */
  readonly keysDecided: boolean;
  /** As it was last read or written; undefined where there is none yet. */
  readonly journal: Journal | undefined;
}

export interface SweepUserOptions {
  /** The stack's prefix. */
  readonly stack: string;
  /** `report`: decide and say so, change nothing. */
  readonly mode: 'act' | 'report';
  readonly deletionCap: DeletionCap;
}

/** More than the acts that one user can ever need at a time: settle, two keys to deactivate or delete, a request. */
const MOST_ACTS = 8;

const MOST_TRIES = 3;

/**
 * Decides what is due for one user and does it. It makes the first decision without the lease, because for most users
 * nothing is due. Before it changes anything, it takes the lease, reads everything again, and decides again.
 *
 * @param journal as the sweep read it from the table at its start.
 */
export async function sweepUser(
  ports: RetirementPorts,
  settings: Settings,
  journal: Journal,
  options: SweepUserOptions,
): Promise<UserOutcome> {
  const {
    facts: { journal: known },
    verdict,
  } = await inspectUserAnew(ports, settings, journal, options.stack);
  const holds = compareHolds(known, verdict);
  const isNothingToChange = !verdict.decisions.some(({ kind }) => kind === 'act') && !holds.changed;
  if (options.mode === 'report' || isNothingToChange) {
    const { decisions: left, holdsDecided: keysDecided } = verdict;
    return { acts: [], left, holdsBegun: [], keysDecided, journal: known };
  }
  return underLease(ports, settings.stableKey, (leasedJournal) =>
    sweepUnderLease(ports, settings, leasedJournal, options),
  );
}

async function sweepUnderLease(
  ports: RetirementPorts,
  settings: Settings,
  leasedJournal: LeasedJournal,
  { stack, deletionCap }: SweepUserOptions,
): Promise<UserOutcome> {
  const work = { ports, settings, leasedJournal };
  const acts: Act[] = [];
  const reports: Decision[] = [];
  for (;;) {
    const { verdict } = await inspectUser(ports, settings, journalOf(work), stack);
    const next = verdict.decisions.find((decision) => decision.kind === 'act');
    const isDone =
      next !== undefined && acts.length < MOST_ACTS && (await performCapped(work, next, deletionCap));
    if (isDone) {
      acts.push(next);
      // The next decision no longer reports on a key that was just acted on.
      reports.push(
        ...verdict.decisions.filter(
          ({ kind, keyId }) => (kind === 'report' || kind === 'notice') && keyId === next.keyId,
        ),
      );
      // The rotation needs the lease now.
      if (next.what !== 'requestRotation') continue;
    }
    const holds = compareHolds(journalOf(work), verdict);
    if (holds.changed) await journalHolds(work, holds);
    const left = verdict.decisions.filter((decision) => !(isDone && decision === next));
    return {
      acts,
      left: [...reports, ...left],
      holdsBegun: holds.begun,
      keysDecided: verdict.holdsDecided,
      journal: journalOf(work),
    };
  }
}

async function performCapped(work: RetirementWork, act: Act, cap: DeletionCap): Promise<boolean> {
  if (!cap.take(act)) return false;
  const isDone = await performPatiently(work, act);
  if (!isDone) cap.giveBack(act);
  return isDone;
}

/** A change that AWS throttles is made again after a pause, for which the lease is kept. */
async function performPatiently(work: RetirementWork, act: Act): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await perform(work, act);
    } catch (error) {
      const isThrottled = error instanceof CallRefusedError && error.kind === 'throttled';
      if (!isThrottled || tries === MOST_TRIES) throw error;
      await work.leasedJournal.sleep(tries * 2 * SECOND);
    }
  }
}

type RetirementWork = KeyWork & { readonly ports: RetirementPorts; readonly settings: Settings };

/** @returns false if the facts, read once more immediately before the act, no longer allow it. */
async function perform(work: RetirementWork, { what, keyId, reason }: Act): Promise<boolean> {
  const { ports, settings, leasedJournal } = work;
  const previous = keyId === undefined ? undefined : findPrevious(work, keyId);
  ports.log.info('decided', { user: settings.stableKey, decision: what, keyId, reason });
  switch (what) {
    case 'reap':
      await settle(work);
      if (journalOf(work).attempt === undefined) return true;
      // Whoever makes a rotation may read the value that says which key the attempt made. Where a person switched
      // rotation off, a request would switch it on again.
      if (rotationObstacle(await describeSecret(work)) === undefined)
        await leasedJournal.act(() => ports.rotations.request(settings.secretArn));
      return false;
    case 'finish':
    case 'reactivate':
      await settle(work);
      return true;
    case 'deactivate':
      return previous !== undefined && deactivatePrevious(work, previous, reason);
    case 'delete':
      return previous !== undefined && deleteRetired(work, previous);
    case 'forget':
      if (keyId !== undefined) await forgetPrevious(work, keyId);
      return true;
    case 'takeOver':
      return keyId !== undefined && takeOver(work, keyId);
    case 'endLeak':
      return endLeak(work, keyId, reason);
    case 'requestRotation':
      await leasedJournal.act(() => ports.rotations.request(settings.secretArn));
      return true;
  }
}

/** People were told of it when it was answered, and perhaps no visit has found it since: this tells that it is over, once. */
async function endLeak(work: KeyWork, keyId: string | undefined, what: string): Promise<boolean> {
  const { leaks = [] } = journalOf(work);
  const now = work.ports.clock.now();
  const left = leaks.flatMap((leak) => {
    if (leak.keyId !== keyId) return [leak];
    return mayBeForgotten(leak, now) ? [] : [{ ...leak, isOver: true as const }];
  });
  await work.leasedJournal.amend({ leaks: left.length === 0 ? undefined : left });
  for (const { keyId: id, reportedAt, isOver, drill } of leaks) {
    if (id !== keyId || isOver === true) continue;
    const detail = { kind: 'keyLeaked' as const, keyIdSuffix: suffixOf(id), since: isoOf(reportedAt), what };
    emit(work, 'Finding Ended', { ...detail, ...(drill === undefined ? {} : { drill }) });
  }
  return true;
}

async function takeOver(work: RetirementWork, keyId: string): Promise<boolean> {
  const { previous } = journalOf(work);
  await work.leasedJournal.amend({
    previous: [
      ...previous,
      { keyId, origin: 'takenOver', replacedAt: work.ports.clock.now(), phase: 'overlap' },
    ],
  });
  return true;
}

interface HoldChanges {
  readonly changed: boolean;
  readonly begun: readonly Hold[];
  readonly ended: readonly PreviousKey[];
  readonly held: ReadonlyMap<string, Hold>;
}

function compareHolds(journal: Journal, { decisions, holdsDecided }: Verdict): HoldChanges {
  if (!holdsDecided) return { changed: false, begun: [], ended: [], held: new Map() };
  const held = new Map(
    decisions.filter((decision) => decision.kind === 'hold').map((decision) => [decision.keyId, decision]),
  );
  const causeBefore = new Map(journal.previous.map((key) => [key.keyId, key.hold?.cause]));
  const begun = [...held.values()].filter(({ keyId, cause }) => causeBefore.get(keyId) !== cause);
  const ended = journal.previous.filter((key) => key.hold !== undefined && !held.has(key.keyId));
  return { changed: begun.length > 0 || ended.length > 0, begun, ended, held };
}

async function journalHolds(work: KeyWork, { begun, ended, held }: HoldChanges): Promise<void> {
  const now = work.ports.clock.now();
  await work.leasedJournal.amend({
    previous: journalOf(work).previous.map(({ hold, ...key }) => {
      const decision = held.get(key.keyId);
      if (decision === undefined) return key;
      const { cause } = decision;
      return {
        ...key,
        hold: hold?.cause === cause ? hold : { cause, since: now },
        reactivatedSeenAt:
          cause === 'reactivatedByPerson' ? (key.reactivatedSeenAt ?? now) : key.reactivatedSeenAt,
      };
    }),
  });
  for (const key of ended) emitReleased(work, key);
  for (const { keyId, cause, reason } of begun) {
    emit(work, 'Key Held', { keyIdSuffix: suffixOf(keyId), cause, reason });
  }
}
