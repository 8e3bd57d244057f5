/** The rotated key could not be had. The message says of which secret, why, and what to do. */
export class RotatedSecretError extends Error {
  override readonly name = 'RotatedSecretError';

  /** The SDK's chains of providers go no further: to go on as somebody else would be a surprise. */
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
