import type { Instant } from '../../../contract/instant';
import type { FaultKind } from '../../../contract/faults';

/** Who says it: an event of ours, an alarm, Secrets Manager by way of CloudTrail, a rule on the trail, or AWS of a leak. */
export const REPORTERS = ['product', 'alarm', 'secretsManager', 'trail', 'leakReport'] as const;

export type Reporter = (typeof REPORTERS)[number];

/** Of suspicious acts: each group has messages of its own in an hour, so that none can use up another's. */
export const ACT_GROUPS = ['refused', 'reads', 'changes', 'watch'] as const;

/** `watch`: what ends or weakens what notices others. It was done; what was refused is in its own group. */
export type ActGroup = (typeof ACT_GROUPS)[number];

/** One act of somebody else. */
export interface SuspiciousAct {
  readonly group: ActGroup;
  /** Has everything in it but the time: who did what to what, from where, and whether it was refused. A digest. */
  readonly identity: string;
}

interface AnyReport {
  readonly kind: FaultKind;
  /** The stable key. Undefined: the fault is the whole stack's. */
  readonly user: string | undefined;
  /** The last four characters of the key's id, where a fault is about one key of several. */
  readonly keyIdSuffix?: string;
  /** Which report of AWS it is, where that names no key. */
  readonly report?: string;
  /** The IAM user that a report of AWS names. Whether it is a rotated one says the table: see `ofRotatedUser`. */
  readonly userName?: string;
  /** Where it is an act of somebody else: which one. */
  readonly act?: SuspiciousAct;
  /** A leak that was played: nobody has the key. */
  readonly drill?: true | undefined;
  readonly reporter: Reporter;
  /** When it was reported. */
  readonly at: Instant;
}

/** A fault is there. It may have been told before. */
export interface FaultBegan extends AnyReport {
  readonly phase: 'began';
  /**
   * Tells one fault from the next one of its kind, where the reporter knows. Undefined: it reports a fault anew with
   * every failed try.
   */
  readonly since?: Instant;
  /** The alarm is new, and has seen no value of its metric yet: perhaps the stack is new. */
  readonly isOfNewAlarm?: true;
  /** What happened, for a person. May have several lines. */
  readonly what: string;
}

/** A fault is over. It may never have been told. */
export interface FaultEnded extends AnyReport {
  readonly phase: 'ended';
  /** The last four characters of the id of the key whose promotion ends it. */
  readonly promoted?: string;
  readonly what: string;
}

export type FaultReport = FaultBegan | FaultEnded;
