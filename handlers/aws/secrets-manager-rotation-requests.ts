import { RotateSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import type { RotationRequests } from '../core/retirement/retirement-ports';
import { callAws } from './call-aws';

/** RotateSecret without any change of its configuration: a rotation now. */
export class SecretsManagerRotationRequests implements RotationRequests {
  constructor(private readonly client: SecretsManagerClient) {}

  async request(secretArn: string): Promise<void> {
    await callAws({ service: 'Secrets Manager', action: 'RotateSecret' }, 'changes', (options) =>
      this.client.send(new RotateSecretCommand({ SecretId: secretArn }), options),
    );
  }
}
