import { isDeepStrictEqual } from 'node:util';

import type { Instant } from '../../contract/instant';
import type { AccessKey, LastUse } from '../../handlers/core/model/access-key';
import { CallRefusedError } from '../../handlers/core/model/call-errors';
import type { Journal } from '../../handlers/core/model/journal';
import type { TableEntry } from '../../handlers/core/retirement/retirement-ports';
import { concurrently } from '../concurrently';
import type { Account, ListedUser } from './account';
import type { CredentialReport, ReportedKey, ReportedUser } from './credential-report';
import type { KeyFacts, Rotation, Rules, UserFacts } from './facts';
import { isOpen, type Verdict, VERDICTS, verdict } from './verdict';

/** One key and what is to become of it. */
export interface Finding extends KeyFacts, Verdict {}

export interface Survey {
  readonly accountId: string;
  readonly users: number;
  /** Of the credential report; undefined: it could not be read. */
  readonly reportedAt?: Instant | undefined;
  /** The most urgent first. */
  readonly findings: readonly Finding[];
  /** The stable keys that the stack has already. */
  readonly stableKeys: readonly string[];
  /** What a person should know beside the findings. */
  readonly notes: readonly string[];
}

export interface SurveyOptions {
  readonly rules: Rules;
  /** The stack's prefix. */
  readonly prefix: string;
  /** Whether CloudTrail's event history is read. */
  readonly trail: boolean;
  /**
   * Whether keys are to be taken over: then the journals are read a second time, after the keys were listed. A user whose
   * journal has changed meanwhile has no `itsKeys`, because a key that was made since then would look like a foreign one.
   */
  readonly isToTakeOver?: boolean;
  /** Only these users, by name. */
  readonly only?: ReadonlySet<string> | undefined;
  readonly onProgress?: (done: number, of: number) => void;
}

/** So many users at a time: the pacer spaces the calls, and an answer takes longer than the space between two of them. */
const CONCURRENCY = 16;

/**
 * Looks at every access key of the account.
 *
 * Calls: the report and the list of users, one ListAccessKeys for each user that has a key (or is newer than the report, or
 * is not in it), one GetAccessKeyLastUsed for each key that the report does not tell of or that seems unused, one
 * ListUserTags for each user whose keys are not judged by then, and with `trail` one LookupEvents for each such key.
 *
 * @throws Error for a user of `only` that the account does not have
 */
export async function survey(account: Account, options: SurveyOptions): Promise<Survey> {
  const [accountId, listed, report, entries] = await Promise.all([
    account.accountId(),
    account.users(),
    reportOf(account),
    account.rotatedUsers(),
  ]);
  const { only } = options;
  const users =
    only === undefined ? listed : listed.filter(({ userName }) => only.has(userName.toLowerCase()));
  requireAll(only, users);
  const rotations = rotationsOf(entries ?? [], options.prefix);

  let done = 0;
  const findings = await concurrently(users, CONCURRENCY, async (user) => {
    const found = await findingsOf(account, options, user, report, rotations.byUserId.get(user.userId));
    done += 1;
    options.onProgress?.(done, users.length);
    return found;
  });
  const changed =
    options.isToTakeOver === true
      ? changedJournals(entries ?? [], (await account.rotatedUsers()) ?? [])
      : new Set<string>();
  return {
    accountId,
    users: users.length,
    reportedAt: report instanceof Error ? undefined : report.generatedAt,
    findings: findings
      .flat()
      .map((finding) => withoutItsKeys(finding, changed))
      .sort(moreUrgent),
    stableKeys: (entries ?? []).map(({ stableKey }) => stableKey),
    notes: [...notesOf(report), ...rotations.notes],
  };
}

function requireAll(only: ReadonlySet<string> | undefined, users: readonly ListedUser[]): void {
  const there = new Set(users.map(({ userName }) => userName.toLowerCase()));
  const missing = [...(only ?? [])].filter((name) => !there.has(name));
  if (missing.length > 0)
    throw new Error(`This account has no IAM user ${missing.join(', ')}. Look at: aws iam list-users`);
}

/** Without the right to the report every user is asked for one by one: that takes longer, and says the same. */
async function reportOf(account: Account): Promise<CredentialReport | Error> {
  try {
    return await account.credentialReport();
  } catch (error) {
    if (error instanceof CallRefusedError && error.kind === 'accessDenied') return error;
    throw error;
  }
}

function notesOf(report: CredentialReport | Error): readonly string[] {
  if (report instanceof Error)
    return [`The credential report was not read, so every user was asked for. ${report.message}`];
  const rootKeys = report.root?.keys.length ?? 0;
  return [
    ...(rootKeys === 0
      ? []
      : [
          `The root user has ${rootKeys} access ${rootKeys === 1 ? 'key' : 'keys'}. Delete what is not used, and use a role in place of the rest: nobody can restrict what such a key may do.`,
        ]),
    `The credential report is of ${new Date(report.generatedAt).toISOString()}: a key that was made since then for a user without keys is not in the table.`,
  ];
}

interface Rotations {
  readonly byUserId: ReadonlyMap<string, Rotation>;
  readonly notes: readonly string[];
}

function rotationsOf(entries: readonly TableEntry[], stack: string): Rotations {
  const byUserId = new Map<string, Rotation>();
  const notes: string[] = [];
  for (const { stableKey, settings, journal } of entries) {
    if (settings instanceof Error) {
      notes.push(`Whether a user is rotated as ${stableKey} is not known. ${settings.message}`);
      continue;
    }
    const known = journal instanceof Error ? undefined : journal;
    const hasCurrentKey = known?.current !== undefined;
    // A key that is just being made is not in the journal yet.
    const isUnclear =
      journal instanceof Error || (known?.attempt !== undefined && known.attempt.keyId === undefined);
    const itsKeys = isUnclear ? undefined : keysOf(known);
    byUserId.set(settings.userId, { stableKey, stack, itsKeys, hasCurrentKey });
  }
  return { byUserId, notes };
}

/** The keys that the stack made, or takes over already. */
const keysOf = (journal: Journal | undefined): ReadonlySet<string> =>
  new Set(
    [
      journal?.current?.keyId,
      journal?.attempt?.keyId,
      ...(journal?.previous ?? []).map(({ keyId }) => keyId),
    ].filter((id) => id !== undefined),
  );

/** The stable keys of users whose journal is not what it was. */
function changedJournals(before: readonly TableEntry[], after: readonly TableEntry[]): ReadonlySet<string> {
  const journals = new Map(after.map(({ stableKey, journal }) => [stableKey, journal]));
  return new Set(
    before
      .filter(({ stableKey, journal }) => !isDeepStrictEqual(journal, journals.get(stableKey)))
      .map(({ stableKey }) => stableKey),
  );
}

function withoutItsKeys(finding: Finding, changed: ReadonlySet<string>): Finding {
  const { user } = finding;
  if (user.rotation === undefined || !changed.has(user.rotation.stableKey)) return finding;
  return { ...finding, user: { ...user, rotation: { ...user.rotation, itsKeys: undefined } } };
}

async function findingsOf(
  account: Account,
  options: SurveyOptions,
  user: ListedUser,
  report: CredentialReport | Error,
  rotation: Rotation | undefined,
): Promise<readonly Finding[]> {
  const row =
    report instanceof Error || user.createdAt > report.generatedAt
      ? undefined
      : report.users.get(user.userName);
  // Of a user that is rotated a key may have been made a minute ago.
  if (row?.keys.length === 0 && rotation === undefined) return [];
  const keys = await account.keys.list(user.userName);
  if (keys.length === 0) return [];
  const facts = await userFacts(account, user, row, rotation);
  return judged(account, options, facts, keys, row);
}

async function userFacts(
  account: Account,
  { userName, path }: ListedUser,
  row: ReportedUser | undefined,
  rotation: Rotation | undefined,
): Promise<UserFacts> {
  return {
    ...{ userName, path, rotation },
    hasPassword: row?.hasPassword ?? (await account.hasPassword(userName)),
    hasMfa: row?.hasMfa ?? (await account.hasMfa(userName)),
  };
}

async function judged(
  account: Account,
  { rules, trail }: SurveyOptions,
  user: UserFacts,
  keys: readonly AccessKey[],
  row: ReportedUser | undefined,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  let tags: UserFacts['tags'];
  for (const key of keys) {
    const reported = reportedKey(row?.keys ?? [], key, keys);
    let facts: KeyFacts = {
      user,
      key,
      lastUse: reported === undefined ? await account.keys.lastUsed(key.id) : reported.lastUse,
    };
    // To delete a key that is in use is the worst that can come of a table: what IAM says now decides.
    if (reported !== undefined && verdict(facts, rules).verdict === 'delete')
      facts = { ...facts, lastUse: later(await account.keys.lastUsed(key.id), reported.lastUse) };
    if (isOpen(facts, rules)) {
      tags ??= await account.tags(user.userName);
      facts = { ...facts, user: { ...user, tags } };
      if (trail && isOpen(facts, rules)) facts = { ...facts, calls: await account.trail.recentUses(key.id) };
    }
    findings.push({ ...facts, ...verdict(facts, rules) });
  }
  return findings;
}

/**
 * The report has keys without their ids. A key is found by the moment at which it was made; where that is not clear (its
 * status was changed since, or both keys were made in one second), the report is not used.
 */
function reportedKey(
  reported: readonly ReportedKey[],
  key: AccessKey,
  all: readonly AccessKey[],
): ReportedKey | undefined {
  if (all.filter(({ createdAt }) => createdAt === key.createdAt).length > 1) return undefined;
  return reported.find(
    ({ changedAt, isActive }) => changedAt === key.createdAt && isActive === (key.status === 'Active'),
  );
}

const later = (one: LastUse | undefined, other: LastUse | undefined): LastUse | undefined =>
  (one?.at ?? -Infinity) >= (other?.at ?? -Infinity) ? one : other;

/** By verdict, then the oldest key first. */
const moreUrgent = (one: Finding, other: Finding): number =>
  VERDICTS.indexOf(one.verdict) - VERDICTS.indexOf(other.verdict) ||
  one.key.createdAt - other.key.createdAt ||
  one.user.userName.localeCompare(other.user.userName);
