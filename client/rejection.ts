import type { Certainty } from './key-recovery';

/**
 * What the services say of a key that is unknown, inactive, deleted or not known yet; each has its own word. EC2's
 * AuthFailure means this with status 401. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
const CERTAIN = new Set([
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'UnrecognizedClientException',
  'UnrecognizedClient',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
]);

/**
 * What AWS adds to SignatureDoesNotMatch: `Signature expired: 20261123T1200Z is now earlier than 20261123T1205Z`. The
 * SDK's own mark, `$metadata.clockSkewCorrected`, is no help: while a clock is wrong it is on every error.
 */
const CLOCK = /^Signature (expired|not yet current)/;

interface SdkError {
  readonly name: string;
  readonly Code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Whether an error says that AWS refused the key. Undefined: it says something else. */
export function rejectionOf(error: unknown): Certainty | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, Code, $metadata } = error as SdkError;
  // This machine's clock is wrong: the SDK corrects that, and tries again.
  if (CLOCK.test(error.message)) return undefined;
  const code = Code ?? name;
  if (CERTAIN.has(code) || CERTAIN.has(name)) return 'certain';
  if (code === 'AuthFailure') return $metadata?.httpStatusCode === 401 ? 'certain' : 'possible';
  return hasNoErrorCode(error, $metadata?.httpStatusCode) ? 'possible' : undefined;
}

/** A HEAD is answered without a body, so S3's HeadObject says 403 and not why. */
function hasNoErrorCode(error: Error, status: number | undefined): boolean {
  return status === 403 && ['403', 'Forbidden', 'Unknown', 'UnknownError'].includes(error.name);
}
