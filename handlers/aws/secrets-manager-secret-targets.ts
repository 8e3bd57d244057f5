import { randomUUID } from 'node:crypto';

import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

import type { SecretTarget } from '../../contract/delivery';
import { SecretMaterial } from '../../contract/secret-material';
import type { SecretTargets } from '../core/delivery/delivery-ports';
import { CallRefusedError, type CallName } from '../core/model/call-errors';
import { callAws, incomplete } from './call-aws';
import { changeOnce } from './change-once';

const secretsManager = (action: string): CallName => ({ service: 'Secrets Manager', action });

/** Secrets of others, which get fields of ours. */
export class SecretsManagerSecretTargets implements SecretTargets {
  /** @param onceOnly a client with maxAttempts 1: a try that is performed late must not follow the yes to a later one. */
  constructor(
    private readonly client: SecretsManagerClient,
    private readonly onceOnly: SecretsManagerClient,
  ) {}

  async read({ id }: SecretTarget): Promise<SecretMaterial | undefined> {
    const call = secretsManager('GetSecretValue');
    try {
      const { SecretString, SecretBinary } = await callAws(call, 'reads', (options) =>
        this.client.send(new GetSecretValueCommand({ SecretId: id, VersionStage: 'AWSCURRENT' }), options),
      );
      // Bytes are no JSON object, and their text in base64 is none either: nothing is merged into it.
      const text = SecretString ?? (SecretBinary && Buffer.from(SecretBinary).toString('base64'));
      if (text === undefined) throw incomplete(call, 'the answer holds no text');
      return new SecretMaterial(text);
    } catch (error) {
      if (error instanceof CallRefusedError && error.kind === 'notFound') return undefined;
      throw error;
    }
  }

  async put({ id }: SecretTarget, text: SecretMaterial): Promise<void> {
    const call = secretsManager('PutSecretValue');
    const ClientRequestToken = randomUUID();
    await changeOnce(
      call,
      async (options) => {
        const answer = await this.onceOnly.send(
          new PutSecretValueCommand({ SecretId: id, ClientRequestToken, SecretString: text.reveal() }),
          options,
        );
        if (answer.VersionId !== ClientRequestToken)
          throw incomplete(call, 'the answer does not name the version');
        return answer;
      },
      { whenThrottled: 'tryAgain', carries: [text] },
    );
  }
}
