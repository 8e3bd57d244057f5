import { RotateSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import type { CallName } from '../core/model/call-errors';
import type { RotationRequests } from '../core/retirement/retirement-ports';
import { callAws, incomplete } from './call-aws';

/** RotateSecret without any change of its configuration: a rotation now. */
export class SecretsManagerRotationRequests implements RotationRequests {
  constructor(private readonly client: SecretsManagerClient) {}

  async request(secretArn: string): Promise<string | undefined> {
    const call: CallName = { service: 'Secrets Manager', action: 'RotateSecret' };
    const { ARN, VersionId } = await callAws(call, 'changes', (options) =>
      this.client.send(new RotateSecretCommand({ SecretId: secretArn }), options),
    );
    if (ARN !== secretArn) throw incomplete(call, 'the answer does not name the secret');
    return VersionId;
  }
}
