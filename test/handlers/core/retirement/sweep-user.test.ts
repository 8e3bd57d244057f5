import { DAY, HOUR, MINUTE, SECOND } from '../../../../contract/instant';
import { DeletionCap } from '../../../../handlers/core/retirement/deletion-cap';
import { sweepUser } from '../../../../handlers/core/retirement/sweep-user';
import { call, refusal } from '../../../support/in-memory-aws/refusals';
import { tokenOf } from '../../support/user-world';
import { dyingAtEveryCall, RetirementWorld } from '../../../support/retirement-world';

/** A label moved back by hand to the key that we had deactivated. */
async function withLabelOnRetiredKey(): Promise<RetirementWorld> {
  const world = await RetirementWorld.afterDeactivation();
  world.moveByHand('AWSCURRENT', world.labels['AWSCURRENT'], world.previous.versionId!);
  return world;
}

/** A retired key that a person has re-activated, and that a sweep has seen so. */
async function withReactivatedKey(): Promise<RetirementWorld> {
  const world = await RetirementWorld.afterDeactivation();
  world.setStatusByHand(world.previous.keyId, 'Active');
  await world.sweepUser();
  expect(world.previous.hold?.cause).toBe('reactivatedByPerson');
  world.pass(30 * DAY);
  return world;
}

const servedStatus = (world: RetirementWorld): string | undefined => world.keys[world.servedKeyId!];

describe('R1: the served key, where we had deactivated it, is re-activated', () => {
  test('a served key is re-activated even if the sweep dies anywhere on the way', async () => {
    const deaths = await dyingAtEveryCall(
      withLabelOnRetiredKey,
      (world, process) => world.sweepUser({}, process),
      async (world) => {
        await world.sweepUntilQuiet();
        expect(servedStatus(world)).toBe('Active');
      },
    );
    expect(deaths).toBeGreaterThan(0);
  });

  test('a served key is re-activated even if IAM refuses the first try', async () => {
    const world = await withLabelOnRetiredKey();
    const activate = () =>
      Promise.reject(refusal(call.updateAccessKey, 'throttled', 'Throttling', 'Rate exceeded'));
    const process = world.process({ instead: () => ({ keys: { activate } }) });
    await expect(world.sweepUser({}, process)).rejects.toThrow('Throttling');
    await world.sweepUntilQuiet();
    expect(servedStatus(world)).toBe('Active');
  });

  test('a served key is re-activated even while the user is exempted', async () => {
    const world = await withLabelOnRetiredKey();
    await world.sweepUser({}, world.process(), { exemption: { reason: 'audit', until: world.now + DAY } });
    expect(servedStatus(world)).toBe('Active');
  });
});

describe('R5: a previous key that a person deleted', () => {
  test('a deleted previous key is forgotten after its overlap, and does not fail every visit', async () => {
    const world = await RetirementWorld.afterRotation();
    world.pass(2 * DAY);
    world.deleteByHand(world.previous.keyId);
    await expect(world.sweepUser()).resolves.toMatchObject({ acts: [{ what: 'forget' }] });
  });

  test('a previous key deleted during its deactivation does not block a rotation', async () => {
    const world = await RetirementWorld.afterRotation();
    world.amendPrevious({ phase: 'deactivating' });
    world.deleteByHand(world.previous.keyId);
    world.pass(1 * DAY);
    await world.rotate(tokenOf(2));
    expect(world.keyUnder(tokenOf(2))).toBe(world.servedKeyId);
  });
});

describe('first contact: a key that was in use before it was taken over', () => {
  test('a key in use before it was taken over is held also with an overlap of 0', async () => {
    const world = await RetirementWorld.withCurrentKey({
      takeOver: 'all',
      overlapSeconds: 0,
      whenStillInUse: 'retire',
    });
    const old = world.keyByHand();
    world.pass(30 * DAY);
    world.use(old);
    world.pass(5 * MINUTE);
    await world.sweepUser();
    expect(world.keys[old]).toBe('Active');
  });

  test('a repeated finishSecret does not deactivate a key that was in use before it was taken over', async () => {
    const world = await RetirementWorld.withCurrentKey({ overlapSeconds: 0, whenStillInUse: 'retire' });
    await world.rotate(tokenOf(2));
    world.pass(30 * DAY);
    await world.sweepUntilQuiet();
    const old = world.keyByHand();
    world.amendJournal({
      previous: [{ keyId: old, origin: 'takenOver', replacedAt: world.now, phase: 'overlap' }],
    });
    world.use(old);
    await world.step('finishSecret', tokenOf(2));
    expect(world.keys[old]).toBe('Active');
  });
});

test('first contact: a key that was taken over lives on like any previous key, and is deleted last', async () => {
  const world = await RetirementWorld.withCurrentKey({ takeOver: 'all' });
  const old = world.keyByHand();
  const life: string[] = [];
  let before = '';
  for (let hour = 0; hour <= 12 * 24; hour += 1) {
    if (hour < 48) world.use(old); // Then the application reads the secret.
    const { acts, left } = await world.sweepUser();
    const is = [
      ...acts.map(({ what }) => what),
      ...left.map((found) => ('cause' in found ? found.cause : '')),
    ];
    if (is.join() !== before) life.push(`${is.join() || 'kept'} after ${hour} h`);
    before = is.join();
    world.pass(1 * HOUR);
  }
  expect(life).toEqual([
    'takeOver after 0 h',
    'kept after 1 h',
    'stillInUse after 24 h',
    'deactivate after 77 h',
    'kept after 78 h',
    'delete after 245 h',
    'kept after 246 h',
  ]);
  expect(world.keyIds).toEqual([world.servedKeyId]);
  expect(world.r1Breaks).toEqual([]);
});

describe('R3, R4: the grace period of a key that a person had re-activated begins anew', () => {
  test.each<[when: string, meddle: (world: RetirementWorld, keyId: string) => Promise<unknown>]>([
    [
      'the user was exempted in between',
      async (world, keyId) => {
        const exemption = { reason: 'audit', until: world.now + DAY };
        await world.sweepUser({}, world.process(), { exemption });
        world.setStatusByHand(keyId, 'Inactive');
        world.pass(2 * DAY);
        await world.sweepUser({}, world.process(), { exemption });
      },
    ],
    [
      'AWSCURRENT was on a foreign version in between',
      async (world, keyId) => {
        const ours = world.labels['AWSCURRENT']!;
        world.putByHand(tokenOf(9), '{}');
        await world.sweepUser();
        world.moveByHand('AWSCURRENT', tokenOf(9), ours);
        world.setStatusByHand(keyId, 'Inactive');
        await world.sweepUser();
      },
    ],
    [
      'the current key did not work in between',
      async (world, keyId) => {
        world.setStatusByHand(world.currentKeyId, 'Inactive');
        await world.sweepUser();
        world.setStatusByHand(world.currentKeyId, 'Active');
        world.setStatusByHand(keyId, 'Inactive');
        await world.sweepUser();
      },
    ],
    [
      'a rotation looks for a free slot before the sweep has seen the key',
      async (world, keyId) => {
        world.setStatusByHand(keyId, 'Inactive');
        await world.rotate(tokenOf(2)).catch(() => undefined);
      },
    ],
  ])('the grace period begins again also where %s', async (_when, meddle) => {
    const world = await withReactivatedKey();
    const { keyId } = world.previous;
    await meddle(world, keyId);
    expect(world.keys[keyId]).toBe('Inactive');
  });
});

describe('a hold because of use', () => {
  test('a hold because of use does not end between two runs of a daily job', async () => {
    const world = await RetirementWorld.afterRotation();
    const { keyId } = world.previous;
    world.pass(20 * HOUR);
    world.use(keyId);
    world.pass(24 * HOUR + 10 * MINUTE); // Today's run is about to come, or is not in the data yet.
    await world.sweepUser();
    expect(world.keys[keyId]).toBe('Active');
  });

  test('a hold because of use begins even with the shortest overlap of 6 h and the latest last-used data', async () => {
    const world = await RetirementWorld.afterRotation({ overlapSeconds: (6 * HOUR) / SECOND });
    const { keyId } = world.previous;
    // Used without a pause; shown are 15-minute steps (F 2.10), 4 h late.
    world.pass(6 * HOUR - (4 * HOUR + 15 * MINUTE));
    world.use(keyId);
    world.pass(4 * HOUR + 15 * MINUTE);
    await world.sweepUser();
    expect(world.keys[keyId]).toBe('Active');
  });
});

describe('what a visit returns', () => {
  test('a requested rotation is an act that was done', async () => {
    const world = await RetirementWorld.withCurrentKey();
    world.amendJournal({ wanted: { since: world.now, reason: 'both key slots are taken' } });
    const { acts, left } = await world.sweepUser();
    expect(world.requests).toHaveLength(1);
    expect(acts).toMatchObject([{ what: 'requestRotation' }]);
    expect(left).toEqual([]);
  });

  describe('only a stored value can say which key an earlier rotation made', () => {
    const sweepAfter = async (byHand: (world: RetirementWorld) => void): Promise<RetirementWorld> => {
      const world = await RetirementWorld.withCurrentKey();
      await world.rotate(tokenOf(7), 'testSecret');
      world.amendAttempt({ keyId: undefined, provedAt: undefined });
      world.removePendingByHand(tokenOf(7));
      byHand(world);
      world.pass(10 * MINUTE);
      const read = () => Promise.reject(refusal(call.getSecretValue, 'accessDenied', 'AccessDenied', 'no'));
      const { acts } = await world.sweepUser({}, world.process({ instead: () => ({ secrets: { read } }) }));
      expect(acts).toEqual([]);
      expect(world.keyIds).toHaveLength(2);
      return world;
    };

    test('a rotation is requested, which may read it (R5)', async () => {
      expect((await sweepAfter(() => undefined)).requests).toHaveLength(1);
    });

    test.each<[string, (world: RetirementWorld) => void]>([
      [
        'rotation was switched off',
        ({ aws, settings }) => aws.secretsManager.cancelRotation(settings.secretArn),
      ],
      [
        'the secret was scheduled for deletion',
        ({ aws, now, settings }) => aws.secretsManager.scheduleDeletion(settings.secretArn, now),
      ],
    ])('no rotation is requested where by hand %s', async (_, byHand) => {
      expect((await sweepAfter(byHand)).requests).toEqual([]);
    });
  });

  test('a rotation that ended after the table was read is no unknown state', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const asRead = world.journal;
    await world.rotate(tokenOf(2));
    world.pass(6 * MINUTE);
    const outcome = await sweepUser(world.process().ports, world.retirement, asRead, {
      stack: 'iam-key-rotation',
      mode: 'act',
      deletionCap: new DeletionCap(100),
    });
    expect(outcome.left).toEqual([]);
  });

  test('a status that is new to IAM is reported and not acted on (R8)', async () => {
    const world = await RetirementWorld.afterRotation();
    world.pass(2 * DAY);
    const { keyId } = world.previous;
    const process = world.process({
      instead: ({ keys }) => ({
        keys: {
          list: async (userName) =>
            (await keys.list(userName)).map((key) =>
              key.id === keyId ? { ...key, status: 'Unknown' } : key,
            ),
        },
      }),
    });
    expect(await world.sweepUser({}, process)).toMatchObject({
      acts: [],
      left: [{ fault: 'unknownState', keyId }],
    });
  });

  test('a key that was deactivated although in use is still reported after the act', async () => {
    const world = await RetirementWorld.afterRotation({ whenStillInUse: 'retire' });
    world.pass(25 * HOUR);
    world.use(world.previous.keyId);
    const { acts, left } = await world.sweepUser();
    expect(acts).toMatchObject([{ what: 'deactivate' }]);
    expect(left).toMatchObject([{ about: 'retiredWhileInUse', keyId: world.previous.keyId }]);
  });
});

describe('a hold', () => {
  test('a hold begins and ends once, and is journaled with its cause and its begin', async () => {
    const world = await RetirementWorld.afterRotation();
    world.pass(25 * HOUR);
    world.use(world.previous.keyId);
    const begun = await world.sweepUser();
    expect(begun.holdsBegun).toMatchObject([{ cause: 'stillInUse' }]);
    const { since } = world.previous.hold!;
    world.pass(1 * HOUR);
    expect((await world.sweepUser()).holdsBegun).toEqual([]);
    expect(world.previous.hold).toEqual({ cause: 'stillInUse', since });
    world.setStatusByHand(world.currentKeyId, 'Inactive');
    expect((await world.sweepUser()).holdsBegun).toMatchObject([{ cause: 'currentNotWorking' }]);
    expect(world.previous.hold).toMatchObject({ cause: 'currentNotWorking' });
    expect(world.previous.hold!.since).toBeGreaterThan(since);
  });

  test('the end of one key’s hold leaves the other keys of the journal as they are', async () => {
    const world = await RetirementWorld.afterRotation();
    const hold = { cause: 'stillInUse' as const, since: world.now };
    // Within its overlap again, as after a rollback to it that got no further.
    world.amendPrevious({ hold });
    await world.sweepUser();
    expect(world.previous).toMatchObject({ phase: 'overlap' });
    expect(world.previous.hold).toBeUndefined();
  });
});

describe('a change that AWS refuses', () => {
  const refusing = (world: RetirementWorld, kind: 'throttled' | 'accessDenied', times: number) => {
    const madeAt: number[] = [];
    const process = world.process({
      instead: ({ keys }) => ({
        keys: {
          deactivate: (...args) => {
            const isRefused = madeAt.push(world.now) <= times;
            return isRefused
              ? Promise.reject(refusal(call.updateAccessKey, kind, kind, 'no'))
              : keys.deactivate(...args);
          },
        },
      }),
    });
    return { madeAt, process };
  };

  test('a throttled change is made again, after longer and longer pauses', async () => {
    const world = await RetirementWorld.afterRotation();
    world.pass(2 * DAY);
    const { madeAt, process } = refusing(world, 'throttled', 2);
    await world.sweepUser({}, process);
    const pauses = [madeAt[1]! - madeAt[0]!, madeAt[2]! - madeAt[1]!];
    expect(pauses[0]).toBeGreaterThanOrEqual(2 * SECOND);
    expect(pauses[1]).toBeGreaterThanOrEqual(4 * SECOND);
    expect(world.previous.phase).toBe('deactivated');
  });

  test('a change that AWS refuses for good fails the visit at once', async () => {
    const world = await RetirementWorld.afterRotation();
    world.pass(2 * DAY);
    const { madeAt, process } = refusing(world, 'accessDenied', 9);
    await expect(world.sweepUser({}, process)).rejects.toThrow('accessDenied');
    expect(madeAt).toHaveLength(1);
    expect(world.keys[world.previous.keyId]).toBe('Active');
  });
});
