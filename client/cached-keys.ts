import type { Instant, Milliseconds } from '../contract/instant';
import type { RotatedKey } from './rotated-key';

/**
 * Which of the keys in memory to sign with.
 *
 * There are at most two: the secret's current key, and another one that may work as well: the one that was current
 * before, or AWSPREVIOUS. The current key is served, but for these cases:
 *
 * - It is so young that some servers of AWS may not know it yet: the other one, which has worked all the time, is
 *   served for a while longer. With any overlap it still works.
 * - AWS has just refused it: the other one for a while, in case that the current one is not known everywhere.
 * - In both cases not if AWS has refused the other one too: a previous key that is refused is deactivated, and stays
 *   so, unless it becomes current again.
 */
export class CachedKeys {
  #current: RotatedKey | undefined;
  #currentSince: Instant = 0;
  #other: RotatedKey | undefined;
  readonly #refusedAt = new Map<string, Instant>();

  /** @param settling how long a key is young, and how long a refused current key is avoided */
  constructor(private readonly settling: Milliseconds) {}

  get current(): RotatedKey | undefined {
    return this.#current;
  }

  /** @param key what the secret holds under AWSCURRENT */
  setCurrent(key: RotatedKey, now: Instant): void {
    const before = this.#current;
    this.#current = key;
    if (key.accessKeyId === before?.accessKeyId) return;
    this.#currentSince = now;
    this.#refusedAt.delete(key.accessKeyId);
    this.setPrevious(before);
  }

  /** @param key what the secret holds under AWSPREVIOUS */
  setPrevious(key: RotatedKey | undefined): void {
    this.#other = key?.accessKeyId === this.#current?.accessKeyId ? undefined : key;
    for (const id of this.#refusedAt.keys()) if (!this.#isCached(id)) this.#refusedAt.delete(id);
  }

  /** AWS refused a call that was signed with the key. */
  refuse(accessKeyId: string, now: Instant): void {
    if (this.#isCached(accessKeyId)) this.#refusedAt.set(accessKeyId, now);
  }

  served(now: Instant): RotatedKey | undefined {
    const [current, other] = [this.#current, this.#other];
    if (current === undefined || other === undefined || this.#refusedAt.has(other.accessKeyId))
      return current;
    return this.#isYoung(current, now) || this.#isAvoided(current, now) ? other : current;
  }

  #isCached(accessKeyId: string): boolean {
    return accessKeyId === this.#current?.accessKeyId || accessKeyId === this.#other?.accessKeyId;
  }

  #isYoung(key: RotatedKey, now: Instant): boolean {
    return now < settledAt(key, this.#currentSince, this.settling);
  }

  #isAvoided({ accessKeyId }: RotatedKey, now: Instant): boolean {
    const refusedAt = this.#refusedAt.get(accessKeyId);
    return refusedAt !== undefined && now < refusedAt + this.settling;
  }
}

/** From when on a key is known everywhere. Counted from when it was first seen if this machine's clock is behind IAM's. */
export const settledAt = (
  { createdAt = 0 }: RotatedKey,
  firstSeenAt: Instant,
  settling: Milliseconds,
): Instant => Math.min(createdAt, firstSeenAt) + settling;
