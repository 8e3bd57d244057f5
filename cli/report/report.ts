import type { FindingKind } from '../../contract/faults';
import { FAULTS } from '../../contract/faults';
import type { Instant } from '../../contract/instant';
import { present } from '../present';
import type { KeyStatus, StatusDocument, UserStatus } from '../status/status-document';
import { controlsOf } from './controls';
import type { ReadCount } from './count-reads';
import type { Rotation } from './pair-rotations';
import type { ReportDocument, ReportKey, Unseen } from './report-document';

/** A call on a key of a rotated user. */
export interface KeyAct {
  readonly at: Instant;
  readonly user: string;
  readonly act: 'created' | 'activated' | 'deactivated' | 'deleted';
  readonly keyId: string | undefined;
  readonly by: string;
  /** AWS's error code; undefined: it was done. */
  readonly refused: string | undefined;
}

/** A fault that the table still knows, and that is over. */
export interface EndedFault {
  readonly user: string;
  readonly kind: FindingKind;
  readonly what: string;
  readonly keyId: string | undefined;
  readonly since: Instant;
  readonly endedAt: Instant;
}

/** Everything that was read, before it is put in order and counted. */
export interface ReportFacts {
  readonly status: StatusDocument;
  readonly accountId: string;
  readonly madeBy: string;
  readonly product: string;
  readonly period: { readonly from: Instant; readonly until: Instant };
  readonly rotations: readonly Rotation[];
  readonly keyActs: readonly KeyAct[];
  readonly reads: readonly ReadCount[];
  readonly endedFaults: readonly EndedFault[];
  readonly unseen: readonly Unseen[];
}

/** Pure: the report of what was read. */
export function reportOf(facts: ReportFacts): ReportDocument {
  const { status, period } = facts;
  const inPeriod = (at: Instant | undefined): boolean =>
    at !== undefined && at >= period.from && at <= period.until;
  const parts = {
    users: status.users.map(userOf).toSorted(by(({ user }) => user)),
    keys: status.users.flatMap(keysOf).toSorted(oldestFirst),
    rotations: facts.rotations
      .filter(({ startedAt, endedAt }) => inPeriod(startedAt) || inPeriod(endedAt))
      .map((rotation) =>
        present<ReportDocument['rotations'][number]>({
          ...rotation,
          startedAt: iso(rotation.startedAt),
          endedAt: iso(rotation.endedAt),
        }),
      )
      .toSorted(newestFirst(({ startedAt, endedAt }) => startedAt ?? endedAt ?? '')),
    keyActs: facts.keyActs
      .filter(({ at }) => inPeriod(at))
      .map((act) => present<ReportDocument['keyActs'][number]>({ ...act, at: iso(act.at) }))
      .toSorted(newestFirst(({ at }) => at)),
    journal: status.users
      .flatMap(({ user, history }) => history.map((entry) => ({ ...entry, user })))
      .filter(({ at }) => inPeriod(Date.parse(at)))
      .toSorted(newestFirst(({ at }) => at)),
    holds: status.users
      .flatMap(({ user, keys }) =>
        keys.flatMap(({ id, hold }) => (hold === undefined ? [] : [{ user, keyId: id, ...hold }])),
      )
      .toSorted(by(({ user }) => user)),
    exemptions: status.users
      .flatMap(({ user, owner, exemption }) =>
        exemption === undefined
          ? []
          : [present<ReportDocument['exemptions'][number]>({ user, owner, ...exemption })],
      )
      .toSorted(by(({ until }) => until)),
    reads: facts.reads
      .map((read) => ({
        ...read,
        ...{ firstAt: iso(read.firstAt), lastAt: iso(read.lastAt) },
        ...{ addresses: [...read.addresses], userAgents: [...read.userAgents] },
      }))
      .toSorted(by(({ user, principal }) => `${user}\n${principal}`)),
    faults: faultsOf(facts),
    unseen: [...facts.unseen].sort((a, b) => WHEN[a.when] - WHEN[b.when]),
  };
  const numbers = numbersOf(parts);
  return {
    version: 1,
    stack: status.stack,
    region: status.region,
    accountId: facts.accountId,
    madeAt: status.at,
    madeBy: facts.madeBy,
    product: facts.product,
    period: { from: iso(period.from), until: iso(period.until) },
    numbers,
    ...parts,
    controls: controlsOf({ ...parts, numbers }),
  };
}

const WHEN = { thisTime: 0, always: 1 } as const;

function userOf(status: UserStatus): ReportDocument['users'][number] {
  const { keys: keysSeen, secret: secretSeen } = status.asked;
  return present<ReportDocument['users'][number]>({
    user: status.user,
    userName: status.userName,
    owner: status.owner,
    maximumKeyAgeSeconds: status.maximumKeyAgeSeconds,
    rotationIsScheduled: secretSeen ? status.rotation.nextAt !== undefined : undefined,
    lastRotatedAt: status.rotation.lastAt,
    nextRotationAt: status.rotation.nextAt,
    keysSeen,
  });
}

function keysOf({ user, keys, maximumKeyAgeSeconds }: UserStatus): ReportKey[] {
  return keys.flatMap(({ id, role, status, createdAt, ageSeconds, lastUsed }) =>
    status === undefined || status === 'gone' || createdAt === undefined || ageSeconds === undefined
      ? []
      : [
          present<ReportKey>({
            ...{ user, keyId: id, role, status, createdAt },
            // The clocks of AWS's services differ by a little.
            ageSeconds: Math.max(0, ageSeconds),
            maximumAgeSeconds: maximumKeyAgeSeconds,
            verdict: verdictOf({ status, ageSeconds }, maximumKeyAgeSeconds),
            lastUsedAt: lastUsed?.at,
          }),
        ],
  );
}

function verdictOf(
  { status, ageSeconds }: { status: KeyStatus['status']; ageSeconds: number },
  maximum: number | undefined,
): ReportKey['verdict'] {
  if (status === 'Inactive') return 'inactive';
  if (maximum === undefined) return 'noPolicy';
  return ageSeconds > maximum ? 'over' : 'within';
}

const VERDICTS: Readonly<Record<ReportKey['verdict'], number>> = {
  over: 0,
  noPolicy: 1,
  within: 2,
  inactive: 3,
};

const oldestFirst = (a: ReportKey, b: ReportKey): number =>
  VERDICTS[a.verdict] - VERDICTS[b.verdict] || b.ageSeconds - a.ageSeconds || (a.user < b.user ? -1 : 1);

const SEVERITIES = { critical: 0, warning: 1 } as const;

function faultsOf({ status, endedFaults }: ReportFacts): ReportDocument['faults'] {
  const open = status.users.flatMap(({ user, findings }) =>
    findings.map(({ kind, severity, title, what, keyId, since }) =>
      present<ReportDocument['faults'][number]>({
        ...{ user, kind, severity, title, what, keyId, since },
        endedAt: undefined,
      }),
    ),
  );
  const ended = endedFaults.map(({ user, kind, what, keyId, since, endedAt }) =>
    present<ReportDocument['faults'][number]>({
      ...{ user, kind, what, keyId },
      severity: FAULTS[kind].severity,
      title: FAULTS[kind].title,
      since: iso(since),
      endedAt: iso(endedAt),
    }),
  );
  return [
    ...open.toSorted((a, b) => SEVERITIES[a.severity] - SEVERITIES[b.severity] || (a.user < b.user ? -1 : 1)),
    ...ended.toSorted(newestFirst(({ endedAt = '' }) => endedAt)),
  ];
}

function numbersOf(
  parts: Omit<
    ReportDocument,
    | 'numbers'
    | 'controls'
    | 'version'
    | 'stack'
    | 'region'
    | 'accountId'
    | 'madeAt'
    | 'madeBy'
    | 'product'
    | 'period'
  >,
): ReportDocument['numbers'] {
  const { users, keys, rotations, keyActs, holds, exemptions, reads, faults, unseen } = parts;
  const acts = (wanted: KeyAct['act']): number =>
    keyActs.filter(({ act, refused }) => act === wanted && refused === undefined).length;
  const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);
  const results = (...wanted: readonly string[]): number =>
    rotations.filter(({ result }) => wanted.includes(result)).length;
  return {
    users: users.length,
    activeKeys: keys.filter(({ status }) => status === 'Active').length,
    inactiveKeys: keys.filter(({ status }) => status !== 'Active').length,
    overAge: keys.filter(({ verdict }) => verdict === 'over').length,
    rotationsSucceeded: results('succeeded'),
    rotationsFailed: results('failed', 'abandoned'),
    rotationsWithoutEnd: results('noEnd'),
    keysCreated: acts('created'),
    keysDeactivated: acts('deactivated'),
    keysDeleted: acts('deleted'),
    holds: holds.length,
    exemptions: exemptions.length,
    reads: sum(reads.map((read) => read.reads)),
    readsRefused: sum(reads.map(({ refused }) => refused)),
    readers: new Set(reads.map(({ principal }) => principal)).size,
    faultsOpen: faults.filter(({ endedAt }) => endedAt === undefined).length,
    faultsEnded: faults.filter(({ endedAt }) => endedAt !== undefined).length,
    unseen: unseen.filter(({ when }) => when === 'thisTime').length,
  };
}

const by =
  <Row>(text: (row: Row) => string) =>
  (a: Row, b: Row): number =>
    text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0;

const newestFirst =
  <Row>(text: (row: Row) => string) =>
  (a: Row, b: Row): number =>
    by(text)(b, a);

function iso(moment: Instant): string;
function iso(moment: Instant | undefined): string | undefined;
function iso(moment: Instant | undefined): string | undefined {
  return moment === undefined ? undefined : new Date(moment).toISOString();
}
