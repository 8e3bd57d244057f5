import { CallRefusedError, CallUnansweredError, UnreadableRecordError } from './errors';
import { RotationError } from './rotation-errors';
import type { Settings } from './settings';

/**
 * The error that a person meets, in `terraform apply`, in Secrets Manager's event or in the log: it names the user,
 * the secret and the step before what was found.
 */
export class StepFailedError extends Error {
  constructor(
    override readonly name: string,
    message: string,
    options: ErrorOptions,
  ) {
    super(message, options);
    withoutStack(this);
  }
}

/** Takes the stack trace off an error that leaves the function, because `terraform apply` prints errors whole. */
export function withoutStack(error: unknown): unknown {
  if (error instanceof Error) error.stack = `${error.name}: ${error.message}`;
  return error;
}

export interface StepContext {
  readonly step: string;
  readonly secretArn: string;
  /** Undefined if the settings could not be read. */
  readonly settings: Settings | undefined;
}

/** Wraps whatever failed, once, at the boundary. The class's name stays: it says what the caller may do. */
export function explain(error: unknown, { step, secretArn, settings }: StepContext): StepFailedError {
  const user =
    settings === undefined ? '' : ` of IAM user ${settings.userName} (account ${settings.accountId})`;
  const name = error instanceof Error ? error.name : 'Error';
  const finding = error instanceof Error ? error.message : String(error);
  return new StepFailedError(name, `${step}${user}, secret ${secretArn}: ${finding}${remedyFor(error)}`, {
    cause: error,
  });
}

function remedyFor(error: unknown): string {
  if (error instanceof RotationError) return '';
  if (error instanceof CallUnansweredError) {
    return ' Nothing is lost: the next try first settles what this one left. If it goes on, look at the AWS Health Dashboard.';
  }
  if (error instanceof UnreadableRecordError) {
    return ' Nothing is touched while a record cannot be read. Compare it with the point-in-time recovery of the table, mend it, then try again.';
  }
  return error instanceof CallRefusedError
    ? ` ${refusalRemedy(error)}`
    : ' This is a bug in iam-key-rotation.';
}

function refusalRemedy({ kind, call }: CallRefusedError): string {
  switch (kind) {
    case 'accessDenied':
      return (
        `The function's role may not do this. Look for a permissions boundary, a service control policy or a key policy that ` +
        `denies ${call.action}, then try again; the current key stays.`
      );
    case 'kms':
      return (
        "The function's role may not use the secret's KMS key, or the key is disabled. Allow the role kms:Decrypt and " +
        'kms:GenerateDataKey in the key policy, then try again; the current key stays.'
      );
    case 'throttled':
      return 'AWS throttled the call beyond the SDK’s patience. Nothing is lost: try again; spread the schedules if it goes on.';
    case 'notFound':
      return 'What Terraform made is not there any more. Run `terraform plan` to see what is missing, and `terraform apply` to mend it.';
    case 'limitExceeded':
      return 'The user has both its access keys already. Look with: aws iam list-access-keys; the current key stays.';
    case 'conflict':
      return 'Somebody else was faster; nothing is lost. Try again.';
    case 'invalid':
    case 'unknownKey':
    case 'wrongSecret':
      return 'The current key stays. Try again; if it goes on, look at the log of the function.';
  }
}
