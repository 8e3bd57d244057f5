import type { ITerraformDependable, TerraformResourceLifecycle } from 'cdktf';

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
  /**
   * For the permission, which AWS deletes together with the function.
   * @default the permission is made again in the apply after the one that replaced the function
   */
  readonly replacedTogether?: TerraformResourceLifecycle;
}
