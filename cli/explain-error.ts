/** What of an error says what to do about it; by its name, its code, or the words of the SDK that have neither. */
const EXPLANATIONS: readonly (readonly [RegExp, (message: string) => string])[] = [
  [
    /^Region is missing$/,
    () => 'No region is set. Set AWS_REGION, or give the profile in AWS_PROFILE a region.',
  ],
  [
    /^(CredentialsProviderError$|Could not load credentials)/,
    (message) =>
      `There are no AWS credentials: ${message}. Set AWS_PROFILE to a profile of ~/.aws, or sign in with: aws sso login`,
  ],
  [
    /^(SignatureDoesNotMatch|InvalidClientTokenId|UnrecognizedClient|InvalidSignature|ExpiredToken|AuthFailure)/,
    (message) =>
      `AWS does not accept the credentials: ${message}. Look at what aws sts get-caller-identity says of them.`,
  ],
  [
    /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/,
    (message) => `AWS cannot be reached: ${message}. Look at AWS_ENDPOINT_URL, AWS_REGION, and the network.`,
  ],
];

/**
 * The text for a person, of whatever ended a command. What is not known here is its own message.
 *
 * @param error whatever was thrown
 */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  const marks = [error.name, code, error.message].filter((mark) => typeof mark === 'string');
  const found = EXPLANATIONS.find(([pattern]) => marks.some((mark) => pattern.test(mark)));
  return found === undefined ? error.message : found[1](error.message.replace(/\.$/, ''));
}
