import { DAY, HOUR } from '../../../../contract/instant';
import { overviewOf, type UserOverview } from '../../../../handlers/core/operator/overview';
import type { TableEntry } from '../../../../handlers/core/retirement/retirement-ports';
import { RetirementWorld } from '../../../support/retirement-world';

const STACK = { stack: 'iam-key-rotation', askAws: true } as const;

const entryOf = (world: RetirementWorld): TableEntry => ({
  stableKey: world.retirement.stableKey,
  settings: world.retirement,
  journal: world.journal,
});

const look = (world: RetirementWorld, options: Partial<typeof STACK> = {}): Promise<UserOverview> =>
  overviewOf(world.process().ports, entryOf(world), { ...STACK, ...options });

describe('an overview of a user', () => {
  it('has the current key and the previous one in its overlap, with what becomes of it when', async () => {
    const world = await RetirementWorld.afterRotation();
    const { replacedAt, keyId } = world.previous;

    const { keys, failure } = await look(world);

    expect(failure).toBeUndefined();
    expect(keys).toMatchObject([
      { id: world.servedKeyId, role: 'current', listed: { status: 'Active' } },
      {
        id: keyId,
        role: 'previous',
        listed: { status: 'Active' },
        nextStep: { what: 'deactivate', at: replacedAt + world.retirement.overlapSeconds * 1000 },
      },
    ]);
  });

  it('has a deactivated key with the moment of its deletion', async () => {
    const world = await RetirementWorld.afterDeactivation();
    const { keys } = await look(world);
    const at = world.previous.deactivatedAt! + world.retirement.gracePeriodSeconds * 1000;
    expect(keys[1]).toMatchObject({ listed: { status: 'Inactive' }, nextStep: { what: 'delete', at } });
  });

  it('says what the retirement function would decide, and changes nothing', async () => {
    const world = await RetirementWorld.afterRotation();
    world.pass(2 * DAY);
    const before = world.state;

    const { decisions } = await look(world);

    expect(decisions).toMatchObject([{ kind: 'act', what: 'deactivate' }]);
    expect(world.state).toEqual(before);
  });

  it('has an unmanaged key, and the fault that it is', async () => {
    const world = await RetirementWorld.afterDeactivation();
    world.setStatusByHand(world.previous.keyId, 'Active');
    world.pass(HOUR);
    const { findings } = await look(world);
    expect(findings).toMatchObject([{ kind: 'reactivatedByPerson', keyId: world.previous.keyId }]);
  });

  it('without asking AWS has what the table holds alone', async () => {
    const world = await RetirementWorld.afterRotation();
    const process = world.process();

    const overview = await overviewOf(process.ports, entryOf(world), { ...STACK, askAws: false });

    expect(process.calls).toEqual([]);
    expect(overview.keys).toMatchObject([
      { role: 'current' },
      { role: 'previous', nextStep: { what: 'deactivate' } },
    ]);
    expect(overview.keys.map(({ listed }) => listed)).toEqual([undefined, undefined]);
  });

  it('tells why a user cannot be looked at, and never fails', async () => {
    const world = await RetirementWorld.afterRotation();
    const entry = { ...entryOf(world), journal: { ...world.journal, userId: 'AIDAOTHEREXAMPLE' } };
    const { failure, keys } = await overviewOf(world.process().ports, entry, STACK);
    expect(failure).toContain('The journal is about IAM user id AIDAOTHEREXAMPLE');
    expect(keys).toHaveLength(2);

    const unreadable = { ...entryOf(world), settings: new Error('the settings do not parse') };
    expect(await overviewOf(world.process().ports, unreadable, STACK)).toMatchObject({
      failure: 'the settings do not parse',
      keys: [],
    });
  });
});
