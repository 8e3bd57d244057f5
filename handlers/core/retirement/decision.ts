import type { FindingKind, HoldCause } from '../../../contract/faults';

/** Something that changes a key, a label or the journal. At most one comes from one decision. */
export interface Act {
  readonly kind: 'act';
  readonly what:
    | 'deactivate'
    | 'delete'
    /** The served key had been deactivated by us. */
    | 'reactivate'
    /** A key that never became current is deleted. */
    | 'reap'
    /** Something that a crash or a moved label left half done is brought to its end. */
    | 'finish'
    /** A previous key that IAM no longer lists leaves the journal. */
    | 'forget'
    /** An unmanaged key becomes a previous key, because the configuration says so. */
    | 'takeOver'
    /** A key that AWS reported is Inactive, and everything else about the leak is done, too. */
    | 'endLeak'
    | 'requestRotation';
  readonly reason: string;
  /** Absent where the act is not about one key. */
  readonly keyId?: string;
}

/** A retirement that is due and not done. */
export interface Hold {
  readonly kind: 'hold';
  readonly keyId: string;
  /** The fault because of which the key is held. */
  readonly cause: HoldCause;
  readonly reason: string;
}

/** A fault. Nothing is changed because of it. */
export interface Report {
  readonly kind: 'report';
  readonly fault: FindingKind;
  readonly reason: string;
  readonly keyId?: string;
}

/** Something that the configuration asks for, so it is no fault: it is logged. */
export interface Notice {
  readonly kind: 'notice';
  readonly about: 'exempted' | 'retiredWhileInUse' | 'retiredUnacknowledged';
  readonly reason: string;
  readonly keyId?: string;
}

export type Decision = Act | Hold | Report | Notice;
