/** The rotated key could not be read. The message names the secret, the cause, and what to do. */
export class RotatedSecretError extends Error {
  override readonly name = 'RotatedSecretError';

  /** The SDK's chain of providers stops here: the application must not silently go on as another identity. */
  readonly tryNextLink = false;

  /** The credentials that it was to be read with are missing, not accepted, or may not read it: others may help. */
  readonly isCallerRefused: boolean;

  constructor(
    readonly secretId: string,
    finding: string,
    { isCallerRefused = false, ...options }: ErrorOptions & { readonly isCallerRefused?: boolean } = {},
  ) {
    super(`Secret ${secretId}: ${finding}`, options);
    this.isCallerRefused = isCallerRefused;
  }
}
