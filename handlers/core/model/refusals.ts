/**
 * A failure that a person reads. Its class says what the caller may do, its text says what was found,
 * what the rule is, and what to do.
 */
export abstract class RotationError extends Error {
  constructor(finding: string, ruleAndRemedy: string, options?: ErrorOptions) {
    super(`${finding} ${ruleAndRemedy}`, options);
  }
}

/** Nothing is lost and nothing is wrong: the same call may be made again. */
export class TryAgainError extends RotationError {
  override readonly name = 'TryAgainError';
}

/** The rotation with this token can never finish; the next one brings a new token. */
export class RotationAbandonedError extends RotationError {
  override readonly name = 'RotationAbandonedError';
}

/** It ended earlier: this is one more try with its token. */
export class AbandonedEarlierError extends RotationAbandonedError {}

/** Both slots hold keys that must stay: the rotation is journaled as wanted, and the sweep requests it when one is free. */
export class RotationDeferredError extends RotationError {
  override readonly name = 'RotationDeferredError';
}

/** What was found contradicts what is known, so nothing was touched (R8). A person has to look. */
export class UnknownStateError extends RotationError {
  override readonly name = 'UnknownStateError';
}

/** The settings name another user than the secret does. */
export class SecretOfAnotherUserError extends UnknownStateError {}

/** A key belongs to another identity than the rotated user. */
export class WrongUserError extends RotationError {
  override readonly name = 'WrongUserError';

  constructor(
    readonly keyId: string,
    finding: string,
    ruleAndRemedy: string,
  ) {
    super(finding, ruleAndRemedy);
  }
}

/** Refused on purpose: it would destroy something, and no apply announced that. */
export class RemovalRefusedError extends RotationError {
  override readonly name = 'RemovalRefusedError';
}

/** A person has to confirm something that cannot be undone. */
export class ConfirmationNeededError extends RotationError {
  override readonly name = 'ConfirmationNeededError';
}
