import { CallRefusedError, CallUnansweredError } from '../../../../handlers/core/model/call-errors';
import { SECOND, type Milliseconds } from '../../../../contract/instant';
import type { AccessKeyStore, Clock } from '../../../../handlers/core/model/ports';
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

  async sleep(duration: Milliseconds): Promise<void> {
    expect(Number.isInteger(duration)).toBe(true);
    this.moment += duration;
  }
}

let clock: Clock;
let pacer: Pacer;

beforeEach(() => {
  clock = new TestClock();
  pacer = pacerAt(10, clock);
});

/** Notes when each call is made, and answers as told; when there is nothing left to tell, well. */
function calls(...failures: readonly (Error | undefined)[]) {
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

/** Calls per second at the moment, as ten reads show it. */
async function rate(): Promise<number> {
  const { call, madeAt } = calls();
  for (let count = 0; count <= 10; count += 1) await pacer.read(call);
  return (10 * SECOND) / (madeAt.at(-1)! - madeAt[0]!);
}

describe('a read', () => {
  test('a read waits for its turn, so that calls are spaced evenly', async () => {
    const { call, madeAt } = calls();
    for (let count = 0; count < 5; count += 1) await pacer.read(call);
    expect(madeAt).toEqual([0, 100, 200, 300, 400]);
  });

  test('a throttled read is made again, after a pause for all calls', async () => {
    const { call, madeAt } = calls(throttled());
    await expect(pacer.read(call)).resolves.toBe('answer');
    expect(madeAt).toHaveLength(2);
    expect(madeAt[1]! - madeAt[0]!).toBeGreaterThanOrEqual(1 * SECOND);
    expect(await rate()).toBeLessThan(10);
  });

  test('a read fails when AWS throttles it again and again', async () => {
    const { call, madeAt } = calls(...Array.from({ length: 20 }, throttled));
    await expect(pacer.read(call)).rejects.toMatchObject({ kind: 'throttled' });
    expect(madeAt.length).toBeLessThan(10);
  });

  test('a read without an answer is made again, and not for ever', async () => {
    const once = calls(unanswered());
    await expect(pacer.read(once.call)).resolves.toBe('answer');
    const always = calls(...Array.from({ length: 20 }, unanswered));
    await expect(pacer.read(always.call)).rejects.toThrow(CallUnansweredError);
    expect(always.madeAt).toHaveLength(3);
  });

  test('a read that AWS refuses is made once', async () => {
    const { call, madeAt } = calls(refused());
    await expect(pacer.read(call)).rejects.toMatchObject({ kind: 'accessDenied' });
    expect(madeAt).toHaveLength(1);
  });
});

describe('the rate', () => {
  /** A pacer that calls AWS without a pause for so long, where AWS refuses what comes sooner than `gap` ms. */
  async function callFor(duration: Milliseconds, gap: Milliseconds) {
    let last = -Infinity;
    let throttledCalls = 0;
    const end = clock.now() + duration;
    while (clock.now() < end) {
      await pacer.read(() => {
        const isTooSoon = clock.now() - last < gap;
        last = clock.now();
        throttledCalls += isTooSoon ? 1 : 0;
        return isTooSoon ? Promise.reject(throttled()) : Promise.resolve();
      });
    }
    return throttledCalls;
  }

  test('the rate grows until AWS throttles for the first time, up to its maximum', async () => {
    pacer = new Pacer(clock, { startRate: 10, maximumRate: 50 });
    await callFor(5 * SECOND, 0);
    expect(await rate()).toBeGreaterThan(18);
    await callFor(60 * SECOND, 0);
    expect(await rate()).toBeCloseTo(50);
  });

  test('the rate stays just under what AWS allows, once that is known', async () => {
    pacer = new Pacer(clock, { startRate: 10, maximumRate: 50 });
    await callFor(60 * SECOND, 50);
    const throttledCalls = await callFor(600 * SECOND, 50);
    expect(await rate()).toBeGreaterThan(17);
    expect(await rate()).toBeLessThanOrEqual(20.5);
    expect(throttledCalls).toBeLessThan(0.01 * 600 * 20);
  });

  test('the rate falls quickly where AWS still throttles right after a pause', async () => {
    pacer = new Pacer(clock, { startRate: 50, maximumRate: 50 });
    expect(await callFor(60 * SECOND, 200)).toBeLessThan(25);
    expect(await rate()).toBeLessThan(6);
  });

  test('calls that are throttled together lower the rate once', async () => {
    const together = Array.from({ length: 5 }, () => pacer.change(calls(throttled()).call));
    await Promise.allSettled(together);
    expect(await rate()).toBeCloseTo(9.6, 1);
  });
});

test('a call that waits for its turn when the rate is lowered waits for the pause, too', async () => {
  const sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  let moment = 0;
  clock = {
    now: () => moment,
    sleep: (duration) => new Promise((wake) => sleepers.push({ until: moment + duration, wake })),
  };
  pacer = pacerAt(10, clock);
  const pass = async (to: number): Promise<void> => {
    moment = to;
    for (const sleeper of sleepers.filter(({ until }) => until <= to)) {
      sleepers.splice(sleepers.indexOf(sleeper), 1);
      sleeper.wake();
    }
    await new Promise(setImmediate);
  };
  const waiting = calls();
  for (let count = 0; count < 4; count += 1) void pacer.read(waiting.call);
  await pass(50);
  await expect(pacer.change(calls(throttled()).call)).rejects.toThrow();
  for (let at = 100; at <= 2_000; at += 10) await pass(at);
  const [first, ...afterPause] = waiting.madeAt;
  expect(first).toBeLessThanOrEqual(50);
  expect(afterPause).toHaveLength(3);
  for (const at of afterPause) expect(at).toBeGreaterThanOrEqual(1_050);
  expect(afterPause[2]! - afterPause[0]!).toBeGreaterThanOrEqual(200);
});

describe('a change', () => {
  test('a change never waits, however long the queue, because its lease was measured before (R6)', async () => {
    clock = { now: () => 0, sleep: () => new Promise(() => undefined) };
    pacer = pacerAt(1, clock);
    const reads = calls();
    for (let count = 0; count < 50; count += 1) void pacer.read(reads.call);
    await new Promise(setImmediate);
    expect(reads.madeAt).toHaveLength(1);
    await expect(pacer.change(calls().call)).resolves.toBe('answer');
  });

  test('a change takes a turn from the reads that wait', async () => {
    const { call, madeAt } = calls();
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
    'a change is made once when AWS %s: another try would begin later than the lease was measured for',
    async (_what, failure) => {
      const { call, madeAt } = calls(failure());
      await expect(pacer.change(call)).rejects.toThrow();
      expect(madeAt).toHaveLength(1);
    },
  );

  test('a throttled change slows all calls down', async () => {
    await expect(pacer.change(calls(throttled()).call)).rejects.toThrow();
    const { call, madeAt } = calls();
    await pacer.read(call);
    expect(madeAt[0]).toBeGreaterThanOrEqual(1 * SECOND);
  });
});

test('paced access keys wait for reads and not for changes', async () => {
  pacer = pacerAt(1, clock);
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
