import * as z from 'zod';

import { FINDING_KINDS, foundByVisit, type FindingKind } from '../../../contract/faults';
import type { Instant } from '../../../contract/instant';
import { storedInstant } from '../../../contract/stored-instant';
import type { Decision } from './decision';

/** Something that a person has to look at, as one visit found it. */
export interface Finding {
  readonly kind: FindingKind;
  /** Absent where it is not about one key. */
  readonly keyId?: string | undefined;
  /** In a sentence. */
  readonly what: string;
}

const openFinding = z.object({
  kind: z.enum(FINDING_KINDS),
  keyId: z.string().min(1).optional(),
  what: z.string().min(1),
  /** When it was seen first. */
  since: storedInstant,
  /** Whether people were told of it. */
  told: z.boolean(),
});

/** A finding that has not ended. */
export type OpenFinding = Readonly<z.output<typeof openFinding>>;

/** The item `findings#<stable key>`: what was open when it was written. */
export const findingsSchema = z.array(openFinding);

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
    const { since, told, what } = known ?? { ...finding, since: now, told: false };
    const isDue = now - since >= foundByVisit(finding.kind).confirmedAfter;
    const stays = { kind: finding.kind, keyId: finding.keyId, what, since, told: told || isDue };
    open.push(stays);
    if (!told && isDue) began.push(stays);
  }
  for (const known of before) {
    if (open.some(isAbout(known))) continue;
    if (!wasLookedFor(known.kind, reach)) open.push(known);
    else if (known.told) ended.push(known);
  }
  const isSame =
    open.length === before.length && began.length === 0 && open.every((one) => before.some(isAbout(one)));
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
