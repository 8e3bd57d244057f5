import { DAY, HOUR, SECOND, type Instant } from '../../../../contract/instant';
import {
  replaceSuspectKeys,
  type SuspectsReplaced,
} from '../../../../handlers/core/leaks/replace-suspect-keys';
import { CLOCK_SKEW } from '../../../../handlers/core/model/timing';
import type { AccessKey } from '../../../../handlers/core/model/access-key';
import { dyingAtEveryCall, RetirementWorld, type SweepProcess } from '../../../support/retirement-world';
import { PERSON, tokenOf } from '../../support/user-world';

/** The keys of every world, in the order in which they are made. */
const FIRST = 'AKIAMMMMMMMM1EXAMPLE';
const SECOND_KEY = 'AKIAMMMMMMMM2EXAMPLE';
const THIRD = 'AKIAMMMMMMMM3EXAMPLE';

const emergency = (
  world: RetirementWorld,
  since: Instant = world.now,
  { ports }: Pick<SweepProcess, 'ports'> = world.process(),
): Promise<SuspectsReplaced> => replaceSuspectKeys(ports, world.retirement, since);

/** How often AWSCURRENT has moved to another key since then. */
const promotions = (world: RetirementWorld, from: number): number =>
  world.events
    .slice(from)
    .filter((event) => event.what === 'labelsMoved' && event.was.AWSCURRENT !== event.is.AWSCURRENT).length;

test('the current key is replaced by one that was proved, and is Inactive', async () => {
  const world = await RetirementWorld.withCurrentKey();
  world.pass(1 * HOUR);
  await expect(emergency(world)).resolves.toEqual({
    outcome: 'replaced',
    currentKeyId: SECOND_KEY,
    stoppedKeyIds: [FIRST],
  });
  expect(world.keys).toEqual({ [FIRST]: 'Inactive', [SECOND_KEY]: 'Active' });
  expect(world.servedKeyId).toBe(SECOND_KEY);
  expect(world.r1Breaks).toEqual([]);
});

test('the key before it is kept for its grace period, as evidence, and then deleted', async () => {
  const world = await RetirementWorld.withCurrentKey();
  await emergency(world);
  world.pass(world.retirement.gracePeriodSeconds * SECOND - 6 * HOUR);
  await world.sweepUntilQuiet();
  expect(world.keys[FIRST]).toBe('Inactive');
  world.pass(7 * HOUR);
  await world.sweepUntilQuiet();
  expect(world.keys).toEqual({ [SECOND_KEY]: 'Active' });
});

describe('none twice', () => {
  test('the same emergency again changes nothing, soon or a day later', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const since = world.now;
    await emergency(world, since);
    const { state } = world;
    await expect(emergency(world, since)).resolves.toMatchObject({ outcome: 'replacedBefore' });
    world.pass(1 * DAY);
    await expect(emergency(world, since)).resolves.toMatchObject({ outcome: 'replacedBefore' });
    expect(world.state).toEqual(state);
  });

  test.each([0, 400, 999])(
    'a new key is dated later than an emergency that began %i ms after a full second, by a clock that is ahead of IAM’s',
    async (ms) => {
      const world = await RetirementWorld.withCurrentKey();
      world.pass(SECOND - (world.now % SECOND) + ms);
      const ahead = (): SweepProcess => world.process({ skew: CLOCK_SKEW });
      const since = world.now + CLOCK_SKEW;
      await emergency(world, since, ahead());
      const listed = await world.process().ports.keys.list(world.settings.userName);
      expect(listed.find(({ id }) => id === SECOND_KEY)?.createdAt).toBeGreaterThan(since);
      await expect(emergency(world, since, ahead())).resolves.toMatchObject({ outcome: 'replacedBefore' });
    },
  );

  test('of two that work on the user at the same moment, one replaces the key', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const since = world.now;
    const both = await Promise.all([emergency(world, since), emergency(world, since)]);
    expect(both.map(({ outcome }) => outcome).toSorted()).toEqual(['replaced', 'replacedBefore']);
    expect(world.keys).toEqual({ [FIRST]: 'Inactive', [SECOND_KEY]: 'Active' });
  });

  test('a rotation since the beginning has replaced the key: only the key before it is stopped', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const since = world.now;
    world.pass(1 * HOUR);
    await world.rotate(tokenOf(1));
    await expect(emergency(world, since)).resolves.toEqual({
      outcome: 'replaced',
      currentKeyId: SECOND_KEY,
      stoppedKeyIds: [FIRST],
    });
    expect(world.keys).toEqual({ [FIRST]: 'Inactive', [SECOND_KEY]: 'Active' });
  });

  test('a later emergency replaces the key that the former one has made', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await emergency(world);
    world.pass(1 * HOUR);
    await expect(emergency(world)).resolves.toMatchObject({ outcome: 'replaced', currentKeyId: THIRD });
    expect(world.keys).toEqual({ [SECOND_KEY]: 'Inactive', [THIRD]: 'Active' });
  });
});

describe('both slots are taken', () => {
  const world = async (given: () => Promise<RetirementWorld>): Promise<RetirementWorld> => {
    const made = await given();
    made.pass(1 * HOUR);
    return made;
  };
  const reactivated = async (): Promise<RetirementWorld> => {
    const made = await RetirementWorld.afterDeactivation();
    made.aws.iam.setStatus(made.settings.userName, FIRST, 'Active', made.now, PERSON);
    await made.sweepUser();
    return made;
  };
  const stopped = async (): Promise<RetirementWorld> => {
    const made = await RetirementWorld.afterRotation();
    made.aws.iam.setStatus(made.settings.userName, FIRST, 'Inactive', made.now, PERSON);
    return made;
  };

  test.each([
    ['a previous key in its overlap', () => RetirementWorld.afterRotation()],
    ['a retired key', () => RetirementWorld.afterDeactivation()],
    ['a retired key that a person re-activated', reactivated],
    ['a previous key that a person deactivated', stopped],
  ])('%s may have leaked, too: it gives way, deactivated first', async (_what, given) => {
    const made = await world(given);
    const keysAfter = made.watchKeys();
    await expect(emergency(made)).resolves.toMatchObject({ outcome: 'replaced', currentKeyId: THIRD });
    expect(made.keys).toEqual({ [SECOND_KEY]: 'Inactive', [THIRD]: 'Active' });
    expect(keysAfter().filter((change) => change !== `${FIRST} Inactive`)).toEqual([
      `${FIRST} Gone`,
      `created ${THIRD}`,
      `${SECOND_KEY} Inactive`,
    ]);
    expect(made.r1Breaks).toEqual([]);
  });

  test('R4: a key that a person made is not touched, and the current key stays', async () => {
    const made = await world(() => RetirementWorld.withCurrentKey());
    const byHand = made.keyByHand();
    await expect(emergency(made, made.now)).resolves.toMatchObject({
      outcome: 'cannotBeReplaced',
      currentKeyId: FIRST,
    });
    expect(made.keys).toEqual({ [FIRST]: 'Active', [byHand]: 'Active' });
    expect(made.servedKeyId).toBe(FIRST);
  });

  test('once that key is gone, the next sweep has the current one replaced by itself', async () => {
    const made = await world(() => RetirementWorld.withCurrentKey());
    const byHand = made.keyByHand();
    await emergency(made, made.now);
    made.deleteByHand(byHand);
    made.pass(1 * HOUR);
    await made.sweepUser();
    expect(made.requests).toEqual([made.settings.secretArn]);
  });
});

describe('a rotation was under way when it began', () => {
  test('it is abandoned, with its key', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await world.rotate(tokenOf(7), 'testSecret');
    world.pass(10 * SECOND);
    await emergency(world);
    expect(world.keys).toEqual({ [FIRST]: 'Inactive', [THIRD]: 'Active' });
    expect(world.servedKeyId).toBe(THIRD);
  });

  /** AWSCURRENT has moved, and the journal does not say so yet. */
  async function halfPromoted(): Promise<RetirementWorld> {
    const world = await RetirementWorld.withCurrentKey();
    world.pass(1 * DAY);
    await world.rotate(tokenOf(7), 'testSecret');
    const { journal } = world;
    await world.step('finishSecret', tokenOf(7));
    world.setJournal(journal);
    world.pass(1 * HOUR);
    return world;
  }

  test('and its key is served already: it may have leaked as well, and is replaced and marked', async () => {
    const world = await halfPromoted();
    await expect(emergency(world)).resolves.toMatchObject({ outcome: 'replaced', currentKeyId: THIRD });
    expect(world.keys).toEqual({ [SECOND_KEY]: 'Inactive', [THIRD]: 'Active' });
    expect(world.journal.previous).toMatchObject([{ keyId: SECOND_KEY, leaked: 'deactivate' }]);
    expect(world.r1Breaks).toEqual([]);
  });

  test('and the journal does not know which key it made: what is found is stopped, too', async () => {
    const world = await halfPromoted();
    world.amendAttempt({ keyId: undefined });
    await expect(emergency(world)).resolves.toMatchObject({ outcome: 'replaced', currentKeyId: THIRD });
    expect(world.keys).toEqual({ [SECOND_KEY]: 'Inactive', [THIRD]: 'Active' });
  });

  test('and IAM does not list the new current key yet: its date is waited for', async () => {
    const world = await RetirementWorld.withCurrentKey();
    world.pass(1 * HOUR);
    await world.rotate(tokenOf(7), 'testSecret');
    world.pass(10 * SECOND);
    const since = world.now;
    await world.step('finishSecret', tokenOf(7));
    const shownAt = world.now + 30 * SECOND;
    const process = world.process({
      instead: ({ keys }) => ({
        keys: {
          list: async (userName: string): Promise<readonly AccessKey[]> =>
            (await keys.list(userName)).filter(({ id }) => id !== SECOND_KEY || world.now >= shownAt),
        },
      }),
    });
    await expect(emergency(world, since, process)).resolves.toMatchObject({ currentKeyId: THIRD });
    expect(world.keys).toEqual({ [SECOND_KEY]: 'Inactive', [THIRD]: 'Active' });
  });
});

test('a current key that a person deleted is replaced, too: the user has none that works', async () => {
  const world = await RetirementWorld.withCurrentKey();
  world.deleteByHand(FIRST);
  await expect(emergency(world)).resolves.toMatchObject({ currentKeyId: SECOND_KEY });
  expect(world.keys).toEqual({ [SECOND_KEY]: 'Active' });
});

test('while the secret is scheduled for deletion, no key is changed, and it is said', async () => {
  const world = await RetirementWorld.withCurrentKey();
  world.aws.secretsManager.scheduleDeletion(world.settings.secretArn, world.now);
  await expect(emergency(world)).rejects.toThrow('scheduled for deletion');
  expect(world.keys).toEqual({ [FIRST]: 'Active' });
});

test('a rollback never returns to a key that may have leaked', async () => {
  const world = await RetirementWorld.withCurrentKey();
  await emergency(world);
  await expect(world.rollBack()).rejects.toThrow('no previous key to return to');
});

test.each([
  ['one key', () => RetirementWorld.withCurrentKey()],
  ['a previous key in its overlap', () => RetirementWorld.afterRotation()],
  ['a retired key', () => RetirementWorld.afterDeactivation()],
])(
  'a user with %s: killed at any call and begun again, the key is replaced once, and none is left',
  async (_what, given) => {
    let [since, from] = [0, 0];
    const deaths = await dyingAtEveryCall(
      async () => {
        const world = await given();
        world.pass(1 * HOUR);
        [since, from] = [world.now, world.events.length];
        return world;
      },
      (world, process) => emergency(world, since, process),
      async (world) => {
        await emergency(world, since);
        await expect(emergency(world, since)).resolves.toMatchObject({ outcome: 'replacedBefore' });
        expect(promotions(world, from)).toBe(1);
        expect(Object.values(world.keys).toSorted()).toEqual(['Active', 'Inactive']);
        expect(world.keys[world.servedKeyId ?? '']).toBe('Active');
        expect(world.r1Breaks).toEqual([]);
        expect(world.journal.attempt).toBeUndefined();
      },
    );
    expect(deaths).toBeGreaterThan(30);
  },
);
