import type { Instant } from '../../../contract/instant';
import { DeletionCap } from './deletion-cap';
import { RunGauges, type WatchedUser } from './gauges';
import { isOpen, type OpenFinding } from '../model/open-finding';
import { findingsOf } from './finding';
import { noJournalYet } from './inspect-user';
import type { SweepPorts, TableEntry } from './retirement-ports';
import { sweepUser, type UserOutcome } from './sweep-user';
import { tellFindings } from './tell-findings';

export interface SweepOptions {
  /** The stack's prefix. */
  readonly stack: string;
  readonly mode: 'act' | 'report';
  /** How many keys this sweep may delete. */
  readonly maximumDeletions: number;
  /** How many users are visited at a time. */
  readonly concurrency: number;
  /** No visit begins after this moment; the next sweep continues where this one stopped. */
  readonly stopAt: Instant;
  /** When this sweep is certainly over, also if its process dies. */
  readonly overAt: Instant;
  /**
   * Whether metrics are recorded for each user, too.
   * @default false
   */
  readonly metricsPerUser?: boolean;
  /**
   * Is told what each visit came to. The sweep itself keeps nothing of it: there may be thousands.
   * @default nobody is
   */
  readonly onVisited?: (result: UserResult) => void;
}

/** One user of the sweep: the outcome of the visit, or why it failed. */
export type UserResult = { readonly stableKey: string } & (
  { readonly outcome: UserOutcome } | { readonly failure: Error }
);

export interface SweepSummary {
  readonly users: number;
  /** Users for whom there was no time left. */
  readonly notReached: number;
  readonly deletionsRefused: number;
}

/**
 * Visits all users once. A visit that fails is reported and does not stop the others (R8).
 *
 * @returns undefined if another sweep is running.
 */
export async function sweep(ports: SweepPorts, options: SweepOptions): Promise<SweepSummary | undefined> {
  const holder = ports.newHolder();
  const start = await ports.sweeps.begin({ holder, until: options.overAt }, ports.clock.now());
  if (start === undefined) {
    ports.log.warn('another sweep is running, so this one ends');
    return undefined;
  }
  // Each is taken off the end when it is visited, and nothing of it stays in memory.
  const left = continueAfter(await ports.directory.list(), start.resumeAfter).reverse();
  const users = left.length;
  const deletionCap = new DeletionCap(options.maximumDeletions);
  const gauges = new RunGauges(ports.metrics, options.metricsPerUser ?? false);
  let failed = 0;
  let lastBegun = start.resumeAfter;
  const visitNext = async (): Promise<void> => {
    while (ports.clock.now() < options.stopAt) {
      const entry = left.pop();
      if (entry === undefined) return;
      lastBegun = entry.stableKey;
      const result = await visit(ports, entry, options, deletionCap);
      if ('failure' in result) failed += 1;
      options.onVisited?.(result);
      gauges.add(await emitFindings(ports, entry, result, options.stack), ports.clock.now());
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, visitNext));
  const notReached = left.length;
  await endQuietly(ports, holder, notReached === 0 ? undefined : lastBegun);
  for (const entry of left) gauges.add(watchedAsBefore(entry), ports.clock.now());
  const deletionsRefused = deletionCap.refused;
  gauges.record({ failed, notReached, deletionsRefused });
  return { users, notReached, deletionsRefused };
}

/** The result of the sweep matters more than where the next one begins; its claim expires. */
async function endQuietly(ports: SweepPorts, holder: string, resumeAfter: string | undefined): Promise<void> {
  try {
    await ports.sweeps.end(holder, resumeAfter);
  } catch (error) {
    ports.log.warn('the end of the sweep could not be stored', { error });
  }
}

/** In one fixed order, beginning after the user whom the sweep before visited last. */
function continueAfter(entries: readonly TableEntry[], resumeAfter: string | undefined): TableEntry[] {
  const sorted = entries.toSorted((a, b) => (a.stableKey < b.stableKey ? -1 : 1));
  if (resumeAfter === undefined) return sorted;
  const isLater = ({ stableKey }: TableEntry): boolean => stableKey > resumeAfter;
  return [...sorted.filter(isLater), ...sorted.filter((entry) => !isLater(entry))];
}

async function visit(
  ports: SweepPorts,
  { stableKey, settings, journal }: TableEntry,
  { mode, stack }: SweepOptions,
  deletionCap: DeletionCap,
): Promise<UserResult> {
  try {
    if (settings instanceof Error) throw settings;
    if (journal instanceof Error) throw journal;
    if (journal === undefined) return { stableKey, outcome: nothingYet(stableKey) };
    const outcome = await sweepUser(ports, settings, journal, { stack, mode, deletionCap });
    for (const decision of outcome.left) ports.log.info('decided', { user: stableKey, ...decision });
    await logUsesOfHeldKeys(ports, stableKey, outcome);
    return { stableKey, outcome };
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    ports.log.error('the visit of this user failed; the sweep goes on with the others', {
      user: stableKey,
      error: failure,
    });
    return { stableKey, failure };
  }
}

/** Emits what the visit did and found. Nothing of it can fail the sweep. */
async function emitFindings(
  ports: SweepPorts,
  entry: TableEntry,
  result: UserResult,
  stack: string,
): Promise<WatchedUser> {
  await ports.lifecycle.flush();
  if (entry.findings instanceof Error) {
    ports.log.warn('the open findings of this user cannot be read, so they are reported again', {
      user: entry.stableKey,
      error: entry.findings,
    });
  }
  const before = watchedAsBefore(entry);
  const told = readable(entry.findings) ?? [];
  if ('failure' in result) {
    const found = [{ kind: 'visitFailed' as const, what: result.failure.message }];
    const open = await tellFindings(ports, {
      ...before,
      stack,
      before: told,
      found,
      reach: 'nothing',
    });
    return { ...before, open };
  }
  const { keysDecided, journal, left } = result.outcome;
  const open = await tellFindings(ports, {
    ...before,
    stack,
    before: told,
    found: findingsOf(left),
    reach: keysDecided ? 'everything' : 'userOnly',
  });
  return { ...before, journal, open };
}

/** The user as the table shows it, without a visit. */
function watchedAsBefore({ stableKey, settings, journal, findings }: TableEntry): WatchedUser {
  return {
    stableKey,
    settings: readable(settings),
    journal: readable(journal),
    open: (readable(findings) ?? ([] as readonly OpenFinding[])).filter(isOpen),
  };
}

const readable = <Item>(item: Item | Error | undefined): Item | undefined =>
  item instanceof Error ? undefined : item;

/** Once for each hold, when it begins: LookupEvents allows two calls a second. */
async function logUsesOfHeldKeys(
  { trail, log }: Pick<SweepPorts, 'trail' | 'log'>,
  user: string,
  { holdsBegun }: UserOutcome,
): Promise<void> {
  for (const { keyId, cause } of holdsBegun) {
    if (cause !== 'stillInUse') continue;
    try {
      const uses = await trail.recentUses(keyId);
      log.info('who uses the held key', { user, keyId, uses });
    } catch (error) {
      // The hold does not depend on it: who uses the key is help for a person.
      log.warn('CloudTrail could not be asked who uses the held key', { user, keyId, error });
    }
  }
}

function nothingYet(stableKey: string): UserOutcome {
  const left = [noJournalYet(stableKey)];
  return { acts: [], left, holdsBegun: [], keysDecided: false, journal: undefined };
}
