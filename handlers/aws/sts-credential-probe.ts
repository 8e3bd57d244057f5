import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';

import type { CallName } from '../core/model/call-errors';
import type { AccessKeyCredentials, CallerIdentity, CredentialProbe } from '../core/model/ports';
import { callAws, incomplete } from './call-aws';

const CALL: CallName = { service: 'STS', action: 'GetCallerIdentity' };

/** Asks STS who a key is. It needs no permission and works even where a policy denies it (F 3.1). */
export class StsCredentialProbe implements CredentialProbe {
  /** A key is asked for several times in a row. Its client, which takes milliseconds to make, is gone when its credentials are. */
  readonly #clients = new WeakMap<AccessKeyCredentials, STSClient>();

  /** @param config its credentials are not used: they are given with each question. */
  constructor(private readonly config: STSClientConfig) {}

  async callerIdentity(credentials: AccessKeyCredentials): Promise<CallerIdentity> {
    const client = this.#clientOf(credentials);
    const answer = await callAws(CALL, 'reads', (options) =>
      client.send(new GetCallerIdentityCommand({}), options),
    );
    const { Account, UserId, Arn } = answer;
    if (!Account || !UserId || !Arn) throw incomplete(CALL, 'the answer names no identity');
    return { accountId: Account, userId: UserId, arn: Arn };
  }

  #clientOf(credentials: AccessKeyCredentials): STSClient {
    const known = this.#clients.get(credentials);
    if (known !== undefined) return known;
    const { accessKeyId, secretAccessKey } = credentials;
    const client = new STSClient({
      ...this.config,
      // The caller repeats the question, so that it sees every refusal.
      maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey: secretAccessKey.reveal() },
    });
    this.#clients.set(credentials, client);
    return client;
  }
}
