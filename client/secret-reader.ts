import { SecretsManagerClient, type SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import type { AwsCredentialIdentity, Provider } from '@smithy/types';

import { SECOND } from '../contract/instant';
import { RotatedSecretError } from './errors';
import { createRequestHandler } from './request-handler';
import { readSecret, type ReadableLabel } from './read-secret';
import type { RotatedKey } from './rotated-key';
import { secretRegion } from './secret-region';

export interface SecretReaderParts {
  readonly secretId: string;
  /** @default one made from `clientConfig` */
  readonly client?: SecretsManagerClient | undefined;
  readonly clientConfig?: SecretsManagerClientConfig | undefined;
  /** Where neither `clientConfig` nor the secret's ARN says the region. */
  readonly region?: string | Provider<string> | undefined;
  /** The rotated key, once it is known. */
  readonly ownKey: () => AwsCredentialIdentity | undefined;
}

/** Short enough that a call that waits for a key does not wait long. */
const CALL_LIMITS = {
  connectionTimeout: 2 * SECOND,
  requestTimeout: 4 * SECOND,
  throwOnRequestTimeout: true,
};

/**
 * Reads the secret with the credentials that were given, and with the rotated key itself where those are refused. So a
 * program outside AWS that may read its own secret needs other credentials only to start with.
 */
export class SecretReader {
  readonly #given: SecretsManagerClient;
  readonly #own: SecretsManagerClient;
  #ownCameLast = false;

  constructor(private readonly parts: SecretReaderParts) {
    const { secretId, client, clientConfig } = parts;
    const region = clientConfig?.region ?? secretRegion(secretId) ?? parts.region;
    const config = {
      maxAttempts: 2,
      requestHandler: clientConfig?.requestHandler ?? createRequestHandler(CALL_LIMITS),
      ...(region === undefined ? {} : { region }),
      ...clientConfig,
    };
    this.#given = client ?? new SecretsManagerClient(config);
    this.#own = new SecretsManagerClient({
      ...config,
      ...placeOf(client),
      credentials: ownCredentials(parts),
    });
  }

  /** @throws RotatedSecretError also if there is none */
  async readCurrent(): Promise<RotatedKey> {
    const key = await this.read('AWSCURRENT');
    if (key === undefined) throw new RotatedSecretError(this.parts.secretId, 'it has no current value.');
    return key;
  }

  /** @throws RotatedSecretError if the secret cannot be read with any of the two */
  async read(label: ReadableLabel): Promise<RotatedKey | undefined> {
    const { secretId, ownKey } = this.parts;
    if (ownKey() === undefined) return readSecret(this.#given, secretId, label);
    const [one, other] = this.#ownCameLast ? [this.#own, this.#given] : [this.#given, this.#own];
    try {
      return await readSecret(one, secretId, label);
    } catch (error) {
      if (!(error instanceof RotatedSecretError && error.isCallerRefused)) throw error;
      const key = await readSecret(other, secretId, label).catch(() => {
        throw error;
      });
      this.#ownCameLast = !this.#ownCameLast;
      return key;
    }
  }
}

/** A client that was given knows where to ask, and through which proxy. */
const placeOf = (client: SecretsManagerClient | undefined): SecretsManagerClientConfig =>
  client === undefined
    ? {}
    : {
        region: client.config.region,
        requestHandler: client.config.requestHandler,
        ...(client.config.endpoint === undefined ? {} : { endpoint: client.config.endpoint }),
      };

/** Asked for at every call: `memoized` tells the SDK not to keep it. */
const ownCredentials = ({ secretId, ownKey }: SecretReaderParts) =>
  Object.assign(
    () => {
      const key = ownKey();
      return key === undefined
        ? Promise.reject(new RotatedSecretError(secretId, 'it was never read.'))
        : Promise.resolve(key);
    },
    { memoized: true as const },
  );
