import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import { SecretMaterial } from '../contract/secret-material';
import { RotatedSecretError } from './errors';
import { parseRotatedKey, type RotatedKey } from './rotated-key';

export type ReadableLabel = 'AWSCURRENT' | 'AWSPREVIOUS';

/**
 * Reads the key under a label. Undefined: there is none under AWSPREVIOUS.
 *
 * @throws RotatedSecretError in every other case
 */
export async function readSecret(
  client: SecretsManagerClient,
  secretId: string,
  label: ReadableLabel,
): Promise<RotatedKey | undefined> {
  let text: string | undefined;
  try {
    ({ SecretString: text } = await client.send(
      new GetSecretValueCommand({ SecretId: secretId, VersionStage: label }),
    ));
  } catch (error) {
    if (label === 'AWSPREVIOUS' && codeOf(error) === 'ResourceNotFoundException') return undefined;
    throw new RotatedSecretError(secretId, explain(error, await regionOf(client)), {
      cause: causeOf(error),
      isCallerRefused: isCallerRefused(error),
    });
  }
  const key = text === undefined ? undefined : parseRotatedKey(new SecretMaterial(text));
  if (key === undefined) {
    throw new RotatedSecretError(
      secretId,
      `its ${label} value is no credential_process document with Version 1, AccessKeyId and SecretAccessKey. ` +
        'Name a secret that iam-key-rotation fills.',
    );
  }
  return key;
}

const BAD_KEY =
  'The key that is used to read the secret is not accepted: renew it, or name other credentials.';
const NO_CREDENTIALS = 'CredentialsProviderError';
const REMEDIES: Readonly<Record<string, string>> = {
  ResourceNotFoundException:
    'Check the name and the region; an ARN names both. A secret is empty until the first `apply` has ended.',
  AccessDeniedException:
    "Allow the caller secretsmanager:GetSecretValue on the secret (and kms:Decrypt on the secret's key, if it has its own): list it under `readers`.",
  UnrecognizedClientException: BAD_KEY,
  InvalidClientTokenId: BAD_KEY,
  InvalidSignatureException: BAD_KEY,
  ExpiredTokenException: BAD_KEY,
};

const CALLER_REFUSED = new Set(Object.keys(REMEDIES).filter((code) => code !== 'ResourceNotFoundException'));

/**
 * The message of a refusal, or of what went wrong before anything was sent. Of anything else the name alone: a parser's
 * error quotes what it could not parse, and that may be the answer with the secret in it.
 */
function explain(error: unknown, region: string | undefined): string {
  if (!(error instanceof Error)) return 'it could not be read.';
  const code = codeOf(error);
  if (code !== undefined)
    return `it could not be read in ${region ?? 'its region'}: ${code}: ${error.message} ${REMEDIES[code] ?? ''}`.trimEnd();
  if (error.name === NO_CREDENTIALS) {
    return `there are no credentials to read it with: ${error.message}`;
  }
  if (error.message === 'Region is missing') {
    return 'its region is not known: set AWS_REGION, or name the secret by its ARN.';
  }
  const system = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  return `it could not be read: ${error.name}${system}.`;
}

/** Undefined: none is set, or what is to say it fails, which is not what the caller wants to know. */
const regionOf = (client: SecretsManagerClient): Promise<string | undefined> =>
  client.config.region().catch(() => undefined);

/** AWS's error code, if it was AWS that answered. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('$metadata' in error) || error.name === 'SyntaxError') return undefined;
  return typeof (error.$metadata as { httpStatusCode?: unknown }).httpStatusCode === 'number'
    ? error.name
    : undefined;
}

/** An error without a code may hold the answer, so it goes no further. */
const causeOf = (error: unknown): unknown => (codeOf(error) === undefined ? undefined : error);

const isCallerRefused = (error: unknown): boolean =>
  (error instanceof Error && error.name === NO_CREDENTIALS) || CALLER_REFUSED.has(codeOf(error) ?? '');
