import {
  CallRefusedError,
  CallUnansweredError,
  type CallName,
  type RefusalKind,
} from '../core/model/call-errors';
import type { SecretMaterial } from '../../contract/secret-material';
import { LONGEST_CALL } from '../core/model/timing';

export interface CallOptions {
  /** Secrets that the call carries: an answer that quotes them is not repeated (R7). */
  readonly carries?: readonly SecretMaterial[] | undefined;
  /** @default LONGEST_CALL from now */
  readonly limit?: AbortSignal;
}

/** What the SDK gives for every answer; the id is AWS's own. */
export interface Answered {
  readonly $metadata: { readonly requestId?: string | undefined };
}

/** What the SDK's exceptions have that represent an answer of AWS. */
interface AwsAnswer {
  readonly name: string;
  readonly message: string;
  readonly Code?: string;
  readonly $fault: 'client' | 'server';
  readonly $metadata: {
    readonly httpStatusCode: number;
    readonly attempts?: number;
  };
}

/**
 * Sends one call, with LONGEST_CALL as its limit, and translates what the SDK throws. An answer without a request id is not
 * AWS's (F 11.1): a proxy, a gateway or a sign-in page may answer with an empty 200. It counts as unanswered. AWS's no is certain only if the
 * SDK sent the call once: an earlier try may have been performed without our hearing of it. The SDK's own exception
 * goes no further, not even as `cause`: it may hold whatever the answer held.
 */
export async function callAws<Output extends Answered>(
  call: CallName,
  effect: 'reads' | 'changes',
  send: (options: { abortSignal: AbortSignal }) => Promise<Output>,
  options: CallOptions = {},
): Promise<Output> {
  try {
    const answer = await send({ abortSignal: options.limit ?? AbortSignal.timeout(LONGEST_CALL) });
    if (answer.$metadata.requestId === undefined)
      throw incomplete(call, 'the answer has no request id, so AWS did not give it');
    return answer;
  } catch (error) {
    throw translate(call, effect, error, options);
  }
}

/**
 * An answer that lacks what AWS always gives, is about something else, or contradicts itself: what was done is not known.
 *
 * @param problem what is wrong with it; it quotes no value of the answer (R7).
 */
export const incomplete = (call: CallName, problem: string): CallUnansweredError =>
  new CallUnansweredError(call, 'IncompleteAnswer', problem);

/**
 * Reads an answer. The SDK's types are what AWS promises, and the SDK does not look whether an answer keeps it: where a list, a text
 * or a moment is something else, nothing is concluded from any of it (R8).
 *
 * @throws CallUnansweredError for such an answer; whatever else `read` throws
 */
export function readAnswer<T>(call: CallName, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof TypeError
      ? incomplete(call, 'the answer has not the form that AWS gives it')
      : error;
  }
}

function translate(call: CallName, effect: 'reads' | 'changes', error: unknown, options: CallOptions): Error {
  if (error instanceof CallRefusedError || error instanceof CallUnansweredError) return error;
  if (!isAnswerOfAws(error)) return new CallUnansweredError(call, nameOf(error), nameOf(error));
  const { httpStatusCode, attempts = 1 } = error.$metadata;
  const isCertain = httpStatusCode < 500 && (effect === 'reads' || attempts <= 1);
  const code = error.Code ?? error.name;
  const message = withoutSecrets(error.message, options.carries ?? []);
  return isCertain
    ? new CallRefusedError(call, kindOf(code, message), code, message)
    : new CallUnansweredError(
        call,
        code,
        `${code}, after ${attempts} ${attempts === 1 ? 'try' : 'tries'}: ${message}`,
      );
}

/**
 * An error answer that AWS itself gave: it has a code in its body. What a proxy answers has none, and what the SDK throws
 * when it cannot parse an answer has no `$fault`.
 */
function isAnswerOfAws(error: unknown): error is AwsAnswer {
  if (!(error instanceof Error)) return false;
  const { $fault, $metadata, Code, name } = error as Partial<AwsAnswer>;
  const status = $metadata?.httpStatusCode ?? 0;
  const hasCode = !['Unknown', 'UnknownError', 'Error', ''].includes(Code ?? name ?? '');
  return $fault !== undefined && status >= 400 && hasCode;
}

/**
 * Name and code only (`TimeoutError`, `Error ECONNRESET`): the message of a parser's error quotes what it could not
 * parse, and that may be the answer with the secret in it (R7).
 */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure';
  return 'code' in error && typeof error.code === 'string' ? `${error.name} ${error.code}` : error.name;
}

/** Longer than an account id, shorter than half a secret access key. */
const TELLING_LENGTH = 16;

function withoutSecrets(message: string, secrets: readonly SecretMaterial[]): string {
  const quotes = secrets.some((secret) => {
    const text = secret.reveal();
    for (let start = 0; start + TELLING_LENGTH <= text.length; start += 1) {
      if (message.includes(text.slice(start, start + TELLING_LENGTH))) return true;
    }
    return false;
  });
  return quotes ? "(AWS's message quotes the secret, so it is left out)" : message;
}

/** The SDK gives query-protocol codes with and without `Exception`, depending on whether its model knows them. */
const KINDS: Readonly<Record<string, RefusalKind>> = {
  AccessDenied: 'accessDenied',
  NoSuchEntity: 'notFound',
  ResourceNotFound: 'notFound',
  LimitExceeded: 'limitExceeded',
  Throttling: 'throttled',
  Throttled: 'throttled',
  TooManyRequests: 'throttled',
  RequestLimitExceeded: 'throttled',
  ProvisionedThroughputExceeded: 'throttled',
  ConditionalCheckFailed: 'conflict',
  ResourceExists: 'conflict',
  InvalidRequest: 'wrongState',
  EntityTemporarilyUnmodifiable: 'conflict',
  DeleteConflict: 'conflict',
  InvalidClientTokenId: 'unknownKey',
  UnrecognizedClient: 'unknownKey',
  InvalidAccessKeyId: 'unknownKey',
  SignatureDoesNotMatch: 'wrongSecret',
  InvalidSignature: 'wrongSecret',
  EncryptionFailure: 'kms',
  DecryptionFailure: 'kms',
  KMSAccessDenied: 'kms',
};

function kindOf(code: string, message: string): RefusalKind {
  const kind = KINDS[code.replace(/Exception$/, '')] ?? 'invalid';
  // A clock that is off says nothing about the secret: "Signature expired: …", "Signature not yet current: …".
  if (kind === 'wrongSecret' && /^Signature (expired|not yet current)/i.test(message)) return 'invalid';
  // IAM has one code for both, and the text says which: a user that was renamed still has its keys (F 2.11).
  if (kind === 'notFound' && /^The user with name /i.test(message)) return 'userNotFound';
  // Secrets Manager answers AccessDeniedException "Access to KMS is not allowed" for a key policy that says no.
  return kind === 'accessDenied' && /\bKMS\b/.test(message) ? 'kms' : kind;
}
