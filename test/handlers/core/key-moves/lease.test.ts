import { MINUTE, SECOND } from '../../../../contract/instant';
import { underLease, type LeasedJournal } from '../../../../handlers/core/key-moves/lease';
import { TryAgainError, UnknownStateError } from '../../../../handlers/core/model/refusals';
import { CLOCK_SKEW, FRESH, LEASE, LEASE_WAIT, LONGEST_CALL } from '../../../../handlers/core/model/timing';
import { call, unanswered } from '../../../support/in-memory-aws/refusals';
import { UserWorld } from '../../support/user-world';

const KEY = 'ci-deployer';
const held = <Result>(
  world: UserWorld,
  work: (leasedJournal: LeasedJournal) => Promise<Result>,
): Promise<Result> => underLease(world.ports, KEY, work);
const leaseOf = (world: UserWorld) => world.aws.table.lease(KEY);

/** Another invocation takes the lease now. */
const takenByAnother = (world: UserWorld, until = world.gate.now() + LEASE) =>
  world.sound.journals.acquire(KEY, { holder: 'another', until }, world.gate.now());

/** The lease runs out while the work goes on, and another invocation takes it. */
async function loseLease(world: UserWorld): Promise<void> {
  world.gate.advance(LEASE + 10 * SECOND);
  await takenByAnother(world);
}

test('the times fit together, or nothing else here is worth anything', () => {
  expect(LONGEST_CALL + CLOCK_SKEW).toBeLessThan(LEASE);
  expect(LEASE + CLOCK_SKEW).toBeLessThan(LEASE_WAIT);
});

describe('taking the lease', () => {
  test('the task runs while the lease is held, and the lease is released after it', async () => {
    const world = new UserWorld();
    await held(world, async ({ until }) => {
      expect(leaseOf(world)).toMatchObject({ until });
    });
    expect(leaseOf(world)).toBeUndefined();
  });

  test('the leased journal holds the journal that was stored', async () => {
    const world = await UserWorld.withFirstKey();
    await held(world, async ({ journal }) => {
      expect(journal).toEqual(world.journal);
    });
  });

  test.each([
    ['that its dead holder took a moment ago', LEASE],
    ['that runs out soon', 10 * SECOND],
  ])('a lease %s is taken when it has expired by every clock', async (_what, left) => {
    const world = new UserWorld();
    const until = world.gate.now() + left;
    await takenByAnother(world, until);
    await held(world, async () => {
      expect(world.gate.now()).toBeGreaterThan(until + CLOCK_SKEW);
    });
  });

  test('waiting for a lease is bounded, and the task does not run', async () => {
    const world = new UserWorld();
    const from = world.gate.now();
    world.ports.journals.acquire = async () => {
      world.gate.advance(100);
    };
    const work = jest.fn(async () => undefined);
    await expect(held(world, work)).rejects.toThrow(TryAgainError);
    expect(work).not.toHaveBeenCalled();
    expect(world.gate.now() - from).toBeLessThan(LEASE_WAIT + 10 * SECOND);
  });

  test('each invocation holds the lease under a name of its own', async () => {
    const world = new UserWorld();
    const holders: (string | undefined)[] = [];
    for (let run = 0; run < 2; run += 1) {
      await held(world, async () => {
        holders.push(leaseOf(world)?.holder);
      });
    }
    expect(new Set(holders).size).toBe(2);
  });

  test('the lease of an unreadable journal is released at once', async () => {
    const world = new UserWorld();
    world.aws.table.setJournalText(KEY, '{"by":"hand"}');
    await expect(held(world, async () => undefined)).rejects.toThrow(/journal#ci-deployer/);
    expect(leaseOf(world)).toBeUndefined();
  });
});

describe('writing the journal', () => {
  test('writing the journal renews the lease', async () => {
    const world = await UserWorld.withFirstKey();
    await held(world, async (leasedJournal) => {
      world.gate.advance(30 * SECOND);
      await leasedJournal.amend({ wanted: { since: world.gate.now(), reason: 'test' } });
      expect(leasedJournal.until).toBeGreaterThan(world.gate.now() + LEASE - SECOND);
      expect(leaseOf(world)?.until).toBe(leasedJournal.until);
    });
  });

  test('amending the journal changes a part and leaves the rest', async () => {
    const world = await UserWorld.withFirstKey();
    const before = world.journal;
    const wanted = { since: world.gate.now(), reason: 'test' };
    await held(world, (leasedJournal) => leasedJournal.amend({ wanted }));
    expect(world.journal).toEqual({ ...before, wanted });
  });

  test('a write is refused once another holder has the lease, and changes nothing (the fence)', async () => {
    const world = await UserWorld.withFirstKey();
    const before = world.journal;
    const work = held(world, async (leasedJournal) => {
      await loseLease(world);
      await leasedJournal.amend({ wanted: { since: 0, reason: 'too late' } });
    });
    await expect(work).rejects.toMatchObject({ kind: 'conflict' });
    expect(world.journal).toEqual(before);
    expect(leaseOf(world)?.holder).toBe('another');
  });

  test('after a refused write the journal in memory is the old one', async () => {
    const world = await UserWorld.withFirstKey();
    await held(world, async (leasedJournal) => {
      const before = leasedJournal.journal;
      world.ports.journals.write = () => Promise.reject(unanswered(call.updateItem));
      await expect(leasedJournal.amend({ wanted: { since: 0, reason: 'lost' } })).rejects.toThrow();
      expect(leasedJournal.journal).toBe(before);
    });
  });

  test('a journal that was never begun cannot be amended: that is our own bug', async () => {
    const world = new UserWorld();
    await expect(held(world, (leasedJournal) => leasedJournal.amend({ previous: [] }))).rejects.toThrow(
      /^Bug:/,
    );
  });
});

describe('an act', () => {
  test.each([
    ['more time left than the longest call takes', LEASE - LONGEST_CALL, LONGEST_CALL],
    ['a lease that was renewed a moment ago', 30 * SECOND, LEASE - FRESH],
  ])('an act begins with %s, however long the reads before it took', async (_what, reads, left) => {
    const world = await UserWorld.withFirstKey();
    await held(world, async (leasedJournal) => {
      world.gate.advance(reads);
      await leasedJournal.act(async () => {
        expect(leaseOf(world)!.until - world.gate.now()).toBeGreaterThan(left);
      });
    });
  });

  test.each([
    ['the journal would have to be written', () => UserWorld.withFirstKey(), { kind: 'conflict' }],
    // Nothing is journaled yet, so there is nothing that could be written to renew the lease with.
    ['there is no journal', async () => new UserWorld(), {}],
  ])(
    'an act does not start if another holder has the lease by then, also where %s',
    async (_what, given, error) => {
      const world = await given();
      const act = jest.fn(async () => undefined);
      const work = held(world, async (leasedJournal) => {
        await loseLease(world);
        await leasedJournal.act(act);
      });
      await expect(work).rejects.toMatchObject(error);
      expect(act).not.toHaveBeenCalled();
    },
  );
});

test('sleeping does not lose the lease, however long it takes', async () => {
  const world = await UserWorld.withFirstKey();
  await held(world, async (leasedJournal) => {
    const { holder } = leaseOf(world)!;
    const from = world.gate.now();
    await leasedJournal.sleep(10 * MINUTE);
    expect(world.gate.now() - from).toBeGreaterThanOrEqual(10 * MINUTE);
    expect(leaseOf(world)?.holder).toBe(holder);
    expect(leaseOf(world)!.until).toBeGreaterThan(world.gate.now());
  });
});

describe('releasing the lease', () => {
  test('the lease is released after a failure, too, and the caller gets that failure', async () => {
    const world = new UserWorld();
    await expect(held(world, () => Promise.reject(new Error('the work failed')))).rejects.toThrow(
      'the work failed',
    );
    expect(leaseOf(world)).toBeUndefined();
  });

  test('the lease is not released after an act without a clear answer: it has to expire, because AWS may still perform the act', async () => {
    const world = await UserWorld.withFirstKey();
    const lost = unanswered(call.deleteAccessKey);
    await expect(held(world, (leasedJournal) => leasedJournal.act(() => Promise.reject(lost)))).rejects.toBe(
      lost,
    );
    expect(leaseOf(world)).toBeDefined();
  });

  test('what contradicts the journal after the lease ran out is no contradiction: another holder may have done it', async () => {
    const world = await UserWorld.withFirstKey();
    const contradiction = new UnknownStateError('AWSCURRENT is on another version.', 'A person has to look.');
    const find = (wait: boolean) =>
      held(world, async () => {
        if (wait) await loseLease(world);
        throw contradiction;
      });
    await expect(find(false)).rejects.toBe(contradiction);
    await expect(find(true)).rejects.toThrow(/^The lease ran out .* Nothing was changed; try again\.$/);
  });

  test('a failed release does not change the result of the task', async () => {
    const world = new UserWorld();
    world.ports.journals.release = () => Promise.reject(unanswered(call.updateItem));
    await expect(held(world, () => Promise.resolve('done'))).resolves.toBe('done');
    await expect(held(world, () => Promise.reject(new Error('the work failed')))).rejects.toThrow(
      'the work failed',
    );
    expect(world.log.filter(({ level }) => level === 'warn')).toHaveLength(2);
  });
});
