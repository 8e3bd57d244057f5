import { ApiError, type AuthenticatedCall } from '../front/api-call';
import type { Authorize } from '../front/front';
import type { Moto } from '../moto/moto';
import type { Secret, SecretVersion } from './secret';

/** What Secrets Manager encrypts with where no other key was named. Everybody of the account may use it. */
export const OWN_KEY = 'alias/aws/secretsmanager';

const REFUSALS = {
  encrypt: [
    'EncryptionFailure',
    "Secrets Manager can't encrypt the protected secret text using the provided KMS key. Check that the KMS key is available, enabled, and not in an invalid state.",
  ],
  decrypt: [
    'DecryptionFailure',
    "Secrets Manager can't decrypt the protected secret text using the provided KMS key.",
  ],
} as const;

type Action = 'Decrypt' | 'Encrypt' | 'GenerateDataKey';

/**
 * The uses of customer keys. Secrets Manager makes them in the name of whoever calls it.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
export class KeyUse {
  constructor(
    private readonly moto: Moto,
    /** Decides over them, as over the calls themselves. */
    private readonly authorize: Authorize | undefined,
  ) {}

  /** @throws ApiError if the caller may not store a value, or the key is not usable */
  async toStore(call: AuthenticatedCall, secret: Secret): Promise<void> {
    const key = secret.kmsKeyId ?? OWN_KEY;
    await this.requireUsable(secret.region, key, 'encrypt');
    // Decrypt as well: a value that is put once more under its version is compared with what is stored.
    for (const action of ['GenerateDataKey', 'Decrypt'] as const) {
      if (!(await this.isAllowed(call, secret, action, key))) throw noAccess();
    }
  }

  /** @throws ApiError if the caller may decrypt with none of the keys that the version is encrypted with */
  async toRead(call: AuthenticatedCall, secret: Secret, version: SecretVersion): Promise<void> {
    const isCopy = secret.region !== secret.primaryRegion;
    const keys = isCopy ? [secret.kmsKeyId ?? OWN_KEY] : [...version.keys];
    let refusal: unknown = noAccess();
    for (const key of keys.reverse()) {
      if (!(await this.isAllowed(call, secret, 'Decrypt', key))) continue;
      try {
        await this.requireUsable(secret.region, key, 'decrypt');
        return;
      } catch (error) {
        refusal = error;
      }
    }
    throw refusal;
  }

  /**
   * After the secret's key was changed: what has a label can be decrypted with the new key, too, but only if the caller may
   * decrypt with the former one and encrypt with the new one. Whoever may not is not told. What has no label stays as it is.
   * https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_update-encryption-key.html
   */
  async followNewKey(call: AuthenticatedCall, secret: Secret): Promise<void> {
    const key = secret.kmsKeyId ?? OWN_KEY;
    if (!(await this.isAllowed(call, secret, 'Encrypt', key))) return;
    const labelled = [...secret.versions.values()].filter(
      ({ labels, value }) => labels.size > 0 && value !== undefined,
    );
    for (const version of labelled) {
      const mayRead = await this.toRead(call, secret, version).then(
        () => true,
        (error: unknown) => {
          if (error instanceof ApiError) return false;
          throw error;
        },
      );
      if (mayRead) version.keys.add(key);
    }
  }

  private async isAllowed(
    call: AuthenticatedCall,
    { arn }: Secret,
    action: Action,
    keyId: string,
  ): Promise<boolean> {
    if (keyId === OWN_KEY) return true;
    const parameters = {
      KeyId: keyId,
      EncryptionContext: { SecretARN: arn },
      ViaService: `${call.service}.${call.region}.amazonaws.com`,
    };
    try {
      await this.authorize?.({ ...call, service: 'kms', action, parameters });
      return true;
    } catch (error) {
      if (error instanceof ApiError) return false;
      throw error;
    }
  }

  /**
   * Refuses what needs a key that is disabled, or is about to be deleted. A key that moto does not know is taken for one of
   * another account.
   * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
   * https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
   */
  private async requireUsable(region: string, keyId: string, use: keyof typeof REFUSALS): Promise<void> {
    if (keyId === OWN_KEY) return;
    const { status, body } = await this.moto.json(
      'kms',
      'TrentService.DescribeKey',
      { KeyId: keyId },
      region,
    );
    if (status !== 200) return;
    const { KeyMetadata } = JSON.parse(body.toString('utf8')) as { KeyMetadata: { KeyState: string } };
    if (KeyMetadata.KeyState === 'Enabled') return;
    const [code, message] = REFUSALS[use];
    throw new ApiError(code, message);
  }
}

const noAccess = (): ApiError => new ApiError('AccessDeniedException', 'Access to KMS is not allowed');
