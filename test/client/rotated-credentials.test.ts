import { setImmediate as turn } from 'node:timers/promises';

import { rotatedKey } from './support/keys';
import { HOUR, MINUTE, SECOND, SecretUnderTest } from './support/secret-under-test';

const [A, B, C] = [rotatedKey('A'), rotatedKey('B'), rotatedKey('C')];
const [a, b, c] = [A.accessKeyId, B.accessKeyId, C.accessKeyId];

let secret: SecretUnderTest;
beforeEach(() => {
  secret = new SecretUnderTest();
  secret.current = A;
});

describe('In use,', () => {
  it('credentials are read once for all who ask at the same time, and then served from memory', async () => {
    const first = await Promise.all(Array.from({ length: 50 }, () => secret.credentials.identity()));
    for (let call = 0; call < 1_000; call += 1) expect(await secret.served()).toBe(a);

    expect(new Set(first.map(({ accessKeyId }) => accessKeyId))).toEqual(new Set([a]));
    expect(secret.reads).toEqual(['AWSCURRENT']);
  });

  it('credentials hold what the SDK signs with', async () => {
    expect(await secret.credentials.identity()).toMatchObject({
      accessKeyId: a,
      secretAccessKey: A.secretAccessKey.reveal(),
      accountId: '111122223333',
    });
  });

  it('credentials say that they expire far enough ahead for the SDK not to ask at every request, however long nothing changes', async () => {
    for (let minute = 0; minute < 600; minute += 1) {
      const { expiration } = await secret.credentials.identity();
      const ahead = expiration!.getTime() - secret.nowMs;
      expect(ahead).toBeGreaterThan(5 * MINUTE);
      expect(ahead).toBeLessThanOrEqual(5 * MINUTE + 50 * SECOND);
      secret.nowMs += 7 * SECOND;
    }
  });

  it.each([
    [0, 150],
    [0.9, 195],
  ])(
    'credentials are refreshed in the background, at a random time (%d: after about %d s)',
    async (random, seconds) => {
      secret.random = random;
      await secret.served();
      secret.promote(B);

      secret.nowMs += (seconds - 1) * SECOND;
      expect(await secret.served()).toBe(a);
      expect(secret.reads).toHaveLength(1);
      secret.nowMs += SECOND;
      // This call is not kept waiting; the next one has the new key.
      expect(await secret.served()).toBe(a);
      expect(await secret.served()).toBe(b);
      expect(secret.reads).toHaveLength(2);
      expect(secret.infos).toEqual([`Secret app: access key ${b} follows ${a}.`]);
    },
  );

  it('credentials cost at most 24 reads an hour', async () => {
    secret.random = 0;
    for (let elapsed = 0; elapsed < 10 * HOUR; elapsed += SECOND) {
      secret.nowMs += SECOND;
      await secret.credentials.identity();
    }
    expect(secret.reads.length / 10).toBeLessThanOrEqual(24);
    expect(secret.reads.length / 10).toBeGreaterThan(20);
  });

  it.each([0, 0.3, 0.999])(
    'credentials have a new key within five minutes, at whatever moment it becomes current (%d)',
    async (random) => {
      for (let moment = 0; moment < 300; moment += 7) {
        secret = new SecretUnderTest();
        secret.random = random;
        secret.current = A;
        await secret.served();
        for (let second = 0; second < moment; second += 1) {
          secret.nowMs += SECOND;
          await secret.served();
        }
        const promotedAt = secret.nowMs;
        secret.promote(rotatedKey('YOUNG', secret.nowMs));
        while ((await secret.served()) === a) secret.nowMs += SECOND;
        expect(secret.nowMs - promotedAt).toBeLessThanOrEqual(250 * SECOND);
      }
    },
  );

  it('credentials leave a new key a moment to become known everywhere', async () => {
    await secret.served();
    secret.nowMs += 190 * SECOND;
    secret.promote(rotatedKey('YOUNG', secret.nowMs - 10 * SECOND));
    await secret.served();

    expect(await secret.served()).toBe(a);
    secret.nowMs += 40 * SECOND;
    expect(await secret.served()).toBe('AKIAYOUNGEXAMPLE');
    expect(secret.reads).toHaveLength(2);
  });
});

describe('After a pause,', () => {
  it('credentials are looked at before they are used, by all who ask together, once', async () => {
    await secret.served();
    secret.promote(B);
    secret.nowMs += 3 * HOUR;

    const all = await Promise.all([secret.served(), secret.served(), secret.served()]);

    expect(all).toEqual([b, b, b]);
    expect(secret.reads).toHaveLength(2);
  });

  it('credentials are used as they are if Secrets Manager does not answer within two seconds', async () => {
    await secret.served();
    secret.promote(B);
    secret.nowMs += 3 * HOUR;
    const open = secret.hang();
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
    try {
      const waiting = secret.credentials.identity();
      let isDone = false;
      void waiting.then(() => (isDone = true));
      await jest.advanceTimersByTimeAsync(1_900);
      expect(isDone).toBe(false);
      await jest.advanceTimersByTimeAsync(200);
      expect((await waiting).accessKeyId).toBe(a);
    } finally {
      jest.useRealTimers();
    }
    open();
    await turn();
    expect(await secret.served()).toBe(b);
  });
});

describe('While Secrets Manager cannot be reached,', () => {
  beforeEach(async () => {
    await secret.served();
    secret.failure = 'it could not be read: TimeoutError.';
  });

  it('the last credentials are served without waiting, with a warning that says until when', async () => {
    secret.nowMs += 4 * MINUTE;
    expect(await secret.served()).toBe(a);
    expect(secret.warnings).toEqual([
      `Secret app: it could not be read: TimeoutError. The key that was read last, ${a}, is still used until 2026-11-24T12:00:00.000Z.`,
    ]);
    const open = secret.hang();
    secret.nowMs += MINUTE;
    // A read hangs; nobody waits for it, because the last one failed.
    expect(await secret.served()).toBe(a);
    open();
  });

  it('credentials are asked for ever more rarely, at most about once a minute', async () => {
    secret.random = 0.999;
    secret.nowMs += 4 * MINUTE;
    const begun = secret.nowMs;
    const tries: number[] = [];
    while (secret.nowMs < begun + HOUR) {
      const before = secret.reads.length;
      await secret.served();
      if (secret.reads.length > before) tries.push((secret.nowMs - begun) / SECOND);
      secret.nowMs += SECOND / 2;
    }
    expect(tries.slice(0, 7)).toEqual([0, 1, 3, 7, 15, 31, 63]);
    expect(tries.length).toBeLessThanOrEqual(78);
  });

  it('credentials are up to date soon after Secrets Manager is there again', async () => {
    for (let minute = 0; minute < 60; minute += 1) {
      secret.nowMs += MINUTE;
      await secret.served();
    }
    secret.failure = undefined;
    secret.promote(B);
    secret.nowMs += 50 * SECOND;
    await secret.served();
    expect(await secret.served()).toBe(b);
  });

  it('credentials fail after the limit, saying since when, which limit, and why; and come back by themselves', async () => {
    secret.nowMs += 24 * HOUR;
    await expect(secret.credentials.identity()).rejects.toThrow(
      'Secret app: it was last read at 2026-11-23T12:00:00.000Z, and its key is served for 86400 s after that (serveStaleSeconds). ' +
        'The last try failed: Secret app: it could not be read: TimeoutError.',
    );
    const reads = secret.reads.length;
    await expect(secret.credentials.identity()).rejects.toThrow('serveStaleSeconds');
    expect(secret.reads).toHaveLength(reads);

    secret.failure = undefined;
    secret.nowMs += SECOND;
    expect(await secret.served()).toBe(a);
  });

  it('credentials never fail where no limit is set', async () => {
    secret = new SecretUnderTest({ serveStale: Number.POSITIVE_INFINITY });
    secret.current = A;
    await secret.served();
    secret.failure = 'it could not be read: TimeoutError.';
    secret.nowMs += 10_000 * HOUR;
    expect(await secret.served()).toBe(a);
    expect(secret.warnings[0]).toMatch(/is still used\.$/);
  });
});

describe('Before the first read,', () => {
  it('credentials fail with the reason, for all who wait, without asking again at once', async () => {
    secret.failure = 'it could not be read: AccessDeniedException: no';
    const asked = await Promise.allSettled([secret.credentials.identity(), secret.credentials.identity()]);
    expect(asked).toMatchObject([
      { status: 'rejected', reason: { message: expect.stringContaining('AccessDenied') } },
      { status: 'rejected', reason: { message: expect.stringContaining('AccessDenied') } },
    ]);
    await expect(secret.credentials.identity()).rejects.toThrow('AccessDenied');
    expect(secret.reads).toHaveLength(1);

    secret.failure = undefined;
    secret.nowMs += SECOND;
    expect(await secret.served()).toBe(a);
  });

  it('credentials fail if the secret has no value yet', async () => {
    secret.current = undefined;
    await expect(secret.credentials.identity()).rejects.toThrow('Secret app: it has no current value.');
  });
});

describe('When somebody asks for it,', () => {
  it('a refresh looks at the secret, but not twice within a moment', async () => {
    await secret.served();
    secret.promote(B);
    expect((await secret.credentials.refreshed()).accessKeyId).toBe(a);
    secret.nowMs += SECOND;
    expect((await secret.credentials.refreshed()).accessKeyId).toBe(b);
    expect(secret.reads).toHaveLength(2);
  });

  it('a refresh reads the secret once if it was never read', async () => {
    expect((await secret.credentials.refreshed()).accessKeyId).toBe(a);
    expect(secret.reads).toHaveLength(1);
  });

  it('a refresh gives the last key if the secret cannot be read', async () => {
    await secret.served();
    secret.failure = 'it could not be read: TimeoutError.';
    secret.nowMs += SECOND;
    expect((await secret.credentials.refreshed()).accessKeyId).toBe(a);
  });
});

describe('When AWS refuses a key,', () => {
  beforeEach(async () => {
    await secret.served();
    secret.reads.length = 0;
  });

  it('a refused key is replaced at once by what has become current, with one read for all who were refused', async () => {
    secret.promote(B);
    const replaced = await Promise.all(
      Array.from({ length: 10 }, () => secret.credentials.keyRejected(a, 'certain')),
    );
    expect(replaced).toEqual(Array.from({ length: 10 }, () => true));
    expect(secret.reads).toEqual(['AWSCURRENT']);
    expect(await secret.served()).toBe(b);
    // A straggler that was signed with the old key only has to try again.
    expect(await secret.credentials.keyRejected(a, 'certain')).toBe(true);
    expect(secret.reads).toEqual(['AWSCURRENT']);
  });

  it('a refused key is replaced even by a key that is seconds old', async () => {
    secret.promote(rotatedKey('YOUNG', secret.nowMs));
    expect(await secret.credentials.keyRejected(a, 'certain')).toBe(true);
    expect(await secret.served()).toBe('AKIAYOUNGEXAMPLE');
  });

  it('a refused key is looked for once more if a refresh was under way that may have looked too early', async () => {
    secret.nowMs += 190 * SECOND;
    const open = secret.hang();
    await secret.credentials.identity();
    secret.promote(B);
    const rejected = secret.credentials.keyRejected(a, 'certain');
    open();

    expect(await rejected).toBe(true);
    expect(secret.reads).toEqual(['AWSCURRENT', 'AWSCURRENT']);
    expect(await secret.served()).toBe(b);
  });

  it('a refused key gives way for a while to the previous one if it is still current itself', async () => {
    secret.promote(B);
    secret.nowMs += 190 * SECOND;
    await secret.served();
    expect(await secret.served()).toBe(b);
    secret.reads.length = 0;

    expect(await secret.credentials.keyRejected(b, 'certain')).toBe(true);
    expect(secret.reads).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
    expect(await secret.served()).toBe(a);
    secret.nowMs += 50 * SECOND;
    expect(await secret.served()).toBe(b);
  });

  it('a refused key stays if there is no other', async () => {
    expect(await secret.credentials.keyRejected(a, 'certain')).toBe(false);
    expect(await secret.served()).toBe(a);
  });

  it('a refused key comes back if the previous one is refused too', async () => {
    secret.previous = C;
    expect(await secret.credentials.keyRejected(a, 'certain')).toBe(true);
    expect(await secret.served()).toBe(c);
    expect(await secret.credentials.keyRejected(c, 'certain')).toBe(true);
    expect(await secret.served()).toBe(a);
    expect(await secret.credentials.keyRejected(a, 'certain')).toBe(false);
  });

  it('a refused key does not have the secret read more than about once a minute for ever', async () => {
    secret.random = 0.999;
    const begun = secret.nowMs;
    while (secret.nowMs < begun + HOUR) {
      await secret.credentials.keyRejected(a, 'certain');
      secret.nowMs += SECOND / 10;
    }
    // Two labels each time.
    expect(secret.reads.length).toBeLessThan(2 * 80 + 24);
  });

  it('a refused key does not fail the caller if the secret cannot be read either', async () => {
    secret.failure = 'it could not be read: TimeoutError.';
    expect(await secret.credentials.keyRejected(a, 'certain')).toBe(false);
    expect(secret.warnings).toHaveLength(2);
  });

  it('a refused key is not avoided if it may have been something else that was refused', async () => {
    secret.previous = C;
    expect(await secret.credentials.keyRejected(a, 'possible')).toBe(false);
    expect(secret.reads).toEqual(['AWSCURRENT']);
    expect(await secret.served()).toBe(a);

    // Not asked again for a minute, but what is certain is not held up by that.
    expect(await secret.credentials.keyRejected(a, 'possible')).toBe(false);
    expect(secret.reads).toEqual(['AWSCURRENT']);
    secret.promote(B);
    expect(await secret.credentials.keyRejected(a, 'certain')).toBe(true);
    expect(await secret.served()).toBe(b);
  });

  it('a refused key is replaced if it may have been the key and there is a new one', async () => {
    secret.promote(B);
    expect(await secret.credentials.keyRejected(a, 'possible')).toBe(true);
  });
});
