import { CallRefusedError, CallUnansweredError, type CallName, type RefusalKind } from '../core/errors';
import { LONGEST_CALL } from '../core/timing';

/** What every exception of the SDK has. Typed here, because errors reach us as `unknown`. */
interface SdkException {
  readonly name: string;
  readonly message: string;
  readonly Code?: string;
  readonly $metadata: { readonly httpStatusCode?: number; readonly attempts?: number };
}

/**
 * Sends one call, with LONGEST_CALL as its limit, and translates what the SDK throws. AWS's no is certain only if the
 * SDK sent the call once: an earlier try may have been performed without our hearing of it.
 */
export async function callAws<Output>(
  call: CallName,
  effect: 'reads' | 'changes',
  send: (options: { abortSignal: AbortSignal }) => Promise<Output>,
): Promise<Output> {
  try {
    return await send({ abortSignal: AbortSignal.timeout(LONGEST_CALL) });
  } catch (error) {
    throw translate(call, effect, error);
  }
}

function translate(call: CallName, effect: 'reads' | 'changes', error: unknown): Error {
  if (!isSdkException(error)) return new CallUnansweredError(call, nameOf(error));
  const { httpStatusCode = 500, attempts = 1 } = error.$metadata;
  const isAnswer = httpStatusCode >= 400 && httpStatusCode < 500;
  const isCertain = isAnswer && (effect === 'reads' || attempts <= 1);
  const code = error.Code ?? error.name;
  return isCertain
    ? new CallRefusedError(call, kindOf(code, error.message), code, error.message, { cause: error })
    : new CallUnansweredError(call, `${code}: ${error.message} (after ${attempts} attempts)`, {
        cause: error,
      });
}

/**
 * Name and code only (`TimeoutError`, `Error ECONNRESET`): the message of a parser's error quotes what it could not
 * parse, and that may be the answer with the secret in it (R7).
 */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure';
  return 'code' in error && typeof error.code === 'string' ? `${error.name} ${error.code}` : error.name;
}

const isSdkException = (error: unknown): error is SdkException =>
  error instanceof Error && typeof (error as Partial<SdkException>).$metadata?.httpStatusCode === 'number';

/** The SDK gives query-protocol codes with and without `Exception`, depending on whether its model knows them. */
const KINDS: Readonly<Record<string, RefusalKind>> = {
  AccessDenied: 'accessDenied',
  NoSuchEntity: 'notFound',
  ResourceNotFound: 'notFound',
  LimitExceeded: 'limitExceeded',
  Throttling: 'throttled',
  ThrottledException: 'throttled',
  Throttled: 'throttled',
  TooManyRequests: 'throttled',
  RequestLimitExceeded: 'throttled',
  ProvisionedThroughputExceeded: 'throttled',
  ConditionalCheckFailed: 'conflict',
  ResourceExists: 'conflict',
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
  // Secrets Manager answers AccessDeniedException "Access to KMS is not allowed" for a key policy that says no.
  return kind === 'accessDenied' && /\bKMS\b/.test(message) ? 'kms' : kind;
}
