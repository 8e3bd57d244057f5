import { FAULTS } from '../../contract/faults';
import { SECOND, type Instant } from '../../contract/instant';
import type { Journal } from '../../handlers/core/model/journal';
import type { KeyOverview, TargetOverview, UserOverview } from '../../handlers/core/operator/overview';
import { suffixOf } from '../../handlers/core/telemetry/emit';
import { present } from '../present';
import type { FindingStatus, KeyStatus, TargetStatus, UserStatus } from './status-document';

/** What the text about a fault and the rest of a document need to know of the stack. */
export interface StackFacts {
  /** The stack's prefix. */
  readonly prefix: string;
  readonly now: Instant;
}

const RANK = { critical: 0, warning: 1, none: 2 } as const;

/** Who needs attention first comes first. */
export const byAttention = (a: UserStatus, b: UserStatus): number =>
  RANK[a.attention] - RANK[b.attention] || (a.user < b.user ? -1 : 1);

/** One user, in the words of the document. */
export function describeUser(overview: UserOverview, stack: StackFacts): UserStatus {
  const { stableKey, settings, journal, secret, exemption, dueBy } = overview;
  const findings = describeFindings(overview, stack);
  return present<UserStatus>({
    user: stableKey,
    userName: settings?.userName,
    owner: settings?.owner,
    secretArn: settings?.secretArn,
    attention: findings[0]?.severity ?? 'none',
    maximumKeyAgeSeconds: settings?.maximumKeyAgeSeconds,
    rotation: present<UserStatus['rotation']>({
      lastAt: iso(journal?.current?.since),
      nextAt: iso(secret?.nextRotationAt),
      dueBy: iso(dueBy),
      underWaySince: iso(journal?.attempt?.announcedAt),
      wantedSince: iso(journal?.wanted?.since),
    }),
    exemption: exemption && { reason: exemption.reason, until: iso(exemption.until) },
    asked: { keys: overview.keysListed, secret: secret !== undefined },
    keys: overview.keys.map((key) => describeKey(key, overview, stack)),
    targets: overview.targets?.map(describeTarget),
    findings,
    history: journal === undefined ? [] : historyOf(journal),
  });
}

function describeKey(
  { id, role, listed, lastUse, previous, nextStep }: KeyOverview,
  { decisions, holdsDecided, keysListed }: UserOverview,
  { now }: StackFacts,
): KeyStatus {
  const hold = decisions.find((decision) => decision.kind === 'hold' && decision.keyId === id);
  const heldBefore = previous?.hold;
  return present<KeyStatus>({
    id,
    role,
    status: listed?.status ?? (keysListed ? 'gone' : undefined),
    createdAt: iso(listed?.createdAt),
    ageSeconds: listed && Math.floor((now - listed.createdAt) / SECOND),
    lastUsed: lastUse && { ...lastUse, at: iso(lastUse.at) },
    phase: previous?.phase,
    replacedAt: iso(previous?.replacedAt),
    deactivatedAt: iso(previous?.deactivatedAt),
    leaked: previous?.leaked === undefined ? undefined : true,
    nextStep: nextStep && { ...nextStep, at: iso(nextStep.at) },
    hold:
      hold?.kind === 'hold'
        ? present<NonNullable<KeyStatus['hold']>>({
            cause: hold.cause,
            why: hold.reason,
            since: heldBefore?.cause === hold.cause ? iso(heldBefore.since) : undefined,
          })
        : !holdsDecided && heldBefore !== undefined
          ? { cause: heldBefore.cause, why: FAULTS[heldBefore.cause].title, since: iso(heldBefore.since) }
          : undefined,
  });
}

const describeTarget = ({
  target,
  isCurrent,
  delivered,
  restartingSince,
  failing,
}: TargetOverview): TargetStatus =>
  present<TargetStatus>({
    target,
    isCurrent,
    delivered: delivered && { keyId: delivered.keyId, at: iso(delivered.at) },
    restartingSince: iso(restartingSince),
    failing: failing && { ...failing, since: iso(failing.since) },
  });

function describeFindings(overview: UserOverview, { prefix }: StackFacts): FindingStatus[] {
  const { stableKey, settings } = overview;
  const facts = {
    prefix,
    user: stableKey,
    userName: settings?.userName ?? '<IAM user>',
    secret: settings?.secretArn ?? '<secret>',
  };
  return overview.findings
    .map(({ kind, keyId, what, since }) => {
      const { severity, title, firstStep } = FAULTS[kind];
      return present<FindingStatus>({
        ...{ kind, severity, title, what, keyId },
        since: iso(since),
        firstStep: firstStep(facts),
      });
    })
    .toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);
}

/** What the journal still knows, in sentences, oldest first. */
export function historyOf({ current, previous, attempt, wanted }: Journal): UserStatus['history'] {
  const named = (id: string): string => `key …${suffixOf(id)}`;
  const moments: [Instant | undefined, string][] = [
    ...previous.flatMap((key): [Instant | undefined, string][] => [
      [
        key.replacedAt,
        key.origin === 'takenOver'
          ? `${named(key.keyId)} was taken over, to be retired`
          : `${named(key.keyId)} was replaced; its overlap began`,
      ],
      [key.deactivatedAt, `${named(key.keyId)} was deactivated`],
      [key.reactivatedSeenAt, `a person had re-activated ${named(key.keyId)}`],
      [key.hold?.since, `${named(key.keyId)} was held: ${key.hold && FAULTS[key.hold.cause].title}`],
    ]),
    [current?.since, current && `${named(current.keyId)} became current`],
    [wanted?.since, wanted && `a rotation was wanted: ${wanted.reason}`],
    [attempt?.announcedAt, `${attempt && KINDS[attempt.kind]} began`],
    [attempt?.provedAt, attempt?.keyId && `${named(attempt.keyId)} was proved to work`],
  ].map(([at, what]) => [at as Instant | undefined, String(what)]);
  return moments
    .filter((moment): moment is [Instant, string] => moment[0] !== undefined)
    .toSorted(([a], [b]) => a - b)
    .map(([at, what]) => ({ at: iso(at), what }));
}

const KINDS = {
  rotation: 'a rotation',
  firstKey: 'the making of the first key',
  emergency: 'an emergency rotation',
} as const;

function iso(moment: Instant): string;
function iso(moment: Instant | undefined): string | undefined;
function iso(moment: Instant | undefined): string | undefined {
  return moment === undefined ? undefined : new Date(moment).toISOString();
}
