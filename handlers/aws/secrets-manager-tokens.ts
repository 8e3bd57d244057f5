import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import { SecretMaterial } from '../../contract/secret-material';
import type { TokenSecrets } from '../core/delivery/delivery-ports';
import { CallRefusedError, type CallName } from '../core/model/call-errors';
import { callAws, incomplete } from './call-aws';

const READ: CallName = { service: 'Secrets Manager', action: 'GetSecretValue' };

/** Secrets of others, which hold tokens for targets outside AWS. They are read alone. */
export class SecretsManagerTokens implements TokenSecrets {
  constructor(private readonly client: SecretsManagerClient) {}

  async read(id: string): Promise<SecretMaterial | undefined> {
    try {
      const { SecretString } = await callAws(READ, 'reads', (options) =>
        this.client.send(new GetSecretValueCommand({ SecretId: id, VersionStage: 'AWSCURRENT' }), options),
      );
      if (SecretString === undefined) throw incomplete(READ, 'the answer holds no text');
      return new SecretMaterial(SecretString);
    } catch (error) {
      if (error instanceof CallRefusedError && error.kind === 'notFound') return undefined;
      throw error;
    }
  }
}
