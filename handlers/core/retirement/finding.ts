import * as z from 'zod';

import type { Instant, Milliseconds } from '../../../contract/instant';
import { MINUTE } from '../../../contract/instant';
import { storedInstant } from '../../../contract/stored-instant';
import { FINDING_KINDS, type FindingKind } from '../../../contract/telemetry-names';
import type { Decision, HoldCause, Report } from './decision';

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

/** As it is stored: moments are ISO 8601 strings. */
export type StoredFindings = z.input<typeof findingsSchema>;

/** What is reported and is no finding: it is wanted, or a key's own event tells it. */
type NoFinding = 'exempted' | 'retiredWhileInUse';

const KIND_OF_REPORT: Readonly<Record<Exclude<Report['topic'], NoFinding>, FindingKind>> = {
  unmanagedKey: 'unmanagedKey',
  pastMaximumKeyAge: 'keyPastMaximumAge',
  heldPastMaximumKeyAge: 'heldPastMaximumAge',
  exemptionEndsSoon: 'exemptionEndsSoon',
  currentKeyNotWorking: 'currentNotWorking',
  currentKeyLeaked: 'currentKeyLeaked',
  rotationWaits: 'rotationWaits',
  rotationStuck: 'rotationStuck',
  rotationOverdue: 'rotationOverdue',
  unknownState: 'unknownState',
};

/** A current key that does not work is reported by itself; what is held because of it says nothing more. */
const KIND_OF_HOLD: Readonly<Record<HoldCause, FindingKind | undefined>> = {
  stillInUse: 'stillInUse',
  reactivatedByPerson: 'reactivatedByPerson',
  currentNotWorking: undefined,
};

/** What a person has to look at, of all that was decided. */
export function findingsOf(decisions: readonly Decision[]): readonly Finding[] {
  return decisions.flatMap((decision): Finding[] => {
    const kind = kindOf(decision);
    return kind === undefined ? [] : [{ kind, keyId: decision.keyId, what: decision.reason }];
  });
}

function kindOf(decision: Decision): FindingKind | undefined {
  if (decision.kind === 'hold') return KIND_OF_HOLD[decision.cause];
  if (decision.kind === 'act') return undefined;
  const { topic } = decision;
  return topic === 'exempted' || topic === 'retiredWhileInUse' ? undefined : KIND_OF_REPORT[topic];
}

/** What passes by itself most times is told when the next run finds it, too. Runs are an hour apart, less 15 minutes. */
const PATIENCE: Readonly<Partial<Record<FindingKind, Milliseconds>>> = {
  visitFailed: 40 * MINUTE,
  unknownState: 40 * MINUTE,
};

/** What only a visit finds that came to the user's previous and unmanaged keys. */
const FOUND_AT_THE_KEYS: readonly FindingKind[] = [
  'stillInUse',
  'reactivatedByPerson',
  'heldPastMaximumAge',
  'unmanagedKey',
  'rotationWaits',
];

/** How far a visit came: of what it did not look at, nothing has ended. */
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
    const isDue = now - since >= (PATIENCE[finding.kind] ?? 0);
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
      return !FOUND_AT_THE_KEYS.includes(kind);
    case 'nothing':
      return false;
  }
}
