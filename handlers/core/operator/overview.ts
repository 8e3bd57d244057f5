import type { AccessKey, LastUse } from '../model/access-key';
import { targetName } from '../../../contract/delivery';
import type { Instant } from '../../../contract/instant';
import type { Journal, PreviousKey } from '../model/journal';
import { isOpen, type OpenFinding } from '../model/open-finding';
import type { SecretDescription } from '../model/ports';
import type { Settings } from '../../../contract/settings';
import { isDelivered, recordOf } from '../key-moves/deliveries';
import { exemptionInForce, type Exemption } from '../key-moves/exemption';
import { isAcknowledged } from '../retirement/acknowledged';
import {
  isYoung,
  type NextStep,
  nextStepOf,
  nextStepOfUnmanaged,
  type UserFacts,
} from '../retirement/decide';
import type { Decision } from '../retirement/decision';
import { compareFindings, type Finding, findingsOf, type VisitReach } from '../retirement/finding';
import { inspectUserAnew, noJournalYet } from '../retirement/inspect-user';
import type { TableEntry } from '../retirement/retirement-ports';
import { dueAt } from '../retirement/rotation-due';

/** What an access key is to the user's secret. `unclear`: it is so young that a rotation may just have made it. */
export type KeyRole = 'current' | 'previous' | 'attempt' | 'unclear' | 'unmanaged';

export interface KeyOverview {
  readonly id: string;
  readonly role: KeyRole;
  /** As IAM lists it. Undefined: IAM does not list it, or was not asked. */
  readonly listed: AccessKey | undefined;
  /** Undefined: AWS knows of no use, or was not asked. */
  readonly lastUse: LastUse | undefined;
  /** What the journal says of a previous key. */
  readonly previous?: PreviousKey;
  readonly nextStep: NextStep | undefined;
}

/** A place outside the user's secret, and what is known of it. */
export interface TargetOverview {
  /** See `targetName`. */
  readonly target: string;
  /** Whether it has the current key for certain. */
  readonly isCurrent: boolean;
  /** The key that it is known to have got last, and when. */
  readonly delivered: { readonly keyId: string; readonly at: Instant } | undefined;
  /** A service whose tasks are being replaced since then, so that they read the current key. */
  readonly restartingSince: Instant | undefined;
  /** It has refused, or not answered, since then. */
  readonly failing:
    { readonly since: Instant; readonly attempts: number; readonly error: string } | undefined;
}

/** What the table and AWS say of one user, and what the rules make of it. */
export interface UserOverview {
  readonly stableKey: string;
  readonly settings: Settings | undefined;
  readonly journal: Journal | undefined;
  /** Undefined where AWS was not asked, or could not be. */
  readonly secret: SecretDescription | undefined;
  /** Whether IAM was asked for the keys. */
  readonly keysListed: boolean;
  readonly keys: readonly KeyOverview[];
  /** Undefined where the user has none, or what they hold was not read. */
  readonly targets: readonly TargetOverview[] | undefined;
  /** When the next rotation begins at the latest; undefined where none is due. */
  readonly dueBy: Instant | undefined;
  readonly exemption: Exemption | undefined;
  /**
   * What people have to look at, with the moment when the retirement function saw it first, if it did already. What could
   * not be looked at now counts as it did then.
   */
  readonly findings: readonly (Finding & { readonly since: Instant | undefined })[];
  /** Why keys are held now, and what the next run of the retirement function does. */
  readonly decisions: readonly Decision[];
  /** Whether it came to the previous keys at all: only then does an absent hold mean that there is none. */
  readonly holdsDecided: boolean;
}

export interface OverviewOptions {
  /** The stack's prefix. */
  readonly stack: string;
  /** False: what the table alone says, without a call for each user. */
  readonly askAws: boolean;
}

export type OverviewPorts = Parameters<typeof inspectUserAnew>[0];

/**
 * Looks at one user, as the retirement function does, and changes nothing. That a user cannot be looked at is a finding.
 *
 * Calls, with `askAws`: DescribeSecret, ListAccessKeys, and GetAccessKeyLastUsed for each key; where something is to be
 * decided, the journal once more, and the first two again.
 */
export async function overviewOf(
  ports: OverviewPorts,
  entry: TableEntry,
  { stack, askAws }: OverviewOptions,
): Promise<UserOverview> {
  const now = ports.clock.now();
  const table = tableAlone(entry, now);
  const unreadable = [entry.settings, entry.journal].find((item) => item instanceof Error);
  if (unreadable !== undefined) return withFailure(table, entry, unreadable, now);
  const { settings, journal } = table;
  if (!askAws || settings === undefined) return table;
  try {
    if (journal === undefined) {
      const listed = await ports.keys.list(settings.userName);
      const lastUses = await lastUsesOf(ports, listed, new Map());
      const keys = listed.map((key) => unknownKey(key, lastUses, now));
      return { ...table, keysListed: true, keys };
    }
    const { facts, verdict } = await inspectUserAnew(ports, settings, journal, stack);
    const lastUses = await lastUsesOf(ports, facts.keys, facts.lastUses);
    const { decisions, holdsDecided } = verdict;
    return {
      ...table,
      journal: facts.journal,
      dueBy: dueAt(facts, now),
      secret: facts.secret,
      keysListed: true,
      keys: keysOf(facts.journal, settings, now, facts, lastUses),
      targets: targetsOf(facts),
      findings: openNow(entry, findingsOf(decisions), holdsDecided ? 'everything' : 'userOnly', now),
      decisions,
      holdsDecided,
    };
  } catch (error) {
    return withFailure(table, entry, error, now);
  }
}

function tableAlone(entry: TableEntry, now: Instant): UserOverview {
  const settings = readable(entry.settings);
  const journal = readable(entry.journal);
  const found = entry.journal === undefined ? findingsOf([noJournalYet(entry.stableKey)]) : [];
  return {
    stableKey: entry.stableKey,
    settings,
    journal,
    secret: undefined,
    keysListed: false,
    keys: settings === undefined || journal === undefined ? [] : keysOf(journal, settings, now),
    targets: undefined,
    dueBy: dueAt({ settings, journal }, now),
    exemption: settings === undefined ? undefined : exemptionInForce(settings, now),
    // Without a journal the retirement function comes as far as that.
    findings: openNow(entry, found, entry.journal === undefined ? 'userOnly' : 'nothing', now),
    decisions: [],
    holdsDecided: false,
  };
}

function withFailure(table: UserOverview, entry: TableEntry, error: unknown, now: Instant): UserOverview {
  const what = error instanceof Error ? error.message : String(error);
  return { ...table, findings: openNow(entry, [{ kind: 'visitFailed', what }], 'nothing', now) };
}

async function lastUsesOf(
  { keys }: OverviewPorts,
  listed: readonly AccessKey[],
  known: ReadonlyMap<string, LastUse | undefined>,
): Promise<ReadonlyMap<string, LastUse | undefined>> {
  const lastUses = new Map(known);
  for (const { id } of listed) {
    if (!lastUses.has(id)) lastUses.set(id, await keys.lastUsed(id));
  }
  return lastUses;
}

function targetsOf({ settings: { deliver = [] }, journal, deliveries }: UserFacts): UserOverview['targets'] {
  if (deliver.length === 0) return undefined;
  return deliver.map((target) => {
    const { announced = [], delivered, failing } = recordOf(target, deliveries) ?? {};
    const { current } = journal;
    const taking = announced.find(
      ({ versionId, at }) => current?.versionId === versionId && at >= current.since,
    );
    return {
      target: targetName(target),
      isCurrent: current !== undefined && isDelivered(target, current, { deliver }, deliveries),
      delivered: delivered && { keyId: delivered.keyId, at: delivered.at },
      restartingSince: target.kind === 'restart' && failing === undefined ? taking?.at : undefined,
      failing,
    };
  });
}

/** Current, then the previous ones, newest first, then what is under way, then what is not ours. */
function keysOf(
  { current, previous, attempt }: Journal,
  settings: Settings,
  now: Instant,
  facts?: UserFacts,
  lastUses: ReadonlyMap<string, LastUse | undefined> = new Map(),
): readonly KeyOverview[] {
  const listed = facts?.keys ?? [];
  const seen = (id: string, role: KeyRole): KeyOverview => ({
    id,
    role,
    listed: listed.find((key) => key.id === id),
    lastUse: lastUses.get(id),
    nextStep: undefined,
  });
  const known = [
    ...(current === undefined ? [] : [seen(current.keyId, 'current')]),
    ...previous.map((key) => ({
      ...seen(key.keyId, 'previous'),
      previous: key,
      nextStep: nextStepOf(key, {
        ...{ settings, deliveries: facts?.deliveries, now },
        // The table alone does not tell what was said or used.
        acknowledged: facts === undefined || isAcknowledged(facts),
      }),
    })),
    ...(attempt?.keyId === undefined ? [] : [seen(attempt.keyId, 'attempt')]),
  ];
  const unknown = listed.filter(({ id }) => known.every((key) => key.id !== id));
  return [...known, ...unknown.map((key) => unknownKey(key, lastUses, now, facts))];
}

const unknownKey = (
  listed: AccessKey,
  lastUses: ReadonlyMap<string, LastUse | undefined>,
  now: Instant,
  facts?: UserFacts,
): KeyOverview => ({
  id: listed.id,
  role: isYoung(listed, now) ? 'unclear' : 'unmanaged',
  listed,
  lastUse: lastUses.get(listed.id),
  nextStep: facts === undefined ? undefined : nextStepOfUnmanaged(listed.id, facts),
});

/** What is open after this look, as after a visit of the retirement function that came so far. */
function openNow(
  { findings }: TableEntry,
  seen: readonly Finding[],
  reach: VisitReach,
  now: Instant,
): UserOverview['findings'] {
  const found = findings instanceof Error ? [...seen, unreadableFindings(findings)] : seen;
  const before = (readable(findings) ?? ([] as readonly OpenFinding[])).filter(isOpen);
  const isAbout =
    (one: Finding) =>
    ({ kind, keyId }: Finding): boolean =>
      one.kind === kind && one.keyId === keyId;
  return compareFindings(before, found, reach, now).open.map(({ kind, keyId, what }) => ({
    kind,
    keyId,
    what: found.find(isAbout({ kind, keyId, what }))?.what ?? what,
    since: before.find(isAbout({ kind, keyId, what }))?.since,
  }));
}

/** The user is looked at all the same: the retirement function, too, goes on as if there had been none. */
const unreadableFindings = ({ message }: Error): Finding => ({
  kind: 'visitFailed',
  what: `What was open before, and since when, cannot be read: ${message}`,
});

const readable = <Item>(item: Item | Error | undefined): Item | undefined =>
  item instanceof Error ? undefined : item;
