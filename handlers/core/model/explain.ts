import { CallRefusedError, CallUnansweredError, UnreadableRecordError, type CallName } from './call-errors';
import type { Journal } from './journal';
import { RotationError } from './refusals';
import type { Settings } from '../../../contract/settings';

/**
 * The error that a person reads, in `terraform apply`, in Secrets Manager's event or in the log: it names the user,
 * the secret, the step and the keys around what was found.
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

/**
 * Takes the stack trace off an error that leaves the function: Lambda answers with its name, its message and the lines of its
 * stack, and `terraform apply` prints the whole answer. The name stays, because a stack is what Lambda's runtime knows an error by.
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/Errors.js
 */
export function withoutStack(error: unknown): unknown {
  if (error instanceof Error) error.stack = error.name;
  return error;
}

export interface StepContext {
  readonly step: string;
  readonly secretArn: string;
  /** Undefined if the settings could not be read. */
  readonly settings: Settings | undefined;
  /** Undefined if there is none, or it could not be read. */
  readonly journal?: Journal;
}

/** Wraps an error once, at the boundary. The name of its class stays: it says what the caller may do. */
export function explain(error: unknown, context: StepContext): StepFailedError {
  const { step, secretArn, settings } = context;
  const user =
    settings === undefined ? '' : ` of IAM user ${settings.userName} (account ${settings.accountId})`;
  const name = error instanceof Error ? error.name : 'Error';
  const finding = error instanceof Error ? error.message : String(error);
  const sentences = [
    `${step}${user}, secret ${secretArn}: ${finding}`,
    remedyFor(error, context),
    namesOfKeys(context),
  ];
  return new StepFailedError(
    name,
    sentences
      .filter((text) => text !== '')
      .map(withFullStop)
      .join(' '),
    {
      cause: error,
    },
  );
}

const withFullStop = (sentence: string): string => (/[\w/-]$/.test(sentence) ? `${sentence}.` : sentence);

function namesOfKeys({ journal }: StepContext): string {
  const { current, attempt } = journal ?? {};
  const names = [
    ...(current === undefined ? [] : [`current is ${current.keyId}`]),
    ...(attempt?.keyId === undefined ? [] : [`${attempt.keyId} is new and was never current`]),
  ];
  return names.length === 0 ? '' : `The user's keys: ${names.join(', ')}`;
}

function remedyFor(error: unknown, context: StepContext): string {
  if (error instanceof RotationError) return '';
  if (error instanceof CallRefusedError) return refusalRemedy(error, context);
  if (error instanceof CallUnansweredError) {
    const cause = /throttl/i.test(error.code)
      ? 'AWS throttled the call, and may have performed an earlier try of it. If this happens again, spread the schedules.'
      : 'If this happens again, look at the AWS Health Dashboard.';
    return `Nothing is lost: the next try first completes or undoes what this one began. ${cause} ${tryAgain(context)}`;
  }
  if (error instanceof UnreadableRecordError) {
    return 'No key is changed while a record cannot be read. Compare it with the point-in-time recovery of the table, correct it, then try again.';
  }
  return 'This is a bug in iam-key-rotation.';
}

/** The exact next step for the caller whose step failed. */
function tryAgain({ step, secretArn }: StepContext): string {
  switch (step) {
    case 'firstKey':
    case 'guardRemoval':
      return 'To try again: terraform apply';
    case 'createSecret':
    case 'setSecret':
    case 'testSecret':
    case 'finishSecret':
      return `Secrets Manager tries again by itself, or: aws secretsmanager rotate-secret --secret-id ${secretArn}`;
    default:
      return 'To try again, run the same command.';
  }
}

/** Whom AWS refused: the commands of a person run with that person's own credentials. */
const actor = ({ step }: StepContext): string =>
  isOfPerson(step) ? 'The credentials that you use' : "The function's role";

const isOfPerson = (step: StepContext['step']): boolean => step === 'rollback' || step === 'emergency';

function limitRemedy(service: CallName['service'], { settings, secretArn }: StepContext): string {
  switch (service) {
    case 'IAM':
      return (
        'The user already has two access keys, the most that IAM allows; the current key stays. Look with: aws iam list-access-keys --user-name ' +
        (settings?.userName ?? '<user>')
      );
    case 'Secrets Manager':
      return (
        'A quota of Secrets Manager is reached, most likely the number of versions of a secret. Secrets Manager removes ' +
        'versions without a label when they are a day old. The current key stays. Look with: aws secretsmanager ' +
        `list-secret-version-ids --include-deprecated --secret-id ${secretArn}`
      );
    default:
      return `A quota of ${service} is reached; the current key stays. Look with: aws service-quotas list-services`;
  }
}

/** Which Terraform writes, for the key of the configuration and no other. */
const ofRole = ({ step }: StepContext): string =>
  isOfPerson(step)
    ? ''
    : ' (what the role itself may use, Terraform writes: if the stack got another kmsKeyArn, or lost it, what is stored may ' +
      'still be under the former key, and a rotation stores a value under the new one: docs/accounts.md, "Another customer key")';

/** Terraform finds a user by its name: one that was renamed is gone to it, and the next apply would make a second one. */
function missingUser({ settings }: StepContext): string {
  const { userName, userId } = settings ?? { userName: '<user>', userId: '<id>' };
  return (
    `IAM has no user ${userName}: somebody renamed or deleted it. Look before you apply: aws iam list-users --query ` +
    `"Users[?UserId=='${userId}'].UserName". If it has another name now, give it this one back: aws iam update-user ` +
    `--user-name <name now> --new-user-name ${userName} - because \`terraform apply\` would make a second user, and the keys ` +
    'of the renamed one would stay Active. If it is gone, `terraform apply` makes it again. Of a user with `existing: true`, write the ' +
    'new userName, or take the entry out if the user is gone.'
  );
}

function refusalRemedy({ kind, call }: CallRefusedError, context: StepContext): string {
  const again = tryAgain(context);
  switch (kind) {
    case 'accessDenied':
      return (
        `${actor(context)} may not do this. Look for a permissions boundary, a service control policy or a key policy ` +
        `that denies ${call.action}; the current key stays. ${again}`
      );
    case 'kms':
      return (
        `${actor(context)} may not use the secret's KMS key, or the key is disabled. Find the key with: aws ` +
        `secretsmanager describe-secret --secret-id ${context.secretArn} --query KmsKeyId, and allow kms:Decrypt and ` +
        `kms:GenerateDataKey in its policy${ofRole(context)}; the current key stays. ${again}`
      );
    case 'throttled':
      return `AWS throttled every try of the call. Nothing is lost. If this happens again, spread the schedules. ${again}`;
    case 'notFound':
      return 'Something that Terraform made no longer exists. Run `terraform plan` to see what is missing, and `terraform apply` to make it again.';
    case 'userNotFound':
      return missingUser(context);
    case 'limitExceeded':
      return limitRemedy(call.service, context);
    case 'conflict':
      return `Another process made a change at the same moment, so AWS refused this one. Nothing is lost. ${again}`;
    case 'invalid':
    case 'wrongState':
    case 'unknownKey':
    case 'wrongSecret':
      return `The current key stays. ${again}`;
  }
}
