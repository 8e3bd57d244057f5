import type { ITerraformDependable } from 'cdktf';

/** A function that is told of suspicious acts: it is invoked with the event as CloudTrail tells it. */
export interface WatchTarget {
  /** Unique among the targets, at most 64 characters. */
  readonly targetId: string;
  readonly functionName: string;
  readonly functionArn: string;
  /** Where EventBridge puts what it cannot deliver; its policy has to admit the rules. */
  readonly queueArn?: string;
  /** Without these an invocation fails. */
  readonly ready: readonly ITerraformDependable[];
}
