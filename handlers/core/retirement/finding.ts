import { foundByVisit, type FindingKind } from '../../../contract/faults';
import type { Instant } from '../../../contract/instant';
import { isOpen, type OpenFinding } from '../model/open-finding';
import type { Decision } from './decision';

/** Something that a person has to look at, as one visit found it. */
export interface Finding {
  readonly kind: FindingKind;
  /** Absent where it is not about one key. */
  readonly keyId?: string | undefined;
  /** In a sentence. */
  readonly what: string;
}

/** What a person has to look at, of all that was decided. */
export function findingsOf(decisions: readonly Decision[]): readonly Finding[] {
  return decisions.flatMap((decision): Finding[] => {
    const kind = faultIn(decision);
    return kind === undefined ? [] : [{ kind, keyId: decision.keyId, what: decision.reason }];
  });
}

function faultIn(decision: Decision): FindingKind | undefined {
  switch (decision.kind) {
    case 'report':
      return decision.fault;
    case 'hold':
      // What is wrong with the current key or the secret is reported by itself, and not for each key that is held for it.
      return foundByVisit(decision.cause).looksAt === 'keys' ? decision.cause : undefined;
    case 'act':
    case 'notice':
      return undefined;
  }
}

/**
 * How far a visit came: `userOnly` is without the user's previous and unmanaged keys. Of what a visit did not look at,
 * nothing has ended.
 */
export type VisitReach = 'everything' | 'userOnly' | 'nothing';

export interface FindingChanges {
  readonly began: readonly OpenFinding[];
  readonly ended: readonly OpenFinding[];
  /** What is open from now on. */
  readonly open: readonly OpenFinding[];
  /** Whether `open` differs from what was open before. */
  readonly changed: boolean;
}

/** Compares what a visit found with what was open before it. A finding is the same while its kind and key are. */
export function compareFindings(
  before: readonly OpenFinding[],
  found: readonly Finding[],
  reach: VisitReach,
  now: Instant,
): FindingChanges {
  const began: OpenFinding[] = [];
  const ended: OpenFinding[] = [];
  const open: OpenFinding[] = [];
  for (const finding of found) {
    if (open.some(isAbout(finding))) continue;
    const known = before.find(isAbout(finding));
    // People may have been told that it is over, or not: they are told that it is there, and at once.
    const isAnew = known !== undefined && known.told && !isOpen(known);
    const { since, told, what } =
      known !== undefined && isOpen(known) ? known : { ...finding, since: now, told: false };
    const isDue = isAnew || now - since >= foundByVisit(finding.kind).confirmedAfter;
    const stays = { kind: finding.kind, keyId: finding.keyId, what, since, told: told || isDue };
    open.push(stays);
    if (!told && isDue) began.push(stays);
  }
  for (const known of before) {
    if (open.some(isAbout(known))) continue;
    if (isOpen(known) && !wasLookedFor(known.kind, reach)) open.push(known);
    else if (known.told) ended.push(known);
  }
  const isSame =
    open.length === before.length &&
    began.length === 0 &&
    before.every(isOpen) &&
    open.every((one) => before.some(isAbout(one)));
  return { began, ended, open, changed: !isSame };
}

const isAbout =
  (one: Finding) =>
  (other: Finding): boolean =>
    one.kind === other.kind && one.keyId === other.keyId;

function wasLookedFor(kind: FindingKind, reach: VisitReach): boolean {
  switch (reach) {
    case 'everything':
      return true;
    case 'userOnly':
      return foundByVisit(kind).looksAt === 'user';
    case 'nothing':
      return false;
  }
}
