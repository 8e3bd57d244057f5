import { PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';

import type { ParameterTarget } from '../../contract/delivery';
import type { SecretMaterial } from '../../contract/secret-material';
import type { ParameterTargets } from '../core/delivery/delivery-ports';
import type { CallName } from '../core/model/call-errors';
import { incomplete } from './call-aws';
import { changeOnce } from './change-once';

const PUT: CallName = { service: 'Systems Manager', action: 'PutParameter' };

/** SSM parameters that hold the whole document, as SecureString. */
export class SsmParameterTargets implements ParameterTargets {
  /** @param onceOnly a client with maxAttempts 1: a try that is performed late must not follow the yes to a later one. */
  constructor(private readonly onceOnly: SSMClient) {}

  async put({ name, kmsKeyArn }: ParameterTarget, text: SecretMaterial): Promise<void> {
    await changeOnce(
      PUT,
      async (options) => {
        const answer = await this.onceOnly.send(
          new PutParameterCommand({
            Name: name,
            Value: text.reveal(),
            Type: 'SecureString',
            // Without it the account's own key encrypts, also where the parameter had another one (F 12.2).
            KeyId: kmsKeyArn,
            Overwrite: true,
          }),
          options,
        );
        if (answer.Version === undefined) throw incomplete(PUT, 'the answer does not name the version');
        return answer;
      },
      { whenThrottled: 'tryAgain', carries: [text] },
    );
  }
}
