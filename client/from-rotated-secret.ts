import type { SecretsManagerClient, SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import type { AwsCredentialIdentity, Logger, Provider } from '@smithy/types';

import { SECOND } from '../contract/instant';
import type { Certainty } from './key-recovery';
import { refreshTiming } from './refresh-timing';
import { RotatedCredentials } from './rotated-credentials';
import { SecretReader } from './secret-reader';

/** What to read, and how often. */
export interface FromRotatedSecretInit {
  /** Name or ARN of the secret. An ARN also says the region. */
  readonly secretId: string;
  /**
   * Within this many seconds a new key is picked up, if the process makes calls at all; from 1 to 43200. The secret is
   * read at most twice in this time: at most 24 times an hour by default. Keep it far inside the overlap.
   * @default 300
   */
  readonly refreshSeconds?: number;
  /**
   * For how many seconds the last key goes on being served while the secret cannot be read; `Infinity` is allowed. The
   * default is the default overlap: for that long a key that was current certainly works.
   * @default 86400
   */
  readonly serveStaleSeconds?: number;
  /**
   * The client that reads the secret; then `clientConfig` is not used. Where it is refused, the secret is read with the
   * rotated key itself: outside AWS other credentials are then needed only to start with.
   * @default one made from `clientConfig`
   */
  readonly client?: SecretsManagerClient;
  /** For the client that reads the secret: its credentials and region, if they are not the environment's. */
  readonly clientConfig?: SecretsManagerClientConfig;
  /** Hears of new keys (`info`), and of failures while a key goes on being served (`warn`). @default console.warn alone */
  readonly logger?: Pick<Logger, 'info' | 'warn'>;
}

/** What the SDK, and `refreshOnRejectedKey`, pass to a credential provider. */
export interface RotatedCredentialsRequest {
  /** Look at the secret now, unless that was done a moment ago. */
  readonly forceRefresh?: boolean;
  readonly callerClientConfig?: { readonly region?: string | Provider<string> };
}

/** An `AwsCredentialIdentityProvider` for any client of the AWS SDK for JavaScript v3. Share one among all clients. */
export interface RotatedCredentialsProvider {
  (request?: RotatedCredentialsRequest): Promise<AwsCredentialIdentity>;
  /**
   * For callers that sign themselves: AWS refused a call that was signed with this key. `refreshOnRejectedKey` calls it.
   * @returns whether another key is served now
   */
  keyRejected(accessKeyId: string, certainty?: Certainty): Promise<boolean>;
  /** Tells the SDK not to put a cache of its own in front: this one costs microseconds and knows when keys change. */
  readonly memoized: true;
}

/**
 * Credentials from a secret that iam-key-rotation fills: served from memory, refreshed in the background.
 *
 * @example
 * const credentials = fromRotatedSecret({ secretId: 'iam-key-rotation/ci-deployer' });
 * const s3 = refreshOnRejectedKey(new S3Client({ credentials }), credentials);
 */
export function fromRotatedSecret(init: FromRotatedSecretInit): RotatedCredentialsProvider {
  const { refreshSeconds = 300, serveStaleSeconds = 86_400, logger = WARNINGS_ON_CONSOLE } = init;
  checkSecretId(init.secretId);
  checkRange('refreshSeconds', refreshSeconds, 1, 43_200);
  checkRange('serveStaleSeconds', serveStaleSeconds, refreshSeconds, Number.POSITIVE_INFINITY);

  let region: string | Provider<string> | undefined;
  let reader: SecretReader | undefined;
  const ownKey = (): AwsCredentialIdentity | undefined => credentials.peek();
  const credentials: RotatedCredentials = new RotatedCredentials({
    secretId: init.secretId,
    timing: refreshTiming(refreshSeconds * SECOND, serveStaleSeconds * SECOND),
    read: (label) => (reader ??= new SecretReader({ ...init, region, ownKey })).read(label),
    now: Date.now,
    random: Math.random,
    logger,
  });
  const provide = (request: RotatedCredentialsRequest = {}): Promise<AwsCredentialIdentity> => {
    region ??= request.callerClientConfig?.region;
    return request.forceRefresh === true ? credentials.refreshed() : credentials.identity();
  };
  return Object.assign(provide, {
    keyRejected: (accessKeyId: string, certainty: Certainty = 'certain') =>
      credentials.keyRejected(accessKeyId, certainty),
    memoized: true as const,
  });
}

const WARNINGS_ON_CONSOLE: Pick<Logger, 'info' | 'warn'> = {
  info: () => undefined,
  warn: (message: string) => {
    console.warn(message);
  },
};

/** What TypeScript rules out, JavaScript passes on: it would fail at the first call to AWS, far from the mistake. */
function checkSecretId(secretId: unknown): void {
  if (typeof secretId === 'string' && secretId !== '') return;
  throw new RangeError(
    `secretId is ${secretId === '' ? 'empty' : String(secretId)}; it must be the name or the ARN of a secret.`,
  );
}

function checkRange(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new RangeError(
    `${name} is ${String(value)}; it must be a number of seconds from ${least} to ${most}.`,
  );
}
