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

    const { keys, findings } = await look(world);

    expect(findings).toEqual([]);
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
    const { findings, keys } = await overviewOf(world.process().ports, entry, STACK);
    expect(findings).toMatchObject([
      {
        kind: 'visitFailed',
        what: expect.stringContaining('is about IAM user id AIDAOTHEREXAMPLE') as string,
      },
    ]);
    expect(keys).toHaveLength(2);

    for (const item of ['settings', 'journal', 'findings'] as const) {
      const unreadable = { ...entryOf(world), [item]: new Error(`the ${item} do not parse`) };
      expect(await overviewOf(world.process().ports, unreadable, STACK)).toMatchObject({
        findings: [{ kind: 'visitFailed', what: `the ${item} do not parse` }],
      });
    }
  });

  it('keeps what was open of the keys where a look does not come to them, as the retirement function does', async () => {
    const world = await RetirementWorld.afterRotation();
    const { keyId } = world.previous;
    world.pass(2 * DAY);
    const held = {
      kind: 'stillInUse',
      keyId,
      what: 'Still in use.',
      since: world.now - HOUR,
      told: true,
    } as const;
    const exemption = { reason: 'audit', until: world.now + 60 * DAY };
    const entry = { ...entryOf(world), settings: { ...world.retirement, exemption }, findings: [held] };

    const { findings, keys, holdsDecided } = await overviewOf(world.process().ports, entry, STACK);

    expect(holdsDecided).toBe(false);
    expect(findings).toMatchObject([{ kind: 'stillInUse', keyId, since: held.since }]);
    // Nothing is retired before the exemption ends.
    expect(keys[1]?.nextStep).toEqual({ what: 'deactivate', at: exemption.until });
  });

  it('reads the journal again before it believes a contradiction', async () => {
    const world = await RetirementWorld.afterRotation();
    const stale = { ...entryOf(world), journal: { ...world.journal, current: undefined, previous: [] } };
    const { findings, keys } = await overviewOf(world.process().ports, stale, STACK);
    expect(findings).toEqual([]);
    expect(keys.map(({ role }) => role)).toEqual(['current', 'previous']);
  });

  it('of a user without a journal has the keys that IAM lists, and that it has none of ours', async () => {
    const world = await RetirementWorld.afterRotation();
    world.pass(HOUR);
    const { keys, findings } = await overviewOf(
      world.process().ports,
      { ...entryOf(world), journal: undefined },
      STACK,
    );
    expect(keys.map(({ role }) => role)).toEqual(['unmanaged', 'unmanaged']);
    expect(findings).toMatchObject([{ kind: 'unknownState' }]);
  });

  it('says of a key that the configuration takes over that it is taken over next', async () => {
    const world = await RetirementWorld.afterRotation();
    world.pass(HOUR);
    const entry = { ...entryOf(world), settings: { ...world.retirement, takeOver: 'all' as const } };
    const journal = { ...world.journal, previous: [] };
    const { keys } = await overviewOf(
      world.process().ports,
      { ...entry, journal },
      { ...STACK, askAws: true },
    );
    expect(keys.map(({ role }) => role)).toContain('previous');
    const { keys: without } = await overviewOf(
      world.process().ports,
      { ...entry, journal: undefined },
      STACK,
    );
    expect(without[0]?.nextStep?.what).toBe('takeOver');
  });

  it('says of a leaked key that the next run retires it', async () => {
    const world = await RetirementWorld.afterRotation();
    const previous = [{ ...world.previous, leaked: 'delete' as const }];
    const entry = { ...entryOf(world), journal: { ...world.journal, previous } };
    const { keys } = await overviewOf(world.process().ports, entry, { ...STACK, askAws: false });
    expect(keys[1]?.nextStep).toEqual({ what: 'deactivate', at: world.now });
  });
});
