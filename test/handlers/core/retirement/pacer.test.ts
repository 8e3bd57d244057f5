import { CallRefusedError, CallUnansweredError } from '../../../../handlers/core/errors';
import { SECOND, type Milliseconds } from '../../../../handlers/core/instant';
import type { AccessKeyStore, Clock } from '../../../../handlers/core/ports';
import { pacedAccessKeys } from '../../../../handlers/core/retirement/paced-access-keys';
import { Pacer } from '../../../../handlers/core/retirement/pacer';

const LIST = { service: 'IAM', action: 'ListAccessKeys' } as const;
const throttled = (): Error => new CallRefusedError(LIST, 'throttled', 'Throttling', 'Rate exceeded');
const refused = (): Error => new CallRefusedError(LIST, 'accessDenied', 'AccessDenied', 'not authorized');
const unanswered = (): Error => new CallUnansweredError(LIST, 'TimeoutError', 'no answer came');

/** A clock that somebody who sleeps moves on. */
class TestClock implements Clock {
  constructor(private moment = 0) {}

  now(): number {
    return this.moment;
  }

  sleep(duration: Milliseconds): Promise<void> {
    expect(Number.isInteger(duration)).toBe(true);
    this.moment += duration;
    return Promise.resolve();
  }
}

/** Notes when each call is made, and answers as told; when there is nothing left to tell, well. */
function calls(clock: Clock, ...failures: readonly (Error | undefined)[]) {
  const madeAt: number[] = [];
  const left = [...failures];
  return {
    madeAt,
    call: (): Promise<string> => {
      madeAt.push(clock.now());
      const failure = left.shift();
      return failure === undefined ? Promise.resolve('answer') : Promise.reject(failure);
    },
  };
}

const pacerAt = (rate: number, clock: Clock): Pacer =>
  new Pacer(clock, { startRate: rate, maximumRate: rate });

describe('a read', () => {
  test('waits for its turn, so that calls are spaced evenly', async () => {
    const clock = new TestClock();
    const pacer = pacerAt(10, clock);
    const { call, madeAt } = calls(clock);
    for (let count = 0; count < 5; count += 1) await pacer.read(call);
    expect(madeAt).toEqual([0, 100, 200, 300, 400]);
  });

  test('is made again when AWS throttles it, after a pause for everybody', async () => {
    const clock = new TestClock();
    const pacer = pacerAt(10, clock);
    const { call, madeAt } = calls(clock, throttled());
    await expect(pacer.read(call)).resolves.toBe('answer');
    expect(madeAt).toHaveLength(2);
    expect(madeAt[1]! - madeAt[0]!).toBeGreaterThanOrEqual(1 * SECOND);
    expect(pacer.rate).toBeLessThan(10);
  });

  test('fails when AWS throttles it again and again', async () => {
    const clock = new TestClock();
    const { call, madeAt } = calls(clock, ...Array.from({ length: 20 }, throttled));
    await expect(pacerAt(10, clock).read(call)).rejects.toMatchObject({ kind: 'throttled' });
    expect(madeAt.length).toBeLessThan(10);
  });

  test('is made again when no answer comes, and not for ever', async () => {
    const clock = new TestClock();
    const once = calls(clock, unanswered());
    await expect(pacerAt(10, clock).read(once.call)).resolves.toBe('answer');
    const always = calls(clock, ...Array.from({ length: 20 }, unanswered));
    await expect(pacerAt(10, clock).read(always.call)).rejects.toThrow(CallUnansweredError);
    expect(always.madeAt).toHaveLength(3);
  });

  test('is made once when AWS says no', async () => {
    const clock = new TestClock();
    const { call, madeAt } = calls(clock, refused());
    await expect(pacerAt(10, clock).read(call)).rejects.toMatchObject({ kind: 'accessDenied' });
    expect(madeAt).toHaveLength(1);
  });
});

describe('a change', () => {
  test('never waits, however long the queue: its lease was measured before (R6)', async () => {
    const stoppedClock: Clock = { now: () => 0, sleep: () => new Promise(() => undefined) };
    const pacer = pacerAt(1, stoppedClock);
    const reads = calls(stoppedClock);
    for (let count = 0; count < 50; count += 1) void pacer.read(reads.call);
    expect(reads.madeAt).toHaveLength(1);
    await expect(pacer.change(calls(stoppedClock).call)).resolves.toBe('answer');
  });

  test('takes a turn from those that wait', async () => {
    const clock = new TestClock();
    const pacer = pacerAt(10, clock);
    const { call, madeAt } = calls(clock);
    await pacer.change(call);
    await pacer.change(call);
    await pacer.read(call);
    expect(madeAt).toEqual([0, 0, 200]);
  });

  test.each([
    ['throttles it', throttled],
    ['does not answer', unanswered],
    ['says no', refused],
  ])(
    'is made once when AWS %s: another try would begin later than the lease was measured for',
    async (_what, failure) => {
      const clock = new TestClock();
      const { call, madeAt } = calls(clock, failure());
      await expect(pacerAt(10, clock).change(call)).rejects.toThrow();
      expect(madeAt).toHaveLength(1);
    },
  );

  test('that is throttled slows everybody down', async () => {
    const clock = new TestClock();
    const pacer = pacerAt(10, clock);
    await expect(pacer.change(calls(clock, throttled()).call)).rejects.toThrow();
    const { call, madeAt } = calls(clock);
    await pacer.read(call);
    expect(madeAt[0]).toBeGreaterThanOrEqual(1 * SECOND);
  });
});

test('of the calls about access keys, those that read wait and those that change do not', async () => {
  const clock = new TestClock();
  const pacer = pacerAt(1, clock);
  const paced = pacedAccessKeys(
    new Proxy({} as AccessKeyStore, { get: () => () => Promise.resolve([]) }),
    pacer,
  );
  const takes = async (call: () => Promise<unknown>): Promise<Milliseconds> => {
    const before = clock.now();
    await call();
    return clock.now() - before;
  };
  await pacer.read(() => Promise.resolve());
  expect(await takes(() => paced.activate('user', 'key'))).toBe(0);
  expect(await takes(() => paced.deactivate('user', 'key'))).toBe(0);
  expect(await takes(() => paced.delete('user', 'key'))).toBe(0);
  expect(await takes(() => paced.create('user'))).toBe(0);
  expect(await takes(() => paced.list('user'))).toBeGreaterThan(0);
  expect(await takes(() => paced.lastUsed('key'))).toBeGreaterThan(0);
});
