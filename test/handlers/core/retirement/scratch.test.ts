import { DAY, HOUR, SECOND } from '../../../../handlers/core/instant';
import { pacedAccessKeys } from '../../../../handlers/core/retirement/paced-access-keys';
import { Pacer } from '../../../../handlers/core/retirement/pacer';
import { dyingAtEveryCall, RetirementWorld } from '../../../support/retirement-world';

test('1 crash in reactivation leaves the served key inactive', async () => {
  const bad: string[] = [];
  await dyingAtEveryCall(
    async () => {
      const world = await RetirementWorld.afterDeactivation();
      const { versionId } = world.previous;
      world.moveByHand('AWSCURRENT', world.labels['AWSCURRENT'], versionId!);
      return world;
    },
    (world, process) => world.sweepUser({}, process),
    async (world, diedAt) => {
      await world.sweepUntilQuiet();
      if (world.keys[world.servedKeyId!] !== 'Active') bad.push(diedAt);
    },
  );
  expect(bad).toEqual([]);
});

test('1b refused activation', async () => {
  const world = await RetirementWorld.afterDeactivation();
  world.moveByHand('AWSCURRENT', world.labels['AWSCURRENT'], world.previous.versionId!);
  const p = world.process({
    before: (s) => {
      if (s.name.action === 'UpdateAccessKey') throw new Error('throttled');
    },
  });
  await world.sweepUser({}, p).catch(() => undefined);
  await world.sweepUntilQuiet();
  expect(world.keys[world.servedKeyId!]).toBe('Active');
});

test('3 previous deleted by a person after overlap', async () => {
  const world = await RetirementWorld.afterRotation();
  world.pass(2 * DAY);
  world.deleteByHand(world.previous.keyId);
  const outcome = await world.sweepUser();
  expect(outcome.acts).toMatchObject([{ what: 'forget' }]);
});

test('4 take over with overlap 0', async () => {
  const world = await RetirementWorld.withCurrentKey({
    takeOver: 'all',
    overlapSeconds: 0,
    whenStillInUse: 'retire',
  });
  const old = world.keyByHand();
  world.pass(30 * DAY);
  world.use(old);
  await world.sweepUser();
  expect(world.keys[old]).toBe('Active');
});

test('5 hold lost during exemption', async () => {
  const world = await RetirementWorld.afterDeactivation();
  const { keyId } = world.previous;
  world.setStatusByHand(keyId, 'Active');
  await world.sweepUser();
  expect(world.previous.hold?.cause).toBe('reactivatedByPerson');
  world.pass(30 * DAY);
  (world.retirement as any).exemption = { reason: 'x', until: world.now + DAY };
  await world.sweepUser();
  world.setStatusByHand(keyId, 'Inactive');
  world.pass(2 * DAY);
  await world.sweepUser();
  expect(world.keys[keyId]).toBe('Inactive');
});
test('5b hold lost during label on unknown', async () => {
  const world = await RetirementWorld.afterDeactivation();
  const { keyId } = world.previous;
  world.setStatusByHand(keyId, 'Active');
  await world.sweepUser();
  world.pass(30 * DAY);
  const was = world.labels['AWSCURRENT']!;
  world.putByHand('x'.repeat(32), '{}');
  await world.sweepUser();
  world.moveByHand('AWSCURRENT', 'x'.repeat(32), was);
  world.setStatusByHand(keyId, 'Inactive');
  await world.sweepUser();
  expect(world.keys[keyId]).toBe('Inactive');
});
test('6 leaked lost on rollback', async () => {
  const world = await RetirementWorld.afterRotation();
  const leaked = world.currentKeyId;
  await expect(world.replaceLeakedKey({ leakedKeyId: leaked })).rejects.toThrow('--give-way');
  await world.rollBack();
  await world.sweepUser();
  expect(world.keys[leaked]).toBeUndefined();
});
test('6b rollback to leaked', async () => {
  const world = await RetirementWorld.afterRotation();
  const leaked = world.previous.keyId;
  await world.replaceLeakedKey({ leakedKeyId: leaked });
  await expect(world.rollBack()).rejects.toThrow();
});
test('7 deactivating key deleted by a person blocks rotation', async () => {
  const world = await RetirementWorld.afterRotation();
  world.amendJournal({ previous: [{ ...world.previous, phase: 'deactivating' }] });
  world.deleteByHand(world.previous.keyId);
  world.pass(DAY);
  await world.rotate('rotation-' + '2'.repeat(32));
});
test('2 paced act outlives the lease', async () => {
  const world = await RetirementWorld.afterRotation();
  world.pass(2 * DAY);
  const { ports } = world.process();
  const pacer = new Pacer(ports.clock, { startRate: 10, maximumRate: 50 });
  let deactivations = 0;
  const until: number[] = [];
  const keys = pacedAccessKeys(
    {
      ...ports.keys,
      deactivate: async (u, k) => {
        deactivations += 1;
        until.push(world.aws.table.lease('ci-deployer')!.until - world.now);
        return ports.keys.deactivate(u, k);
      },
      list: async (u) => {
        const l = await ports.keys.list(u);
        return l;
      },
    },
    pacer,
  );
  // many others queue
  const spy = {
    ...keys,
    deactivate: async (u: string, k: string) => {
      for (let i = 0; i < 16; i++) void 0;
      return keys.deactivate(u, k);
    },
  };
  pacer as any;
  for (let i = 0; i < 400; i += 1) (pacer as any).turn?.().catch?.(() => undefined);
  void spy;
  await world.sweepUser({}, { ports: { ...ports, keys } });
  expect(until).toEqual([expect.any(Number)]);
  expect(until[0]).toBeGreaterThan(15 * SECOND);
  expect(deactivations).toBe(1);
});
test('8 deleteOverdue ignores hold', async () => {
  const world = await RetirementWorld.afterDeactivation();
  const { keyId } = world.previous;
  world.setStatusByHand(keyId, 'Active');
  await world.sweepUser();
  world.pass(30 * DAY);
  world.setStatusByHand(keyId, 'Inactive');
  await world.rotate('rotation-' + '2'.repeat(32)).catch(() => undefined);
  expect(world.keys[keyId]).toBe('Inactive');
});
test('9 request rotation is an act', async () => {
  const world = await RetirementWorld.withCurrentKey();
  world.amendJournal({ wanted: { since: world.now, reason: 'x' } });
  const outcome = await world.sweepUser();
  expect(world.requests).toHaveLength(1);
  expect(outcome.acts).toMatchObject([{ what: 'requestRotation' }]);
});
test('10 daily job', async () => {
  const world = await RetirementWorld.afterRotation({ overlapSeconds: 30 * 3600 });
  const { keyId } = world.previous;
  world.pass(4 * HOUR);
  world.use(keyId);
  world.pass(24 * HOUR);
  world.use(keyId);
  world.pass(2 * HOUR + 24 * HOUR - 2 * HOUR - SECOND);
  // daily again one second later; sweep now... last use 23:59:59 ago
  world.pass(2 * SECOND);
  await world.sweepUser();
  expect(world.keys[keyId]).toBe('Active');
});
