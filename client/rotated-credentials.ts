import type { AwsCredentialIdentity } from '@smithy/types';

import { MINUTE, type Instant } from '../contract/instant';
import { RotatedSecretError } from './errors';
import { CachedKeys } from './cached-keys';
import { type Certainty, KeyRecovery } from './key-recovery';
import { KeyRefresh } from './key-refresh';
import type { RotatedCredentialsParts } from './rotated-credentials-parts';

/**
 * In the last five minutes before the expiration the SDK asks twice per request. `isIdentityExpired` of
 * https://github.com/smithy-lang/smithy-typescript/blob/main/packages/core/src/util-identity-and-auth/memoizeIdentityProvider.ts
 */
const SDK_REFRESH_WINDOW = 5 * MINUTE;

/**
 * The key of one secret, in memory, for one process. It has no timer: a refresh starts with a call that finds the
 * memory old enough, so that an idle process asks nothing, and a process that was asleep asks before it goes on.
 */
export class RotatedCredentials {
  readonly #cached: CachedKeys;
  readonly #refresh: KeyRefresh;
  readonly #recovery: KeyRecovery;
  #lent: { readonly identity: AwsCredentialIdentity; readonly until: Instant } | undefined;

  constructor(private readonly parts: RotatedCredentialsParts) {
    this.#cached = new CachedKeys(parts.timing.settling);
    this.#refresh = new KeyRefresh(this.#cached, parts);
    this.#recovery = new KeyRecovery(this.#cached, this.#refresh, parts);
  }

  /** The credentials to sign with now. */
  async identity(): Promise<AwsCredentialIdentity> {
    const now = this.parts.now();
    if (this.#refresh.isDue(now)) await this.#refresh.whenDue(now);
    return this.#lend();
  }

  /** The same after a look at the secret, unless there was one a moment ago. */
  async refreshed(): Promise<AwsCredentialIdentity> {
    const [aMoment] = this.parts.timing.backOff;
    const isKnown = this.#cached.current !== undefined;
    if (isKnown && this.parts.now() - this.#refresh.refreshedAt >= aMoment) await this.#refresh.try();
    return this.identity();
  }

  /** What is in memory, without any look. */
  peek(): AwsCredentialIdentity | undefined {
    return this.#cached.current === undefined ? undefined : this.#lend();
  }

  /** AWS refused a call that was signed with this key. */
  async keyRejected(accessKeyId: string, certainty: Certainty): Promise<boolean> {
    const { isReplaced } = await this.#recovery.from(accessKeyId, certainty);
    return isReplaced;
  }

  /**
   * The key with an expiration that rolls on, because the SDK keeps credentials without one for ever; far enough ahead
   * that it does not ask at every request.
   */
  #lend(): AwsCredentialIdentity {
    const { now, timing, secretId } = this.parts;
    const at = now();
    const key = this.#cached.served(at);
    if (key === undefined) throw new RotatedSecretError(secretId, 'it was never read.');
    if (this.#lent?.identity.accessKeyId !== key.accessKeyId || at >= this.#lent.until) {
      this.#lent = {
        until: at + timing.lentFor / 2,
        identity: {
          accessKeyId: key.accessKeyId,
          secretAccessKey: key.secretAccessKey.reveal(),
          ...(key.accountId === undefined ? {} : { accountId: key.accountId }),
          expiration: new Date(at + SDK_REFRESH_WINDOW + timing.lentFor),
        },
      };
    }
    return this.#lent.identity;
  }
}
