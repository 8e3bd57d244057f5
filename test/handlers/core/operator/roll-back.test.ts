import { DAY, HOUR, MINUTE, SECOND } from '../../../../contract/instant';
import type { SecretDescription } from '../../../../handlers/core/model/ports';
import { dyingAtEveryCall, RetirementWorld } from '../../../support/retirement-world';
import { tokenOf } from '../../support/user-world';

/** The first key of every world. */
const FIRST = 'AKIAMMMMMMMM1EXAMPLE';
const SECOND_KEY = 'AKIAMMMMMMMM2EXAMPLE';

const WHEN: readonly [string, () => Promise<RetirementWorld>][] = [
  ['in the overlap', () => RetirementWorld.afterRotation()],
  ['in the grace period', () => RetirementWorld.afterDeactivation()],
  [
    'at the last moment of the grace period',
    async () => {
      const world = await RetirementWorld.afterDeactivation();
      world.pass(world.retirement.gracePeriodSeconds * SECOND - MINUTE);
      return world;
    },
  ],
];

describe.each(WHEN)('a rollback %s is one call', (_when, given) => {
  test('a rollback returns to the previous key, and the rejected one begins its overlap', async () => {
    const world = await given();
    await expect(world.rollBack()).resolves.toEqual({
      outcome: 'returned',
      currentKeyId: FIRST,
      rejectedKeyId: SECOND_KEY,
    });

    expect(world.servedKeyId).toBe(FIRST);
    expect(world.keys).toEqual({ [FIRST]: 'Active', [SECOND_KEY]: 'Active' });
    expect(world.journal).toMatchObject({
      current: { keyId: FIRST },
      previous: [{ keyId: SECOND_KEY, phase: 'overlap' }],
    });
    expect(world.r1Breaks).toEqual([]);
  });

  test('a rollback moves the label only after the key was proved to work (R2)', async () => {
    const world = await given();
    const from = world.events.length;
    await world.rollBack();
    const happened = world.events.slice(from).map(({ what }) => what);
    expect(happened.filter((what) => what === 'probed').length).toBeGreaterThanOrEqual(3);
    expect(happened.lastIndexOf('probed')).toBeLessThan(happened.indexOf('labelsMoved'));
  });

  test('a rollback made again changes nothing', async () => {
    const world = await given();
    await world.rollBack(SECOND_KEY);
    const before = world.state;
    await expect(world.rollBack(SECOND_KEY)).resolves.toEqual({
      outcome: 'leftAlready',
      currentKeyId: FIRST,
      rejectedKeyId: SECOND_KEY,
    });
    expect(world.state).toEqual(before);
  });

  test('the key that a rollback leaves is retired like any previous key (R3)', async () => {
    const world = await given();
    await world.rollBack();
    const life: string[] = [];
    for (let hour = 0; hour <= 9 * 24; hour += 1) {
      const { acts } = await world.sweepUser();
      for (const { what, keyId } of acts)
        life.push(`${what} ${keyId ?? ''} after ${Math.floor(hour / 24)} days`);
      world.pass(1 * HOUR);
    }
    expect(life).toEqual([`deactivate ${SECOND_KEY} after 1 days`, `delete ${SECOND_KEY} after 8 days`]);
  });

  test('a rollback that dies anywhere and is made again returns to the previous key', async () => {
    const deaths = await dyingAtEveryCall(
      given,
      (world, process) => world.rollBack(SECOND_KEY, process),
      async (world) => {
        await world.rollBack(SECOND_KEY);
        expect(world.servedKeyId).toBe(FIRST);
        expect(world.keys).toEqual({ [FIRST]: 'Active', [SECOND_KEY]: 'Active' });
        expect(world.r1Breaks).toEqual([]);
      },
    );
    expect(deaths).toBeGreaterThan(20);
  });

  test('the sweep completes or undoes a rollback that died anywhere', async () => {
    await dyingAtEveryCall(
      given,
      (world, process) => world.rollBack(SECOND_KEY, process),
      async (world) => {
        await world.sweepUntilQuiet();
        for (const { phase } of world.journal.previous) expect(phase).toMatch(/^(overlap|deactivated)$/);
        expect(world.journal.current?.keyId).toBe(world.servedKeyId);
        expect(world.r1Breaks).toEqual([]);
        for (let day = 0; day < 10; day += 1) {
          world.pass(1 * DAY);
          await world.sweepUser();
        }
        expect(world.keys).toEqual({ [world.servedKeyId!]: 'Active' });
      },
    );
  });
});

test('a rollback from the previous key changes nothing, and is not reported as a return', async () => {
  const world = await RetirementWorld.afterRotation();
  const before = world.state;
  await expect(world.rollBack(FIRST)).resolves.toEqual({
    outcome: 'leftAlready',
    currentKeyId: SECOND_KEY,
    rejectedKeyId: FIRST,
  });
  expect(world.state).toEqual(before);
});

describe('a rotation that is under way', () => {
  test('a rollback abandons a rotation under way and deletes its key, which never became current', async () => {
    const world = await RetirementWorld.afterDeactivation();
    world.pass(8 * DAY);
    await world.sweepUser();
    await world.rotate(tokenOf(2));
    world.pass(DAY + MINUTE);
    await world.sweepUser();
    world.pass(7 * DAY + MINUTE);
    await world.sweepUser();
    await world.rotate(tokenOf(3));
    const rejected = world.currentKeyId;
    const target = world.previous.keyId;
    world.announce(tokenOf(4));
    await expect(world.step('createSecret', tokenOf(4))).rejects.toThrow('Both access key slots');

    await world.rollBack();

    expect(world.servedKeyId).toBe(target);
    expect(world.labels['AWSPENDING']).not.toBe(tokenOf(4));
    expect(world.keys[rejected]).toBe('Active');
    expect(world.r1Breaks).toEqual([]);
  });
});

describe('a rollback is refused, with nothing changed', () => {
  const untouched = async (world: RetirementWorld, work: () => Promise<unknown>, saying: string | RegExp) => {
    const before = world.state;
    await expect(work()).rejects.toThrow(saying);
    expect(world.state).toEqual(before);
  };

  test('a rollback from a key that is not the current one is refused', async () => {
    const world = await RetirementWorld.afterRotation();
    await untouched(world, () => world.rollBack('AKIAMMMMMMMM7EXAMPLE'), `that is ${SECOND_KEY}`);
  });

  test('a rollback without a previous key is refused', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await untouched(world, () => world.rollBack(), /no previous key to return to.*rotate-secret/);
  });

  test('a rollback to a key that a person deleted is refused', async () => {
    const world = await RetirementWorld.afterRotation();
    world.deleteByHand(FIRST);
    await untouched(world, () => world.rollBack(), 'no previous key to return to');
  });

  test('a rollback to a key that was taken over is refused, because its value was never in the secret', async () => {
    const world = await RetirementWorld.withCurrentKey({ takeOver: 'all' });
    world.keyByHand();
    await world.sweepUser();
    await untouched(world, () => world.rollBack(), 'no previous key to return to');
  });

  test('a rollback to a key that leaked is refused', async () => {
    const world = await RetirementWorld.afterRotation();
    await world.replaceLeakedKey({ leakedKeyId: world.previous.keyId });
    await untouched(world, () => world.rollBack(), 'unless it leaked');
  });

  test('a rollback without the previous key’s value is refused, and re-activates nothing', async () => {
    const world = await RetirementWorld.afterDeactivation();
    const read = () => Promise.resolve(undefined);
    const process = world.process({ instead: () => ({ secrets: { read } }) });
    await untouched(world, () => world.rollBack(undefined, process), /is gone.*rotate-secret/);
  });
});

test('a rollback to a deleted key that IAM still lists says at once that the key is gone', async () => {
  const world = await RetirementWorld.afterRotation();
  const stale = await world.sound.keys.list(world.settings.userName);
  world.deleteByHand(FIRST);
  const process = world.process({ instead: () => ({ keys: { list: () => Promise.resolve(stale) } }) });
  const askedAt = world.now;
  await expect(world.rollBack(undefined, process)).rejects.toThrow(
    /key AKIAMMMMMMMM1EXAMPLE is gone from IAM.*rotate-secret/,
  );
  expect(world.now - askedAt).toBeLessThan(MINUTE);
  expect(world.servedKeyId).toBe(SECOND_KEY);
});

test('a previous key that does not work is never served (R2), and the sweep retires it again', async () => {
  const world = await RetirementWorld.afterDeactivation();
  const process = world.process({
    instead: ({ probe }) => ({
      probe: {
        callerIdentity: (credentials) => {
          world.setStatusByHand(credentials.accessKeyId, 'Inactive');
          return probe.callerIdentity(credentials);
        },
      },
    }),
  });
  await expect(world.rollBack(undefined, process)).rejects.toThrow('did not work');
  expect(world.servedKeyId).toBe(SECOND_KEY);

  await world.sweepUntilQuiet();
  expect(world.previous.phase).toBe('overlap');
  world.pass(2 * DAY);
  await world.sweepUser();
  expect(world.previous.phase).toBe('deactivated');
  expect(world.keys[FIRST]).toBe('Inactive');
});

test('a rollback succeeds while DescribeSecret still shows the old label', async () => {
  const world = await RetirementWorld.afterRotation();
  let stale: SecretDescription | undefined;
  const process = world.process({
    instead: ({ secrets }) => ({
      secrets: {
        describe: async (arn) => stale ?? secrets.describe(arn),
        moveLabel: async (...move) => {
          stale = await secrets.describe(move[0]);
          await secrets.moveLabel(...move);
        },
      },
    }),
  });
  await expect(world.rollBack(undefined, process)).resolves.toMatchObject({ currentKeyId: FIRST });
});

describe('a secret with copies in other regions', () => {
  const withCopies = async (): Promise<RetirementWorld> => {
    const world = await RetirementWorld.withCurrentKey();
    world.aws.secretsManager.replicate(world.settings.secretArn, 'eu-central-1', world.now);
    world.pass(HOUR);
    await world.rotate(tokenOf(2));
    return world;
  };

  test.each([
    ['a moment after the rotation', 0],
    ['an hour after the rotation', HOUR],
  ])('a rollback %s leaves AWSPENDING nowhere and no copy behind', async (_when, after) => {
    const world = await withCopies();
    world.pass(after);
    await world.rollBack();
    expect(world.servedKeyId).toBe(FIRST);
    expect(world.labels['AWSPENDING']).toBeUndefined();
    world.pass(MINUTE);
    expect(world.copies).toEqual([{ region: 'eu-central-1', status: 'InSync' }]);
  });

  test('a rollback is made although a copy failed: a person asked for it', async () => {
    const world = await withCopies();
    world.aws.secretsManager.holdCopiesUp(world.settings.secretArn, 'Failed', world.now);
    await world.rollBack();
    expect(world.servedKeyId).toBe(FIRST);
  });
});

test('a rollback says of a secret that is scheduled for deletion how to restore it, and changes nothing', async () => {
  const world = await RetirementWorld.afterRotation();
  world.aws.secretsManager.scheduleDeletion(world.settings.secretArn, world.now);
  const { journal, keys } = world;
  await expect(world.rollBack()).rejects.toThrow('aws secretsmanager restore-secret --secret-id');
  expect({ journal: world.journal, keys: world.keys }).toEqual({ journal, keys });
});
