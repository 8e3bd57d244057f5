import type { Instant } from '../../../contract/instant';

/** What really became of a key, whatever the product believes. */
export interface KeyTruth {
  readonly id: string;
  readonly madeBy: 'product' | 'person';
  readonly madeInProcess: number | undefined;
  /** Longest run of successful probes as the expected user, within one process. */
  proofs: number;
  /** The run that is going on, by process. */
  readonly proofRun: Map<number, number>;
  everCurrent: boolean;
  /** Whether it was a person who moved AWSCURRENT away from it, the last time. */
  replacedByPerson: boolean;
  /** When AWSCURRENT last left it; undefined while it never did, or has come back. */
  replacedAt: Instant | undefined;
  /**
   * What it was before a person made it current again. If it loses AWSCURRENT before the product has looked, the
   * product cannot know of it, and that moment counts for nothing.
   */
  beforeReturn: Pick<KeyTruth, 'replacedAt' | 'reactivatedByPersonAt'> | undefined;
  /** The last time that this product deactivated it. */
  deactivatedByUsAt: Instant | undefined;
  /** A person re-activated it after we had deactivated and journaled it; ends when it becomes current again. */
  reactivatedByPersonAt: Instant | undefined;
  /** The last time that a person changed its status. */
  changedByPersonAt: Instant | undefined;
}

export const newKeyTruth = (
  id: string,
  madeBy: 'product' | 'person',
  madeInProcess: number | undefined,
): KeyTruth => ({
  id,
  madeBy,
  madeInProcess,
  proofs: 0,
  proofRun: new Map(),
  everCurrent: false,
  replacedByPerson: false,
  replacedAt: undefined,
  beforeReturn: undefined,
  deactivatedByUsAt: undefined,
  reactivatedByPersonAt: undefined,
  changedByPersonAt: undefined,
});
