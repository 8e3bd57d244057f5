import type { Instant } from '../contract/instant';
import type { CachedKeys } from './cached-keys';
import type { KeyRefresh } from './key-refresh';
import { backOffAfter } from './refresh-timing';
import type { RotatedCredentialsParts } from './rotated-credentials-parts';

/** How sure it is that AWS refused the key, and not what was asked for. */
export type Certainty = 'certain' | 'possible';

/** Finds another key when AWS refuses the one that is served. How often it asks is bounded, whatever is refused. */
export class KeyRecovery {
  #underWay: Promise<void> | undefined;
  #inVain = 0;
  readonly #askAgainAt: Record<Certainty, Instant> = {
    certain: Number.NEGATIVE_INFINITY,
    possible: Number.NEGATIVE_INFINITY,
  };

  constructor(
    private readonly cached: CachedKeys,
    private readonly refresh: KeyRefresh,
    private readonly parts: RotatedCredentialsParts,
  ) {}

  /** All who were refused with the same key wait for the same look. Never fails. */
  async from(accessKeyId: string, certainty: Certainty): Promise<{ readonly isReplaced: boolean }> {
    await this.#underWay;
    if (this.#servedId() === accessKeyId) {
      this.#underWay ??= this.#recover(accessKeyId, certainty).finally(() => {
        this.#underWay = undefined;
      });
      await this.#underWay;
    } else if (certainty === 'certain') {
      this.cached.refuse(accessKeyId, this.parts.now());
    }
    return { isReplaced: this.#servedId() !== accessKeyId };
  }

  /**
   * - The secret has another key by now: that one.
   * - It has the same one still, or cannot be read: the key is avoided for a while, for the previous one.
   * - It may have been something else than the key: then only the first.
   */
  async #recover(accessKeyId: string, certainty: Certainty): Promise<void> {
    const { now } = this.parts;
    if (now() >= this.#askAgainAt[certainty]) {
      await this.#lookBehind(accessKeyId);
      const isSame = this.cached.current?.accessKeyId === accessKeyId;
      if (isSame && certainty === 'certain') await this.#readPrevious();
      this.#inVain = isSame ? this.#inVain + 1 : 0;
      this.#askAgainAt[certainty] = now() + this.#pause(certainty);
    }
    // Not before the look: no caller shall get the other key before it is known whether that one is better.
    if (certainty === 'certain') this.cached.refuse(accessKeyId, now());
  }

  async #lookBehind(accessKeyId: string): Promise<void> {
    // A refresh that was under way may have looked before the key was replaced.
    if (this.refresh.isUnderWay) await this.refresh.try();
    if (this.cached.current?.accessKeyId === accessKeyId) await this.refresh.try();
  }

  async #readPrevious(): Promise<void> {
    try {
      this.cached.setPrevious(await this.parts.read('AWSPREVIOUS'));
    } catch (error) {
      this.parts.logger.warn(error instanceof Error ? error.message : String(error));
    }
  }

  #pause(certainty: Certainty): number {
    const { timing, random } = this.parts;
    return certainty === 'certain' ? backOffAfter(this.#inVain + 1, timing, random()) : timing.backOff[1];
  }

  #servedId(): string | undefined {
    return this.cached.served(this.parts.now())?.accessKeyId;
  }
}
