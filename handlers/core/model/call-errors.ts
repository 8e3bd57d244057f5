/** Why AWS, or another system that keys are delivered to, refused a call, as far as this product decides by it. */
export type RefusalKind =
  | 'accessDenied'
  | 'notFound'
  /** IAM has no user of that name: it says nothing about a key. */
  | 'userNotFound'
  | 'limitExceeded'
  | 'throttled'
  | 'conflict'
  | 'invalid'
  /** Secrets Manager: the secret is in no state for it, such as scheduled for deletion. What was asked for may still be due. */
  | 'wrongState'
  /** STS does not know the key: not propagated yet, Inactive, or deleted. */
  | 'unknownKey'
  /** STS knows the key, and the secret is not its own. */
  | 'wrongSecret'
  | 'kms';

/** `IAM CreateAccessKey`, as messages and logs name a call. */
export interface CallName {
  readonly service:
    | 'IAM'
    | 'Secrets Manager'
    | 'STS'
    | 'DynamoDB'
    | 'CloudTrail'
    | 'EventBridge'
    | 'SNS'
    | 'Systems Manager'
    | 'ECS'
    | 'Lambda'
    /** What is not AWS: see handlers/outside/. */
    | 'GitHub'
    | 'HTTPS';
  readonly action: string;
}

/** AWS refused a call: it is certain that nothing was done. */
export class CallRefusedError extends Error {
  override readonly name = 'CallRefusedError';

  constructor(
    readonly call: CallName,
    readonly kind: RefusalKind,
    /** AWS's error code, such as `LimitExceeded`. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${call.service} ${call.action} was refused with ${code}: ${message}`, options);
  }
}

/** No clear answer came (time-out, cut connection, 5xx): the call may or may not have been performed. */
export class CallUnansweredError extends Error {
  override readonly name = 'CallUnansweredError';

  constructor(
    readonly call: CallName,
    /** AWS's error code, or the name of what went wrong on the way. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(
      `${call.service} ${call.action} got no clear answer, so it may or may not have been performed: ${message}`,
      options,
    );
  }
}

/** A record of the table that does not parse: nothing may be concluded from it (R8). */
export class UnreadableRecordError extends Error {
  override readonly name = 'UnreadableRecordError';

  constructor(
    readonly itemKey: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`The table's item ${itemKey} cannot be read: ${problem}`, options);
  }
}
