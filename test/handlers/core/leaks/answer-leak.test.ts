import { DAY, HOUR, MINUTE, SECOND } from '../../../../contract/instant';
import { answerLeak, type LeakAnswered } from '../../../../handlers/core/leaks/answer-leak';
import { ACCESS_KEYS_PER_USER } from '../../../../handlers/core/model/access-key';
import { dyingAtEveryCall, RetirementWorld, type SweepProcess } from '../../../support/retirement-world';
import { tokenOf } from '../../support/user-world';

/** The keys of every world, in the order in which they are made. */
const FIRST = 'AKIAMMMMMMMM1EXAMPLE';
const SECOND_KEY = 'AKIAMMMMMMMM2EXAMPLE';
const THIRD = 'AKIAMMMMMMMM3EXAMPLE';

interface Reported {
  readonly keyId?: string;
  readonly at?: number;
  readonly drill?: true;
}

const report = (
  world: RetirementWorld,
  { keyId, at = world.now, drill }: Reported,
  { ports }: Pick<SweepProcess, 'ports'> = world.process(),
): Promise<LeakAnswered> =>
  answerLeak(ports, world.retirement, {
    ...{ LeakedKeyId: keyId, ReportedAt: new Date(at).toISOString(), Drill: drill },
  });

describe('a report about the current key', () => {
  test('a new key is made, proved and served, and the leaked one is Inactive, within a minute', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const begun = world.now;
    await expect(report(world, { keyId: FIRST })).resolves.toEqual({
      leaked: [{ accessKeyId: FIRST, outcome: 'replaced' }],
      currentAccessKeyId: SECOND_KEY,
    });
    expect(world.now - begun).toBeLessThan(MINUTE);
    expect(world.keys).toEqual({ [FIRST]: 'Inactive', [SECOND_KEY]: 'Active' });
    expect(world.servedKeyId).toBe(SECOND_KEY);
    expect(world.r1Breaks).toEqual([]);
  });

  test('the leaked key is kept for its grace period, as evidence, and then deleted', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await report(world, { keyId: FIRST });
    world.pass(world.retirement.gracePeriodSeconds * SECOND - 6 * HOUR);
    await world.sweepUntilQuiet();
    expect(world.keys[FIRST]).toBe('Inactive');
    world.pass(7 * HOUR);
    await world.sweepUntilQuiet();
    expect(world.keys).toEqual({ [SECOND_KEY]: 'Active' });
  });

  test('the same report twice, and once more a day later, replaces the key once', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const at = world.now;
    await report(world, { keyId: FIRST, at });
    world.pass(DAY);
    await expect(report(world, { keyId: FIRST, at })).resolves.toMatchObject({
      leaked: [{ outcome: 'overAlready' }],
    });
    expect(world.keys).toEqual({ [FIRST]: 'Inactive', [SECOND_KEY]: 'Active' });
  });

  test('two reports at the same moment replace the key once', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await Promise.all([report(world, { keyId: FIRST }), report(world, { keyId: FIRST })]);
    expect(world.keys).toEqual({ [FIRST]: 'Inactive', [SECOND_KEY]: 'Active' });
  });

  test('a rotation under way is abandoned, with its key', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await world.rotate(tokenOf(7), 'createSecret');
    await report(world, { keyId: FIRST });
    expect(world.keys).toEqual({ [FIRST]: 'Inactive', [THIRD]: 'Active' });
    expect(world.servedKeyId).toBe(THIRD);
  });

  test('with the previous key in its overlap, AWSCURRENT goes back to it, and a new key is wanted', async () => {
    const world = await RetirementWorld.afterRotation();
    await expect(report(world, { keyId: SECOND_KEY })).resolves.toMatchObject({
      leaked: [{ accessKeyId: SECOND_KEY, outcome: 'wentBack' }],
      currentAccessKeyId: FIRST,
    });
    expect(world.keys).toEqual({ [FIRST]: 'Active', [SECOND_KEY]: 'Inactive' });
    expect(world.servedKeyId).toBe(FIRST);
    expect(world.journal.wanted?.reason).toContain('leaked');
    expect(world.r1Breaks).toEqual([]);
  });

  test('a retired key is re-activated and served again, because it works', async () => {
    const world = await RetirementWorld.afterDeactivation();
    await expect(report(world, { keyId: SECOND_KEY })).resolves.toMatchObject({
      leaked: [{ outcome: 'wentBack' }],
    });
    expect(world.keys).toEqual({ [FIRST]: 'Active', [SECOND_KEY]: 'Inactive' });
  });

  test('a retired key whose value is gone gives way to a new one', async () => {
    const world = await RetirementWorld.afterDeactivation();
    const process = world.process({
      instead: ({ secrets }) => ({
        secrets: {
          read: (secretArn, version) =>
            'versionId' in version ? Promise.resolve(undefined) : secrets.read(secretArn, version),
        },
      }),
    });
    await expect(report(world, { keyId: SECOND_KEY }, process)).resolves.toMatchObject({
      leaked: [{ outcome: 'replaced' }],
    });
    expect(world.keys).toEqual({ [SECOND_KEY]: 'Inactive', [THIRD]: 'Active' });
  });

  test('a retired key that leaked before gives way to a new one', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await report(world, { keyId: FIRST });
    world.pass(2 * DAY);
    await report(world, { keyId: SECOND_KEY });
    expect(world.keys).toEqual({ [SECOND_KEY]: 'Inactive', [THIRD]: 'Active' });
  });

  test('to a previous key that a person deactivated nobody goes back, and it is said', async () => {
    const world = await RetirementWorld.afterRotation();
    world.aws.iam.setStatus(world.settings.userName, FIRST, 'Inactive', world.now, { by: 'person' });
    await expect(report(world, { keyId: SECOND_KEY })).resolves.toMatchObject({
      leaked: [{ outcome: 'cannotBeReplaced' }],
    });
    expect(world.keys).toEqual({ [FIRST]: 'Inactive', [SECOND_KEY]: 'Active' });
    expect(world.servedKeyId).toBe(SECOND_KEY);
  });

  test('where the rotation before it cannot be settled, the leak is told, and answered when it can be', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const process = world.process({
      instead: ({ secrets }) => ({
        secrets: {
          describe: async (secretArn) => ({
            ...(await secrets.describe(secretArn)),
            deletedDate: world.now + 7 * DAY,
          }),
        },
      }),
    });
    await expect(report(world, { keyId: FIRST }, process)).rejects.toThrow('deletion');
    expect(world.journal).toMatchObject({
      leaks: [{ keyId: FIRST }],
      current: { keyId: FIRST, leaked: 'deactivate' },
    });
    world.pass(HOUR);
    await report(world, { keyId: FIRST, at: world.now - HOUR });
    expect(world.keys).toEqual({ [FIRST]: 'Inactive', [SECOND_KEY]: 'Active' });
  });

  test('with an unmanaged key in the other slot nothing is changed, and it is said (R4)', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const { id } = world.aws.iam.create(world.settings.userName, world.now, { by: 'person' });
    await expect(report(world, { keyId: FIRST })).resolves.toMatchObject({
      leaked: [{ outcome: 'cannotBeReplaced' }],
    });
    expect(world.keys).toEqual({ [FIRST]: 'Active', [id]: 'Active' });
    expect(Object.keys(world.keys)).toHaveLength(ACCESS_KEYS_PER_USER);
  });
});

describe('a report about another key', () => {
  test('a previous key is deactivated in its overlap, and no rollback returns to it', async () => {
    const world = await RetirementWorld.afterRotation();
    await expect(report(world, { keyId: FIRST })).resolves.toMatchObject({
      leaked: [{ outcome: 'deactivated' }],
    });
    expect(world.keys).toEqual({ [FIRST]: 'Inactive', [SECOND_KEY]: 'Active' });
    await expect(world.rollBack()).rejects.toThrow('no previous key to return to');
  });

  test('a retired key stays as it is, and no rollback returns to it', async () => {
    const world = await RetirementWorld.afterDeactivation();
    await expect(report(world, { keyId: FIRST })).resolves.toMatchObject({
      leaked: [{ outcome: 'overAlready' }],
    });
    await expect(world.rollBack()).rejects.toThrow('no previous key to return to');
  });

  test('a retired key that a person re-activated is deactivated by a report that comes after that', async () => {
    const world = await RetirementWorld.afterDeactivation();
    world.pass(MINUTE);
    world.aws.iam.setStatus(world.settings.userName, FIRST, 'Active', world.now, { by: 'person' });
    await expect(report(world, { keyId: FIRST })).resolves.toMatchObject({
      leaked: [{ outcome: 'deactivated' }],
    });
    expect(world.keys[FIRST]).toBe('Inactive');
  });

  test('a leaked key that a person re-activated is left alone by the old report (R4)', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const at = world.now;
    await report(world, { keyId: FIRST, at });
    world.pass(MINUTE);
    world.aws.iam.setStatus(world.settings.userName, FIRST, 'Active', world.now, { by: 'person' });
    await report(world, { keyId: FIRST, at });
    expect(world.keys[FIRST]).toBe('Active');
  });

  test('the key of a rotation under way is deleted with the rotation', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await world.rotate(tokenOf(7), 'createSecret');
    await expect(report(world, { keyId: SECOND_KEY })).resolves.toMatchObject({
      leaked: [{ outcome: 'deactivated' }],
    });
    expect(world.keys).toEqual({ [FIRST]: 'Active' });
    expect(world.servedKeyId).toBe(FIRST);
  });

  test('an unmanaged key, and one that the user does not have, change nothing, and no rotation is abandoned (R4)', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await world.rotate(tokenOf(7), 'createSecret');
    const before = world.journal;
    for (const keyId of ['AKIAOTHERSEXAMPLE']) {
      await expect(report(world, { keyId })).resolves.toMatchObject({ leaked: [{ outcome: 'notOurs' }] });
    }
    expect(world.journal).toEqual(before);
    expect(world.keys).toEqual({ [FIRST]: 'Active', [SECOND_KEY]: 'Active' });
  });
});

describe('a report that names the user alone', () => {
  test('the current key is replaced, whichever key it was about', async () => {
    const world = await RetirementWorld.withCurrentKey();
    world.pass(MINUTE);
    await report(world, {});
    expect(world.keys).toEqual({ [FIRST]: 'Inactive', [SECOND_KEY]: 'Active' });
  });

  test('with a previous key in its overlap both may be the one: neither works on', async () => {
    const world = await RetirementWorld.afterRotation();
    world.pass(MINUTE);
    await report(world, {});
    expect(world.keys).toEqual({ [SECOND_KEY]: 'Inactive', [THIRD]: 'Active' });
    expect(world.r1Breaks).toEqual([]);
  });

  test.each(['the key first', 'the user first'])(
    'both reports of one leak, %s: one replacement',
    async (order) => {
      const world = await RetirementWorld.withCurrentKey();
      world.pass(MINUTE);
      const at = world.now;
      const reports: Reported[] = [{ keyId: FIRST, at }, { at: at + 20 * SECOND }];
      for (const one of order === 'the key first' ? reports : reports.toReversed()) {
        await report(world, one);
        world.pass(HOUR);
      }
      expect(world.keys).toEqual({ [FIRST]: 'Inactive', [SECOND_KEY]: 'Active' });
    },
  );

  test.each([10 * MINUTE, 12 * HOUR, 23 * HOUR])(
    'after the key was named and everything is done, %s ms later, it is the same leak',
    async (later) => {
      const world = await RetirementWorld.withCurrentKey();
      world.pass(MINUTE);
      await report(world, { keyId: FIRST });
      world.pass(5 * MINUTE);
      await world.sweepUser();
      expect(world.journal.leaks).toMatchObject([{ keyId: FIRST, isOver: true }]);
      world.pass(later - 5 * MINUTE);
      await expect(report(world, {})).resolves.toMatchObject({ leaked: [] });
      expect(world.keys).toEqual({ [FIRST]: 'Inactive', [SECOND_KEY]: 'Active' });
    },
  );

  test('two such reports within a day are of one leak, and two days later it is another one', async () => {
    const world = await RetirementWorld.withCurrentKey();
    world.pass(MINUTE);
    await report(world, {});
    world.pass(10 * MINUTE);
    await report(world, {});
    expect(world.keys).toEqual({ [FIRST]: 'Inactive', [SECOND_KEY]: 'Active' });
    world.pass(2 * DAY);
    await world.sweepUntilQuiet();
    expect(world.journal.leaks).toBeUndefined();
    await report(world, {});
    expect(world.keys[SECOND_KEY]).toBe('Inactive');
  });

  test('a key that was made after it is left alone', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const before = world.now - HOUR;
    await expect(report(world, { at: before })).resolves.toMatchObject({ leaked: [] });
    expect(world.keys).toEqual({ [FIRST]: 'Active' });
  });
});

test.each(['the key', 'the user alone'])(
  'wherever the process dies, the same report of %s again ends in the same (R5, R15)',
  async (names) => {
    for (const given of [
      () => RetirementWorld.withCurrentKey(),
      () => RetirementWorld.afterRotation(),
      () => RetirementWorld.afterDeactivation(),
    ]) {
      let leaked = '';
      let reported: Reported = {};
      const deaths = await dyingAtEveryCall(
        async () => {
          const world = await given();
          world.pass(MINUTE);
          leaked = world.currentKeyId;
          reported = names === 'the key' ? { keyId: leaked, at: world.now } : { at: world.now };
          return world;
        },
        (world, process) => report(world, reported, process),
        async (world) => {
          world.pass(5 * MINUTE);
          await report(world, reported);
          expect(world.keys[leaked]).toBe('Inactive');
          expect(world.servedKeyId).not.toBe(leaked);
          expect(world.keys[world.servedKeyId ?? '']).toBe('Active');
          expect(world.r1Breaks).toEqual([]);
        },
      );
      expect(deaths).toBeGreaterThan(20);
    }
  },
);

describe('a drill', () => {
  test('replaces the key as a leak does, and journal and events say that it is one', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await report(world, { keyId: FIRST, drill: true });
    expect(world.keys).toEqual({ [FIRST]: 'Inactive', [SECOND_KEY]: 'Active' });
    expect(world.journal.leaks).toMatchObject([{ keyId: FIRST, named: true, drill: true }]);
    const told = world.listener.events.find(({ detailType }) => detailType === 'Key Deactivated');
    expect(told?.detail).toMatchObject({ reason: 'a drill plays that it leaked' });
  });

  test('is over for itself: the next one a minute later replaces the next key', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await report(world, { keyId: FIRST, drill: true });
    world.pass(MINUTE);
    await expect(report(world, { keyId: SECOND_KEY, drill: true })).resolves.toMatchObject({
      leaked: [{ outcome: 'replaced' }],
      currentAccessKeyId: THIRD,
    });
  });

  test('hides no leak: AWS, which names the user alone an hour later, is believed', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await report(world, { keyId: FIRST, drill: true });
    world.pass(HOUR);
    await expect(report(world, {})).resolves.toMatchObject({ currentAccessKeyId: THIRD });
    expect(world.keys[SECOND_KEY]).toBe('Inactive');
  });

  test('hides no leak of a key that a person re-activated after it: AWS, which saw it earlier, is believed', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const seenAt = world.now;
    world.pass(MINUTE);
    await report(world, { keyId: FIRST, drill: true });
    world.pass(MINUTE);
    world.aws.iam.setStatus(world.settings.userName, FIRST, 'Active', world.now, { by: 'person' });
    await expect(report(world, { keyId: FIRST, at: seenAt })).resolves.toMatchObject({
      leaked: [{ outcome: 'deactivated' }],
    });
    expect(world.keys).toEqual({ [FIRST]: 'Inactive', [SECOND_KEY]: 'Active' });
  });

  test('is over for a key that a person re-activated after it, and which the same drill names again (R4)', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const at = world.now;
    await report(world, { keyId: FIRST, drill: true, at });
    world.pass(MINUTE);
    world.aws.iam.setStatus(world.settings.userName, FIRST, 'Active', world.now, { by: 'person' });
    await report(world, { keyId: FIRST, drill: true, at });
    expect(world.keys[FIRST]).toBe('Active');
  });

  test('takes the place of nothing that AWS reported, and AWS’s report takes its place', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await report(world, { keyId: FIRST, drill: true });
    world.pass(MINUTE);
    await report(world, { keyId: FIRST });
    const reported = world.journal.leaks;
    expect(reported).toMatchObject([{ keyId: FIRST }]);
    expect(reported![0]!.drill).toBeUndefined();
    world.pass(MINUTE);
    await report(world, { keyId: FIRST, drill: true });
    expect(world.journal.leaks).toEqual(reported);
  });
});
