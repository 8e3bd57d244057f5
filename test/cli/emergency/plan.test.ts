import { whoseOf, chosenOf } from '../../../cli/emergency/choice';
import { planText, reportText } from '../../../cli/emergency/emergency-text';
import { emergencyDocument, type EmergencyResult } from '../../../cli/emergency/emergency-document';
import {
  type EmergencyPlan,
  type EmergencyPorts,
  planEmergency,
  plannedNumber,
  SAME_COMMAND,
} from '../../../cli/emergency/plan';
import { beginEmergency, replaceAll } from '../../../cli/emergency/replace-all';
import { DAY, HOUR, MINUTE, SECOND } from '../../../contract/instant';
import { call, refusal, unanswered } from '../../support/in-memory-aws/refusals';
import { type ProcessOptions, RetirementWorld } from '../../support/retirement-world';

const FIRST = 'AKIAMMMMMMMM1EXAMPLE';
const SECOND_KEY = 'AKIAMMMMMMMM2EXAMPLE';

const portsOf = (world: RetirementWorld, options?: ProcessOptions): EmergencyPorts =>
  world.process(options).ports as ReturnType<RetirementWorld['process']>['ports'] & EmergencyPorts;

async function planFor(world: RetirementWorld, anew = false, ports = portsOf(world)): Promise<EmergencyPlan> {
  return planEmergency(ports, { whose: 'all', entries: await ports.directory.list(), anew });
}

async function run(world: RetirementWorld, anew = false): Promise<readonly EmergencyResult[]> {
  const ports = portsOf(world);
  const plan = await planFor(world, anew, ports);
  await beginEmergency(ports, plan);
  return replaceAll(ports, plan, { atATime: 1 });
}

describe('what is planned for a user', () => {
  test('the current key is replaced, and named', async () => {
    const world = await RetirementWorld.withCurrentKey();
    world.pass(MINUTE);
    const plan = await planFor(world);
    expect(plan).toMatchObject({
      kind: 'begins',
      users: [{ state: 'toReplace', replacedKeyId: FIRST, keys: [{ keyId: FIRST, becomes: 'inactive' }] }],
    });
    expect(planText(plan, 'all users').join('\n')).toContain(
      `ci-deployer: ${FIRST} is replaced, and kept Inactive for the grace period.`,
    );
  });

  test.each([
    ['in its overlap', () => RetirementWorld.afterRotation()],
    ['that is retired', () => RetirementWorld.afterDeactivation()],
  ])('a previous key %s gives up its slot', async (_what, given) => {
    const world = await given();
    const plan = await planFor(world);
    expect(plannedNumber(plan)).toBe(1);
    expect(planText(plan, 'all users').join('\n')).toMatch(
      new RegExp(`${FIRST}, the key before it, is deleted: its slot is needed`),
    );
    expect(await run(world)).toMatchObject([{ outcome: 'replaced', replacedKeyId: SECOND_KEY }]);
    expect(world.keys[FIRST]).toBeUndefined();
  });

  test('an unmanaged key in the other slot stands in the way, is not changed, and the way out is said (R4)', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const byHand = world.keyByHand();
    const { state } = world;
    const plan = await planFor(world);
    expect(plannedNumber(plan)).toBe(0);
    expect(planText(plan, 'all users').join('\n')).toContain(
      `npx iam-key-rotation emergency --user ci-deployer --leaked ${FIRST} --give-way ${byHand}`,
    );
    expect(await run(world)).toMatchObject([{ outcome: 'notReplaced' }]);
    expect(world.state).toEqual(state);
  });

  test('a key that a rotation under way may have made is not taken for an unmanaged one', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await world.rotate('rotation-'.padEnd(32, '7'), 'createSecret');
    world.amendAttempt({ keyId: undefined });
    expect(await planFor(world)).toMatchObject({ users: [{ state: 'toReplace' }] });
  });

  test('a secret that is scheduled for deletion, and how it is restored', async () => {
    const world = await RetirementWorld.withCurrentKey();
    world.aws.secretsManager.scheduleDeletion(world.settings.secretArn, world.now);
    expect(await planFor(world)).toMatchObject({
      users: [{ state: 'cannot', why: expect.stringContaining('restore-secret') as string }],
    });
  });

  test('a user for whom no key was made yet has nothing that leaked', async () => {
    const plan = await planFor(new RetirementWorld());
    expect(plan).toMatchObject({ users: [{ state: 'noKey' }] });
    expect(plannedNumber(plan)).toBe(0);
  });

  test.each(['settings', 'journal'] as const)('%s that cannot be read (R8)', async (item) => {
    const world = await RetirementWorld.withCurrentKey();
    if (item === 'settings') world.aws.table.setSettingsText('ci-deployer', '{');
    else world.aws.table.setJournalText('ci-deployer', '{');
    expect(await planFor(world)).toMatchObject({
      users: [{ user: 'ci-deployer', state: 'cannot', why: expect.stringContaining(item) as string }],
    });
  });

  test('a journal of another user, and a user whom IAM does not have', async () => {
    const another = await RetirementWorld.withCurrentKey();
    another.amendJournal({ userId: 'AIDAANOTHEREXAMPLE' });
    expect(await planFor(another)).toMatchObject({
      users: [{ state: 'cannot', why: expect.stringContaining('AIDAANOTHEREXAMPLE') as string }],
    });
    const gone = await RetirementWorld.withCurrentKey();
    gone.aws.iam.removeUser(gone.settings.userName, gone.now);
    expect(await planFor(gone)).toMatchObject({ users: [{ state: 'cannot' }] });
  });

  test('nothing is changed by a plan', async () => {
    const world = await RetirementWorld.afterRotation();
    const { state } = world;
    await planFor(world);
    expect(world.state).toEqual(state);
    expect(world.aws.table.emergency('all')).toBeUndefined();
  });
});

describe('which emergency it is', () => {
  test('the same command goes on with it, and finds nothing to do when all is done', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await run(world);
    const { state } = world;
    const since = world.aws.table.emergency('all')!;
    const plan = await planFor(world);
    expect(plan).toMatchObject({ kind: 'goesOn', since, users: [{ state: 'replaced' }] });
    expect(planText(plan, 'all users')[0]).toMatch(/goes on with the emergency that began at .* --new$/);
    expect(await run(world)).toMatchObject([{ outcome: 'replacedBefore' }]);
    expect(world.state).toEqual(state);
  });

  test('killed right after it began, the same command goes on with it', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const ports = portsOf(world);
    await beginEmergency(ports, await planFor(world));
    world.pass(3 * DAY);
    const plan = await planFor(world);
    expect(plan).toMatchObject({ kind: 'goesOn', users: [{ state: 'toReplace' }] });
  });

  test('once nothing is left of it and a day is over, the same command begins a new one', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await run(world);
    const first = world.aws.table.emergency('all')!;
    world.pass(SAME_COMMAND - (world.now - first) - SECOND);
    expect(await planFor(world)).toMatchObject({ kind: 'goesOn' });
    world.pass(MINUTE);
    expect(await run(world)).toMatchObject([{ outcome: 'replaced', replacedKeyId: SECOND_KEY }]);
    expect(world.aws.table.emergency('all')).toBeGreaterThan(first);
  });

  test('--new begins a new one at once', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await run(world);
    world.pass(HOUR);
    expect(await run(world, true)).toMatchObject([{ outcome: 'replaced', replacedKeyId: SECOND_KEY }]);
  });

  test('of two that begin at the same moment, one changes nothing and says what to do', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const plan = await planFor(world);
    const later = await planFor(world);
    await beginEmergency(portsOf(world), plan);
    await expect(beginEmergency(portsOf(world), later)).rejects.toThrow(/Nothing was changed.*Run it again/);
    expect(world.aws.table.emergency('all')).toBe(plan.since);
  });

  test('a key that IAM still lists after a killed run deleted it does not stand in the way for long', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await beginEmergency(portsOf(world), await planFor(world));
    const ghost = world.keyByHand();
    world.deleteByHand(ghost);
    const goneAt = world.now + 50 * SECOND;
    const ports = portsOf(world, {
      instead: ({ keys }) => ({
        keys: {
          list: async (userName) => [
            ...(await keys.list(userName)),
            ...(world.now < goneAt ? [{ id: ghost, status: 'Active' as const, createdAt: 0 }] : []),
          ],
        },
      }),
    });
    expect(await planFor(world, false, ports)).toMatchObject({ users: [{ state: 'toReplace' }] });
  });

  test('each choice of users is an emergency of its own, however it is written', () => {
    expect(whoseOf({ users: ['b', 'a', 'b'] })).toBe(whoseOf({ users: ['a', 'b'] }));
    const all = [
      { all: true },
      { owner: 'all' },
      { owner: 'a' },
      { users: ['a'] },
      { users: ['a', 'b'] },
    ] as const;
    expect(new Set(all.map(whoseOf)).size).toBe(all.length);
  });
});

describe('who is chosen', () => {
  const stack = { prefix: 'iam-key-rotation', region: 'eu-west-1' };
  const entries = async () => {
    const world = await RetirementWorld.withCurrentKey({ owner: 'platform' });
    return portsOf(world).directory.list();
  };

  test('all, those of an owner, or by name', async () => {
    const found = await entries();
    for (const choice of [
      { all: true },
      { owner: 'platform' },
      { users: ['ci-deployer', 'ci-deployer'] },
    ] as const)
      expect(chosenOf(found, choice, stack).map(({ stableKey }) => stableKey)).toEqual(['ci-deployer']);
  });

  test('who does not exist is an error that says who does', async () => {
    const found = await entries();
    expect(() => chosenOf(found, { owner: 'nobody' }, stack)).toThrow('Owners are: platform');
    expect(() => chosenOf(found, { users: ['ci-deployer', 'nobody'] }, stack)).toThrow('no user nobody');
    expect(() => chosenOf([], { all: true }, stack)).toThrow('has no users');
  });
});

describe('what becomes of it', () => {
  test('a call that AWS throttles is made again a minute later', async () => {
    const world = await RetirementWorld.withCurrentKey();
    let refused = 0;
    const ports = portsOf(world, {
      instead: ({ keys }) => ({
        keys: {
          create: (userName) =>
            (refused += 1) === 1
              ? Promise.reject(refusal(call.createAccessKey, 'throttled', 'Throttling', 'Rate exceeded'))
              : keys.create(userName),
        },
      }),
    });
    const results = await replaceAll(ports, await planFor(world), { atATime: 1 });
    expect(results).toMatchObject([{ outcome: 'replaced', keyId: SECOND_KEY }]);
  });

  test('an answer that was lost: the user is settled and replaced, once', async () => {
    const world = await RetirementWorld.withCurrentKey();
    let lost = 0;
    const ports = portsOf(world, {
      instead: ({ keys }) => ({
        keys: {
          create: async (userName) => {
            const made = await keys.create(userName);
            if ((lost += 1) === 1) throw unanswered(call.createAccessKey);
            return made;
          },
        },
      }),
    });
    const results = await replaceAll(ports, await planFor(world), { atATime: 1 });
    expect(results).toMatchObject([{ outcome: 'replaced' }]);
    expect(Object.values(world.keys).toSorted()).toEqual(['Active', 'Inactive']);
  });

  test('what is refused for good is said, with what to do, and the working key stays', async () => {
    const world = await RetirementWorld.withCurrentKey();
    let asked = 0;
    const denied = (): Promise<never> => {
      asked += 1;
      return Promise.reject(refusal(call.createAccessKey, 'accessDenied', 'AccessDenied', 'not allowed'));
    };
    const ports = portsOf(world, { instead: () => ({ keys: { create: denied } }) });
    const users = await replaceAll(ports, await planFor(world), { atATime: 1 });
    expect(asked).toBe(1);
    expect(world.keys).toEqual({ [FIRST]: 'Active' });
    const document = emergencyDocument.parse({
      ...{ version: 1, stack: 'iam-key-rotation', region: 'eu-west-1', planned: 1, users },
      since: new Date(world.now).toISOString(),
    });
    expect(reportText(document)).toEqual([
      expect.stringMatching(/^Emergency of .*: 0 users replaced now, 0 before, 1 not replaced\.$/),
      expect.stringMatching(/^ci-deployer: not replaced\. .*not allowed.* Run the same command again/),
    ]);
  });
});
