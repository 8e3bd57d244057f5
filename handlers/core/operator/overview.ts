import type { AccessKey, LastUse } from '../model/access-key';
import type { Instant } from '../../../contract/instant';
import type { Journal, PreviousKey } from '../model/journal';
import { isOpen, type OpenFinding } from '../model/open-finding';
import type { SecretDescription } from '../model/ports';
import type { Settings } from '../../../contract/settings';
import { exemptionInForce, type Exemption } from '../key-moves/exemption';
import { graceEnd } from '../key-moves/delete-retired';
import { overlapEnd } from '../retirement/decide';
import type { Decision } from '../retirement/decision';
import { findingsOf, type Finding } from '../retirement/finding';
import { inspectUser, type InspectionPorts } from '../retirement/inspect-user';
import type { TableEntry } from '../retirement/retirement-ports';
import { dueAt } from '../retirement/rotation-due';

/** What an access key is to the user's secret. */
export type KeyRole = 'current' | 'previous' | 'attempt' | 'unmanaged';

export interface KeyOverview {
  readonly id: string;
  readonly role: KeyRole;
  /** As IAM lists it. Undefined: IAM does not list it, or was not asked. */
  readonly listed: AccessKey | undefined;
  /** Undefined: AWS knows of no use, or was not asked. */
  readonly lastUse: LastUse | undefined;
  /** What the journal says of a previous key. */
  readonly previous?: PreviousKey;
  /** When a previous key is deactivated, or a deactivated one deleted, unless something holds it. */
  readonly nextStep?: { readonly what: 'deactivate' | 'delete'; readonly at: Instant };
}

/** What the table and AWS say of one user, and what the rules make of it. */
export interface UserOverview {
  readonly stableKey: string;
  readonly settings: Settings | undefined;
  readonly journal: Journal | undefined;
  /** Undefined where AWS was not asked, or could not be. */
  readonly secret: SecretDescription | undefined;
  readonly keys: readonly KeyOverview[];
  /** When the next rotation begins at the latest; undefined where none is due. */
  readonly dueBy: Instant | undefined;
  readonly exemption: Exemption | undefined;
  /** What people have to look at, with the moment when the retirement function saw it first, if it did already. */
  readonly findings: readonly (Finding & { readonly since: Instant | undefined })[];
  /** What the next run of the retirement function does, why it holds a key, and what it notes. */
  readonly decisions: readonly Decision[];
  /** Why the user could not be looked at. */
  readonly failure: string | undefined;
}

/** @param askAws false: what the table alone says, without a call for each user. */
export interface OverviewOptions {
  /** The stack's prefix. */
  readonly stack: string;
  readonly askAws: boolean;
}

/**
 * Looks at one user, as the retirement function does, and changes nothing. A user who cannot be looked at is told of as one.
 *
 * Calls, with `askAws`: DescribeSecret, ListAccessKeys, and GetAccessKeyLastUsed for each key.
 */
export async function overviewOf(
  ports: InspectionPorts,
  entry: TableEntry,
  { stack, askAws }: OverviewOptions,
): Promise<UserOverview> {
  const now = ports.clock.now();
  const { settings, journal } = entry;
  const table = tableAlone(entry, now);
  if (!askAws || settings instanceof Error || journal instanceof Error || journal === undefined) return table;
  try {
    const { facts, verdict } = await inspectUser(ports, settings, journal, stack);
    const lastUses = new Map(facts.lastUses);
    for (const { id } of facts.keys) {
      if (!lastUses.has(id)) lastUses.set(id, await ports.keys.lastUsed(id));
    }
    return {
      ...table,
      secret: facts.secret,
      keys: keysOf(journal, settings, facts.keys, lastUses),
      findings: sinceSeen(findingsOf(verdict.decisions), entry),
      decisions: verdict.decisions,
    };
  } catch (error) {
    return { ...table, failure: messageOf(error) };
  }
}

function tableAlone(entry: TableEntry, now: Instant): UserOverview {
  const settings = readable(entry.settings);
  const journal = readable(entry.journal);
  const failure = [entry.settings, entry.journal].find((item) => item instanceof Error);
  return {
    stableKey: entry.stableKey,
    settings,
    journal,
    secret: undefined,
    keys: settings === undefined || journal === undefined ? [] : keysOf(journal, settings, [], new Map()),
    dueBy: dueAt({ settings, journal }, now),
    exemption: settings === undefined ? undefined : exemptionInForce(settings, now),
    findings: openFindings(entry),
    decisions: [],
    failure: failure?.message,
  };
}

/** Current, then the previous ones, newest first, then what is under way, then what is not ours. */
function keysOf(
  { current, previous, attempt }: Journal,
  settings: Settings,
  listed: readonly AccessKey[],
  lastUses: ReadonlyMap<string, LastUse | undefined>,
): readonly KeyOverview[] {
  const seen = (id: string, role: KeyRole): KeyOverview => ({
    id,
    role,
    listed: listed.find((key) => key.id === id),
    lastUse: lastUses.get(id),
  });
  const known = [
    ...(current === undefined ? [] : [seen(current.keyId, 'current')]),
    ...previous.map((key) => ({
      ...seen(key.keyId, 'previous'),
      previous: key,
      ...nextStepOf(key, settings),
    })),
    ...(attempt?.keyId === undefined ? [] : [seen(attempt.keyId, 'attempt')]),
  ];
  const unknown = listed.filter(({ id }) => known.every((key) => key.id !== id));
  return [...known, ...unknown.map(({ id }) => seen(id, 'unmanaged'))];
}

function nextStepOf(key: PreviousKey, settings: Settings): Pick<KeyOverview, 'nextStep'> {
  if (key.phase === 'overlap') return { nextStep: { what: 'deactivate', at: overlapEnd(key, settings) } };
  const at = graceEnd(key, settings);
  return at === undefined ? {} : { nextStep: { what: 'delete', at } };
}

function openFindings({ findings }: TableEntry): UserOverview['findings'] {
  return (readable(findings) ?? ([] as readonly OpenFinding[])).filter(isOpen);
}

function sinceSeen(found: readonly Finding[], entry: TableEntry): UserOverview['findings'] {
  const open = openFindings(entry);
  return found.map((finding) => ({
    ...finding,
    since: open.find(({ kind, keyId }) => kind === finding.kind && keyId === finding.keyId)?.since,
  }));
}

const readable = <Item>(item: Item | Error | undefined): Item | undefined =>
  item instanceof Error ? undefined : item;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
