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

    for (const item of ['settings', 'journal'] as const) {
      const unreadable = { ...entryOf(world), [item]: new Error(`the ${item} do not parse`) };
      expect(await overviewOf(world.process().ports, unreadable, STACK)).toMatchObject({
        findings: [{ kind: 'visitFailed', what: `the ${item} do not parse` }],
      });
    }
  });

  it('looks as usual where what was open before cannot be read, and says that', async () => {
    const world = await RetirementWorld.afterDeactivation();
    world.setStatusByHand(world.previous.keyId, 'Active');
    const entry = { ...entryOf(world), findings: new Error('the findings do not parse') };
    const { findings, keys } = await overviewOf(world.process().ports, entry, STACK);
    expect(keys.map(({ listed }) => listed?.status)).toEqual(['Active', 'Active']);
    expect(findings).toMatchObject([
      { kind: 'reactivatedByPerson', keyId: world.previous.keyId, since: undefined },
      {
        kind: 'visitFailed',
        what: 'What was open before, and since when, cannot be read: the findings do not parse',
      },
    ]);
  });

  it('without a journal takes what concerns the user alone for over, as the retirement function does', async () => {
    const world = await RetirementWorld.afterRotation();
    const since = world.now - HOUR;
    const open = (kind: 'rotationOverdue' | 'stillInUse', keyId?: string) =>
      ({ kind, keyId, what: 'It was so.', since, told: true }) as const;
    const findings = [open('rotationOverdue'), open('stillInUse', world.previous.keyId)];
    const entry = { ...entryOf(world), journal: undefined, findings };
    const overview = await overviewOf(world.process().ports, entry, STACK);
    expect(overview.findings.map(({ kind }) => kind)).toEqual(['unknownState', 'stillInUse']);
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

  describe('of a key that the configuration takes over', () => {
    /** A third party's key is beside the current one, and the configuration names it. */
    const beside = async () => {
      const world = await RetirementWorld.afterRotation();
      const theirs = world.previous.keyId;
      const journal = { ...world.journal, previous: [] };
      const journals = { read: async () => ({ journal }) };
      world.pass(HOUR);
      const takeOver = 'all' as const;
      const promised = async (change: Partial<TableEntry> = {}) => {
        const entry = { ...entryOf(world), settings: { ...world.retirement, takeOver }, journal, ...change };
        const { keys, decisions } = await overviewOf(
          world.process({ instead: () => ({ journals }) }).ports,
          entry,
          STACK,
        );
        return { step: keys.find(({ id }) => id === theirs)?.nextStep?.what, decisions };
      };
      return { world, promised };
    };

    it('says that it is taken over next, as the retirement function decides', async () => {
      const { promised } = await beside();
      const { step, decisions } = await promised();
      expect(step).toBe('takeOver');
      expect(decisions).toContainEqual(expect.objectContaining({ what: 'takeOver' }));
    });

    it('promises nothing while the current key does not work', async () => {
      const { world, promised } = await beside();
      world.setStatusByHand(world.currentKeyId, 'Inactive');
      const { step, decisions } = await promised();
      expect(step).toBeUndefined();
      expect(decisions).not.toContainEqual(expect.objectContaining({ what: 'takeOver' }));
    });

    it('promises nothing without a journal', async () => {
      const { promised } = await beside();
      expect((await promised({ journal: undefined })).step).toBeUndefined();
    });
  });

  it('says of a leaked key that the next run retires it', async () => {
    const world = await RetirementWorld.afterRotation();
    const previous = [{ ...world.previous, leaked: 'delete' as const }];
    const entry = { ...entryOf(world), journal: { ...world.journal, previous } };
    const { keys } = await overviewOf(world.process().ports, entry, { ...STACK, askAws: false });
    expect(keys[1]?.nextStep).toEqual({ what: 'deactivate', at: world.now });
  });
});
