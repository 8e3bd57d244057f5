export const NO_REGION =
  'No region is set. Give --region, set AWS_REGION, or give the profile a region: aws configure set region eu-west-1';

/** What of an error says what to do about it; by its name, its code, or the words of the SDK that have neither. */
const EXPLANATIONS: readonly (readonly [RegExp, (message: string) => string])[] = [
  [/^Region is missing$/, () => NO_REGION],
  [
    /^(CredentialsProviderError$|Could not load credentials)/,
    (message) =>
      `There are no AWS credentials: ${message}. Name a profile of ~/.aws with --profile or AWS_PROFILE, or sign in with: aws sso login`,
  ],
  [
    /^(SignatureDoesNotMatch|InvalidClientTokenId|UnrecognizedClient|InvalidSignature|ExpiredToken|AuthFailure)/,
    (message) =>
      `AWS does not accept the credentials: ${message}. Look at what aws sts get-caller-identity says of them.`,
  ],
  [
    /^(Error )?(TimeoutError|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)( |$)/,
    (message) =>
      `AWS cannot be reached: ${message}. Look at the region, AWS_ENDPOINT_URL, HTTPS_PROXY, and the network.`,
  ],
];

/**
 * The text for a person, of whatever was thrown. What is not known here is its own message.
 *
 * @param error whatever was thrown
 */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const status = statusOf(error);
  if (status !== undefined && /^(Unknown|UnknownError)$/.test(error.message || error.name)) {
    return `What answered for AWS said HTTP ${status} and nothing that AWS says: look at AWS_ENDPOINT_URL, HTTPS_PROXY, and the network.`;
  }
  const found = EXPLANATIONS.find(([pattern]) => isMarked(error, pattern));
  return found === undefined ? error.message : found[1](error.message.replace(/\.$/, ''));
}

/** The same as a sentence, after which another one may come: what AWS says often has no full stop. */
export const explainErrorInSentence = (error: unknown): string => inSentence(explainError(error));

export const inSentence = (text: string): string => text.replace(/[^.?!]$/, '$&.');

/** Where a list has many denials, each saying the same would hide what differs: so this is for the one that ended a command. */
const DENIED = /^(AccessDenied(Exception)?|UnauthorizedOperation)$/;

/** The text for a person, of what ended a command: where AWS denied a call, also how to be allowed it. */
export const explainEnd = (error: unknown): string =>
  error instanceof Error && isMarked(error, DENIED)
    ? `${explainErrorInSentence(error)} The credentials in use may not do this: \`npx iam-key-rotation policy <command>\` prints the ` +
      'least policy for a command, and aws sts get-caller-identity says whose they are.'
    : explainError(error);

function isMarked(error: Error, pattern: RegExp): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return [error.name, code, error.message].some((mark) => typeof mark === 'string' && pattern.test(mark));
}

/** Of the answer that an SDK could not read. */
function statusOf(error: object): number | undefined {
  if (!('$metadata' in error)) return undefined;
  const { httpStatusCode } = error.$metadata as { readonly httpStatusCode?: number };
  return httpStatusCode;
}
