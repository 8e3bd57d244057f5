import { setTimeout as sleep } from 'node:timers/promises';

import type { Instant, Milliseconds } from '../contract/instant';
import { RotatedSecretError } from './errors';
import type { CachedKeys } from './cached-keys';
import { backOffAfter } from './refresh-timing';
import type { RotatedCredentialsParts } from './rotated-credentials-parts';

/** Keeps the current key in memory up to date. All who want a refresh at the same time share one. */
export class KeyRefresh {
  #underWay: Promise<void> | undefined;
  #refreshedAt: Instant = Number.NEGATIVE_INFINITY;
  #refreshFrom: Instant = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #tryAgainAt: Instant = Number.NEGATIVE_INFINITY;
  #lastFailure: unknown;

  constructor(
    private readonly cached: CachedKeys,
    private readonly parts: RotatedCredentialsParts,
  ) {}

  get isUnderWay(): boolean {
    return this.#underWay !== undefined;
  }

  get refreshedAt(): Instant {
    return this.#refreshedAt;
  }

  isDue(now: Instant): boolean {
    return now >= this.#refreshFrom;
  }

  /**
   * - Nothing in memory, or for too long: the caller waits, and fails if it cannot be read.
   * - The last try failed, not long ago: nothing is tried.
   * - Old, but not for long: refreshed while the call goes on.
   * - So old that a new key would be picked up too late: the call waits, but not for long, and not if the last try failed.
   */
  async whenDue(now: Instant): Promise<void> {
    const { serveStale, waitFrom, patience } = this.parts.timing;
    const age = now - this.#refreshedAt;
    const mayTry = this.isUnderWay || now >= this.#tryAgainAt;
    if (age >= serveStale) {
      if (!mayTry) throw this.#failure();
      await this.#once().catch(() => {
        throw this.#failure();
      });
    } else if (mayTry) {
      const isWaiting = age >= waitFrom && this.#failures === 0;
      const refresh = this.try();
      if (isWaiting) await atMost(patience, refresh);
    }
  }

  /** Never fails: a failure has been logged and counted, and the keys in memory are still served. */
  try(): Promise<void> {
    return this.#once().catch(() => undefined);
  }

  #once(): Promise<void> {
    this.#underWay ??= this.#readCurrent().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #readCurrent(): Promise<void> {
    const { timing, random, read, now, logger, secretId } = this.parts;
    const before = this.cached.current?.accessKeyId;
    try {
      const key = await read('AWSCURRENT');
      if (key === undefined) throw new RotatedSecretError(secretId, 'it has no current value.');
      this.cached.setCurrent(key, now());
    } catch (error) {
      this.#failures += 1;
      this.#lastFailure = error;
      this.#tryAgainAt = now() + backOffAfter(this.#failures, timing, random());
      if (before !== undefined) logger.warn(this.#warning(before));
      throw error;
    }
    const after = this.cached.current?.accessKeyId;
    if (before !== undefined && before !== after) {
      logger.info(`Secret ${secretId}: access key ${after} follows ${before}.`);
    }
    const [earliest, latest] = timing.refreshFrom;
    this.#failures = 0;
    this.#refreshedAt = now();
    this.#refreshFrom = this.#refreshedAt + earliest + random() * (latest - earliest);
  }

  #warning(keyId: string): string {
    const until = this.#refreshedAt + this.parts.timing.serveStale;
    const limit = Number.isFinite(until) ? ` until ${new Date(until).toISOString()}` : '';
    return `${messageOf(this.#lastFailure)} The key that was read last, ${keyId}, is still used${limit}.`;
  }

  #failure(): unknown {
    if (this.cached.current === undefined) return this.#lastFailure;
    return new RotatedSecretError(
      this.parts.secretId,
      `it was last read at ${new Date(this.#refreshedAt).toISOString()}, and its key is served for ` +
        `${this.parts.timing.serveStale / 1000} s after that (serveStaleSeconds). ` +
        `The last try failed: ${messageOf(this.#lastFailure)}`,
      { cause: this.#lastFailure },
    );
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function atMost(patience: Milliseconds, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  const timer = sleep(patience, undefined, { signal: done.signal }).catch(() => undefined);
  await Promise.race([work, timer]);
  done.abort();
}
