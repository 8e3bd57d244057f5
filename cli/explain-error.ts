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
    /^(TimeoutError|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/,
    (message) =>
      `AWS cannot be reached: ${message}. Look at the region, AWS_ENDPOINT_URL, HTTPS_PROXY, and the network.`,
  ],
];

/**
 * The text for a person, of whatever ended a command. What is not known here is its own message.
 *
 * @param error whatever was thrown
 */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const status = statusOf(error);
  if (status !== undefined && /^(Unknown|UnknownError)$/.test(error.message || error.name)) {
    return `What answered for AWS said HTTP ${status} and nothing that AWS says: look at AWS_ENDPOINT_URL, HTTPS_PROXY, and the network.`;
  }
  const { code } = error as NodeJS.ErrnoException;
  const marks = [error.name, code, error.message].filter((mark) => typeof mark === 'string');
  const found = EXPLANATIONS.find(([pattern]) => marks.some((mark) => pattern.test(mark)));
  return found === undefined ? error.message : found[1](error.message.replace(/\.$/, ''));
}

/** The same as a sentence, after which another one may come: what AWS says often has no full stop. */
export const explainErrorInSentence = (error: unknown): string =>
  explainError(error).replace(/[^.?!]$/, '$&.');

/** Of the answer that an SDK could not read. */
function statusOf(error: object): number | undefined {
  if (!('$metadata' in error)) return undefined;
  const { httpStatusCode } = error.$metadata as { readonly httpStatusCode?: number };
  return httpStatusCode;
}
