/** Who makes a call. */
export interface Principal {
  readonly type: 'admin' | 'user' | 'role' | 'service';
  /** As policies name it: the user's or role's ARN, path included; for a service its DNS name. */
  readonly arn: string;
  /** As GetCallerIdentity and CloudTrail show it: for a role, the session's ARN. */
  readonly callerArn: string;
  readonly userId: string;
  /** Names the invocation whose function made the call. */
  readonly invocationId?: string;
}
