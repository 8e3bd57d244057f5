import { setImmediate as turn } from 'node:timers/promises';

import { RotatedSecretError } from '../../../client/errors';
import type { ReadableLabel } from '../../../client/read-secret';
import { refreshTiming } from '../../../client/refresh-timing';
import { RotatedCredentials } from '../../../client/rotated-credentials';
import type { RotatedKey } from '../../../client/rotated-key';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** A secret and the credentials made of it, with a clock that the test sets, and no network. */
export class SecretUnderTest {
  nowMs = Date.parse('2026-11-23T12:00:00Z');
  random = 0.5;
  current: RotatedKey | undefined;
  previous: RotatedKey | undefined;
  /** While it is set every read fails with it. */
  failure: string | undefined;
  readonly reads: ReadableLabel[] = [];
  readonly infos: string[] = [];
  readonly warnings: string[] = [];
  readonly credentials: RotatedCredentials;
  #open: Promise<void> = Promise.resolve();

  constructor({ pickUpWithin = 5 * MINUTE, serveStale = 24 * HOUR } = {}) {
    this.credentials = new RotatedCredentials({
      secretId: 'app',
      timing: refreshTiming(pickUpWithin, serveStale),
      read: async (label) => {
        this.reads.push(label);
        const found = label === 'AWSCURRENT' ? this.current : this.previous;
        await this.#open;
        if (this.failure !== undefined) throw new RotatedSecretError('app', this.failure);
        return found;
      },
      now: () => this.nowMs,
      random: () => this.random,
      logger: {
        info: (message: string) => this.infos.push(message),
        warn: (message: string) => this.warnings.push(message),
      },
    });
  }

  /** Which key is served now. */
  async served(): Promise<string> {
    const { accessKeyId } = await this.credentials.identity();
    // A refresh in the background is done after this.
    await turn();
    return accessKeyId;
  }

  /** Moves AWSCURRENT to the key, as a rotation does. */
  promote(key: RotatedKey): void {
    this.previous = this.current;
    this.current = key;
  }

  /** Reads see the secret as it is now, and get their answers when the gate is opened. */
  hang(): () => void {
    let open = (): void => undefined;
    this.#open = new Promise((resolve) => (open = resolve));
    return open;
  }
}
