import type { Instant } from '../../../contract/instant';
import type { FaultKind } from '../../../contract/faults';

/** Who says it: an event of ours, a CloudWatch alarm, Secrets Manager by way of CloudTrail, or a rule on the trail. */
export const REPORTERS = ['product', 'alarm', 'secretsManager', 'trail'] as const;

export type Reporter = (typeof REPORTERS)[number];

interface AnyReport {
  readonly kind: FaultKind;
  /** The stable key. Undefined: the fault is the whole stack's. */
  readonly user: string | undefined;
  /** The last four characters of the key's id, where a fault is about one key of several. */
  readonly keyIdSuffix?: string;
  /** What else tells it from other faults of its kind and user: an act, with what it was done to. */
  readonly act?: string;
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
  /** What happened, for a person. May have several lines. */
  readonly what: string;
}

/** A fault is over. It may never have been told. */
export interface FaultEnded extends AnyReport {
  readonly phase: 'ended';
  readonly what: string;
}

export type FaultReport = FaultBegan | FaultEnded;
