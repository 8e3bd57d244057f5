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

interface SdkError {
  readonly name: string;
  readonly Code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly clockSkewCorrected?: boolean };
}

/** Whether an error says that AWS refused the key. Undefined: it says something else. */
export function rejectionOf(error: unknown): Certainty | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, Code, $metadata } = error as SdkError;
  // The signature did not match because of this machine's clock: the SDK has set it right and tries again.
  if ($metadata?.clockSkewCorrected === true) return undefined;
  const code = Code ?? name;
  if (CERTAIN.has(code) || CERTAIN.has(name)) return 'certain';
  if (code === 'AuthFailure') return $metadata?.httpStatusCode === 401 ? 'certain' : 'possible';
  return isWordless(error, $metadata?.httpStatusCode) ? 'possible' : undefined;
}

/** A HEAD is answered without a body, so S3's HeadObject says 403 and not why. */
function isWordless(error: Error, status: number | undefined): boolean {
  return status === 403 && ['403', 'Forbidden', 'Unknown', 'UnknownError'].includes(error.name);
}
