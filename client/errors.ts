/** The rotated key could not be had. The message says of which secret, why, and what to do. */
export class RotatedSecretError extends Error {
  override readonly name = 'RotatedSecretError';

  /** The SDK's chains of providers go no further: to go on as somebody else would be a surprise. */
  readonly tryNextLink = false;

  constructor(
    readonly secretId: string,
    finding: string,
    options?: ErrorOptions,
  ) {
    super(`Secret ${secretId}: ${finding}`, options);
  }
}
