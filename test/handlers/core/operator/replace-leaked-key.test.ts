import { DAY, MINUTE, SECOND } from '../../../../contract/instant';
import { ConfirmationNeededError, UnknownStateError } from '../../../../handlers/core/model/refusals';
import { CLOCK_SKEW, LISTING_LAG } from '../../../../handlers/core/model/timing';
import { call, refusal } from '../../../support/in-memory-aws/refusals';
import { dyingAtEveryCall, RetirementWorld } from '../../../support/retirement-world';
import { BY_HAND, tokenOf } from '../../support/user-world';

type ListsKeys = RetirementWorld['sound']['keys']['list'];

/** The first and second key of every world. */
const FIRST = 'AKIAMMMMMMMM1EXAMPLE';
const SECOND_KEY = 'AKIAMMMMMMMM2EXAMPLE';

describe('a leaked current key', () => {
  test('a leaked current key is replaced, deactivated and deleted by one command', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await expect(world.replaceLeakedKey({ leakedKeyId: FIRST })).resolves.toEqual({
      newKeyId: SECOND_KEY,
      leakedKey: 'deleted',
    });
    expect(world.keys).toEqual({ [SECOND_KEY]: 'Active' });
    expect(world.servedKeyId).toBe(SECOND_KEY);
    expect(world.journal).toMatchObject({ current: { keyId: SECOND_KEY }, previous: [] });
    expect(world.journal.current?.leaked).toBeUndefined();
    expect(world.r1Breaks).toEqual([]);
  });

  test('a leaked current key is deactivated only after the new key was proved and served, and then deleted (R2, R4)', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const from = world.events.length;
    await world.replaceLeakedKey({ leakedKeyId: FIRST });
    const order = world.events.slice(from).flatMap((event) => {
      if (event.what === 'keyChanged') return [`${event.keyId} ${event.is}`];
      return ['keyCreated', 'probed', 'labelsMoved'].includes(event.what) ? [event.what] : [];
    });
    expect(order).toEqual([
      'keyCreated',
      'probed',
      'probed',
      'probed',
      'labelsMoved',
      `${FIRST} Inactive`,
      `${FIRST} Gone`,
    ]);
  });

  test('a leaked current key is deleted by one command although IAM lists changes late', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const list: ListsKeys = (userName) => world.sound.keys.list(userName);
    const listings: { readonly at: number; readonly keys: Awaited<ReturnType<ListsKeys>> }[] = [];
    const listLate: ListsKeys = async (userName) => {
      listings.push({ at: world.now, keys: await list(userName) });
      return listings.findLast(({ at }) => at <= world.now - 8 * SECOND)?.keys ?? listings[0]!.keys;
    };
    const process = world.process({ instead: () => ({ keys: { list: listLate } }) });
    await world.replaceLeakedKey({ leakedKeyId: FIRST }, process);
    expect(world.keys[FIRST]).toBeUndefined();
  });

  test('IAM is asked again with pauses where it lists changes late', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const list: ListsKeys = (userName) => world.sound.keys.list(userName);
    const replacedAt = (): number => world.journal.current?.since ?? Infinity;
    let listings = 0;
    const listLate: ListsKeys = async (userName) => {
      listings += 1;
      const keys = await list(userName);
      const showsNewKey = world.currentKeyId === FIRST || world.now > replacedAt() + 20 * SECOND;
      return showsNewKey ? keys : keys.filter(({ id }) => id === FIRST);
    };
    const process = world.process({ instead: () => ({ keys: { list: listLate } }) });
    await world.replaceLeakedKey({ leakedKeyId: FIRST }, process);
    expect(world.keys[FIRST]).toBeUndefined();
    expect(listings + process.calls.length).toBeLessThan(80);
  });

  test('an earlier rotation that only a stored value can settle is left, with the permission that is missing', async () => {
    const world = await RetirementWorld.withCurrentKey();
    await world.rotate(tokenOf(7), 'testSecret');
    world.amendAttempt({ keyId: undefined, provedAt: undefined });
    world.pass(10 * MINUTE);
    const read = () => Promise.reject(refusal(call.getSecretValue, 'accessDenied', 'AccessDenied', 'no'));
    const before = world.keys;
    const asked = world.replaceLeakedKey(
      { leakedKeyId: FIRST, giveWayKeyId: SECOND_KEY },
      world.process({ instead: () => ({ secrets: { read } }) }),
    );
    await expect(asked).rejects.toThrow(UnknownStateError);
    await expect(asked).rejects.toThrow(/secretsmanager:GetSecretValue/);
    expect(world.keys).toEqual(before);
    expect(world.journal.current?.leaked).toBe(true);
  });

  test('a leaked key stays where the new key stops working, and the command fails within its limit', async () => {
    const world = await RetirementWorld.withCurrentKey();
    let deactivatedAt = 0;
    const process = world.process({
      before: ({ about }) => {
        if (deactivatedAt > 0 || !about.startsWith('AWSCURRENT on')) return;
        deactivatedAt = world.now;
        world.setStatusByHand(SECOND_KEY, 'Inactive');
      },
    });
    const asked = world.replaceLeakedKey({ leakedKeyId: FIRST }, process);
    await expect(asked).rejects.toThrow(`Leaked key ${FIRST} could not be retired`);
    expect(world.keys).toEqual({ [FIRST]: 'Active', [SECOND_KEY]: 'Inactive' });
    expect(world.now - deactivatedAt).toBeGreaterThanOrEqual(LISTING_LAG);
    expect(world.now - deactivatedAt).toBeLessThan(LISTING_LAG + 20 * SECOND);

    world.setStatusByHand(SECOND_KEY, 'Active');
    await world.sweepUntilQuiet();
    expect(world.keys).toEqual({ [SECOND_KEY]: 'Active' });
  });

  test('an emergency ends a rotation under way, because it needs the slot', async () => {
    const world = await RetirementWorld.withCurrentKey();
    world.pass(1 * DAY);
    await world.rotate(tokenOf(2), 'createSecret');
    await world.replaceLeakedKey({ leakedKeyId: FIRST });
    expect(world.keyIds).toEqual([world.servedKeyId]);
    await expect(world.step('finishSecret', tokenOf(2))).rejects.toThrow();
    expect(world.keyIds).toEqual([world.servedKeyId]);
    expect(world.r1Breaks).toEqual([]);
  });

  test('a leaked key is deleted after the emergency is run again, wherever the first run died', async () => {
    const deaths = await dyingAtEveryCall(
      () => RetirementWorld.withCurrentKey(),
      (world, process) => world.replaceLeakedKey({ leakedKeyId: FIRST }, process),
      async (world) => {
        if (world.keys[FIRST] !== undefined) await world.replaceLeakedKey({ leakedKeyId: FIRST });
        expect(world.keyIds).toHaveLength(1);
        expect(world.r1Breaks).toEqual([]);
      },
    );
    expect(deaths).toBeGreaterThan(30);
  });

  test('the sweep retires a leaked key wherever the emergency died', async () => {
    await dyingAtEveryCall(
      () => RetirementWorld.withCurrentKey(),
      (world, process) => world.replaceLeakedKey({ leakedKeyId: FIRST }, process),
      async (world) => {
        const wasAnnounced =
          world.journal.current?.leaked === true || world.journal.previous[0]?.leaked === 'delete';
        // Until then nobody can tell whether the attempt made a key.
        world.pass(LISTING_LAG + CLOCK_SKEW + 1);
        await world.sweepUntilQuiet();
        if (world.requests.length > 0) {
          await world.rotate(tokenOf(5));
          await world.sweepUntilQuiet();
        }
        if (wasAnnounced) expect(world.keys[FIRST]).toBeUndefined();
        expect(world.keyIds).toHaveLength(1);
        expect(world.r1Breaks).toEqual([]);
      },
    );
  });

  test('a leaked key stays leaked where a person rolls back', async () => {
    const world = await RetirementWorld.afterRotation();
    await expect(world.replaceLeakedKey({ leakedKeyId: SECOND_KEY })).rejects.toThrow('--give-way');
    await world.rollBack();
    await world.sweepUser();
    expect(world.keys[SECOND_KEY]).toBeUndefined();
    expect(world.servedKeyId).toBe(FIRST);
  });
});

describe('where both slots are taken', () => {
  test('the previous key is deleted to make room once a person names it', async () => {
    const world = await RetirementWorld.afterRotation();
    const happened = world.watchKeys();
    await world.replaceLeakedKey({ leakedKeyId: SECOND_KEY, giveWayKeyId: FIRST });
    const newKeyId = world.servedKeyId!;
    expect(happened()).toEqual([
      `${FIRST} Inactive`,
      `${FIRST} Gone`,
      `created ${newKeyId}`,
      `${SECOND_KEY} Inactive`,
      `${SECOND_KEY} Gone`,
    ]);
    expect(world.journal).toMatchObject({ current: { keyId: newKeyId }, previous: [] });
    expect(world.r1Breaks).toEqual([]);
  });

  test.each([
    ['our own previous key', () => RetirementWorld.afterRotation(), 'the previous key'],
    [
      'an unmanaged key (R4)',
      async () => {
        const world = await RetirementWorld.withCurrentKey();
        world.keyByHand();
        return world;
      },
      'an unmanaged key that this product did not create',
    ],
  ])('%s is not touched in an emergency until it is named', async (_which, given, what) => {
    const world = await given();
    const { keys } = world;
    const leakedKeyId = world.currentKeyId;
    const [other] = world.keyIds.filter((id) => id !== leakedKeyId);
    const asked = world.replaceLeakedKey({ leakedKeyId });
    await expect(asked).rejects.toThrow(ConfirmationNeededError);
    await expect(asked).rejects.toThrow(`${what}. A new key needs a slot`);
    await expect(asked).rejects.toThrow(`--give-way ${other!}`);
    await expect(
      world.replaceLeakedKey({ leakedKeyId, giveWayKeyId: 'AKIAMMMMMMMM9EXAMPLE' }),
    ).rejects.toThrow(ConfirmationNeededError);
    expect(world.keys).toEqual(keys);
  });

  test('an unmanaged key is deleted to make room once a person names it', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const giveWayKeyId = world.keyByHand();
    await world.replaceLeakedKey({ leakedKeyId: FIRST, giveWayKeyId });
    expect(world.keyIds).toEqual([world.servedKeyId]);
  });

  test('an emergency with both slots taken may die anywhere and be run again', async () => {
    const request = { leakedKeyId: SECOND_KEY, giveWayKeyId: FIRST };
    const deaths = await dyingAtEveryCall(
      () => RetirementWorld.afterRotation(),
      (world, process) => world.replaceLeakedKey(request, process),
      async (world) => {
        if (world.keys[SECOND_KEY] !== undefined) await world.replaceLeakedKey(request);
        expect(world.keyIds).toHaveLength(1);
        expect(world.r1Breaks).toEqual([]);
      },
    );
    expect(deaths).toBeGreaterThan(30);
  });
});

describe('a leaked key that is not the current one', () => {
  test('a leaked previous key is deactivated at once, and deleted after its grace period', async () => {
    const world = await RetirementWorld.afterRotation();
    await expect(world.replaceLeakedKey({ leakedKeyId: FIRST })).resolves.toEqual({
      newKeyId: undefined,
      leakedKey: 'deactivated',
    });
    expect(world.keys).toEqual({ [FIRST]: 'Inactive', [SECOND_KEY]: 'Active' });
    expect(world.previous).toMatchObject({ keyId: FIRST, phase: 'deactivated', leaked: 'deactivate' });
    world.pass(7 * DAY - MINUTE);
    await world.sweepUser();
    expect(world.keys[FIRST]).toBe('Inactive');
    world.pass(2 * MINUTE);
    await world.sweepUser();
    expect(world.keys[FIRST]).toBeUndefined();
  });

  test('the next sweep deactivates a leaked previous key where the emergency died anywhere', async () => {
    await dyingAtEveryCall(
      () => RetirementWorld.afterRotation(),
      (world, process) => world.replaceLeakedKey({ leakedKeyId: FIRST }, process),
      async (world) => {
        const wasAnnounced = world.previous.leaked !== undefined;
        await world.sweepUser();
        if (wasAnnounced) expect(world.keys[FIRST]).toBe('Inactive');
        await world.replaceLeakedKey({ leakedKeyId: FIRST });
        expect(world.keys[FIRST]).toBe('Inactive');
      },
    );
  });

  test('the next sweep deactivates a leaked previous key although the user is exempted', async () => {
    const world = await RetirementWorld.afterRotation();
    world.amendPrevious({ leaked: 'deactivate' });
    await world.sweepUser({}, undefined, { exemption: { reason: 'audit', until: world.now + 30 * DAY } });
    expect(world.keys[FIRST]).toBe('Inactive');
  });

  test('a leaked unmanaged key is only deactivated, because a person named it (R4)', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const unmanaged = world.keyByHand();
    await world.replaceLeakedKey({ leakedKeyId: unmanaged });
    expect(world.keys[unmanaged]).toBe('Inactive');
    world.pass(30 * DAY);
    await world.sweepUntilQuiet();
    expect(world.keys[unmanaged]).toBe('Inactive');
  });
});

describe('an emergency while the secret is scheduled for deletion', () => {
  const deleteSecret = (world: RetirementWorld): void =>
    world.aws.secretsManager.scheduleDeletion(world.settings.secretArn, world.now);

  test('a leaked unmanaged key is stopped although the secret is scheduled for deletion', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const unmanaged = world.keyByHand();
    deleteSecret(world);
    await expect(world.replaceLeakedKey({ leakedKeyId: unmanaged })).resolves.toEqual({
      newKeyId: undefined,
      leakedKey: 'deactivated',
    });
    expect(world.keys).toEqual({ [FIRST]: 'Active', [unmanaged]: 'Inactive' });
  });

  test.each([
    ['the current key', FIRST, () => undefined],
    [
      'a key that the secret may serve, because the journal does not know its version,',
      SECOND_KEY,
      (world: RetirementWorld) =>
        world.putByHand(
          BY_HAND,
          JSON.stringify({ Version: 1, AccessKeyId: SECOND_KEY, SecretAccessKey: 'by hand' }),
        ),
    ],
    [
      'a key that an attempt may have made',
      SECOND_KEY,
      (world: RetirementWorld) =>
        world.amendJournal({
          attempt: {
            ...{ token: tokenOf(1), kind: 'rotation', keysBefore: [FIRST] },
            ...{ announcedAt: world.now, until: world.now + MINUTE },
          },
        }),
    ],
  ])('%s is left alone, with the way to restore the secret', async (_what, leakedKeyId, given) => {
    const world = await RetirementWorld.withCurrentKey();
    world.keyByHand();
    given(world);
    deleteSecret(world);
    const { keys } = world;
    await expect(world.replaceLeakedKey({ leakedKeyId })).rejects.toThrow('restore-secret');
    expect(world.keys).toEqual(keys);
  });

  test('a key that the user does not have is refused, naming those that it has, also where the secret is deleted', async () => {
    const world = await RetirementWorld.withCurrentKey();
    deleteSecret(world);
    await expect(world.replaceLeakedKey({ leakedKeyId: SECOND_KEY })).rejects.toThrow(
      `has no key ${SECOND_KEY}`,
    );
  });

  test('a leaked key stays where the secret is deleted meanwhile, and the error says why', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const process = world.process({
      before: ({ about }) => {
        if (about === `${FIRST} Inactive`) return;
        if (world.servedKeyId === SECOND_KEY && world.journal.current?.keyId === SECOND_KEY)
          deleteOnce(world);
      },
    });
    let isDeleted = false;
    const deleteOnce = (of: RetirementWorld): void => {
      if (isDeleted) return;
      isDeleted = true;
      deleteSecret(of);
    };
    const asked = world.replaceLeakedKey({ leakedKeyId: FIRST }, process);
    await expect(asked).rejects.toThrow(`Leaked key ${FIRST} could not be retired`);
    await expect(asked).rejects.toThrow('restore-secret');
    await expect(asked).rejects.not.toThrow('IAM does not list');
    expect(world.keys[FIRST]).toBe('Active');
  });
});

describe('an emergency is run again while IAM still lists what the first run deleted', () => {
  /** What the process finds in IAM's list, whatever is true. */
  async function listingStale(world: RetirementWorld, then: () => Promise<unknown>) {
    const stale = await world.sound.keys.list(world.settings.userName);
    await then();
    return world.process({ instead: () => ({ keys: { list: () => Promise.resolve(stale) } }) });
  }

  test('an emergency that is run again says that the leaked key is deleted', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const process = await listingStale(world, () => world.replaceLeakedKey({ leakedKeyId: FIRST }));
    await expect(world.replaceLeakedKey({ leakedKeyId: FIRST }, process)).resolves.toEqual({
      newKeyId: undefined,
      leakedKey: 'deleted',
    });
    expect(world.keys).toEqual({ [SECOND_KEY]: 'Active' });
  });

  test('an emergency that is run again is not blocked by a key that it deleted', async () => {
    const world = await RetirementWorld.withCurrentKey();
    const giveWayKeyId = world.keyByHand();
    const process = await listingStale(world, async () => {
      world.deleteByHand(giveWayKeyId);
    });
    const asked = world.replaceLeakedKey({ leakedKeyId: FIRST, giveWayKeyId }, process);
    // The list never shows the new key, so the leaked one stays for the sweep.
    await expect(asked).rejects.toThrow('IAM does not list the current key as Active');
    expect(world.servedKeyId).not.toBe(FIRST);
  });
});

test('the error for a leaked key that a person re-activated meanwhile says so, and what to do', async () => {
  const world = await RetirementWorld.withCurrentKey();
  const process = world.process({
    instead: ({ keys }) => ({
      keys: {
        deactivate: async (userName, keyId) => {
          await keys.deactivate(userName, keyId);
          world.setStatusByHand(keyId, 'Active');
        },
      },
    }),
  });
  const asked = world.replaceLeakedKey({ leakedKeyId: FIRST }, process);
  await expect(asked).rejects.toThrow(`Leaked key ${FIRST} was deactivated, and a person re-activated it`);
  await expect(asked).rejects.toThrow(`--access-key-id ${FIRST} --status Inactive`);

  world.setStatusByHand(FIRST, 'Inactive');
  await world.sweepUntilQuiet();
  expect(world.keys).toEqual({ [SECOND_KEY]: 'Active' });
});

test('a previous key that a person deleted during its deactivation does not block an emergency', async () => {
  const world = await RetirementWorld.afterRotation();
  world.amendPrevious({ phase: 'deactivating' });
  world.deleteByHand(FIRST);
  await world.replaceLeakedKey({ leakedKeyId: SECOND_KEY });
  expect(world.keys[SECOND_KEY]).toBeUndefined();
});

test('a key that the user does not have is refused, naming those that it has', async () => {
  const world = await RetirementWorld.withCurrentKey();
  const asked = world.replaceLeakedKey({ leakedKeyId: 'AKIAMMMMMMMM9EXAMPLE' });
  await expect(asked).rejects.toThrow(UnknownStateError);
  await expect(asked).rejects.toThrow(`its keys are ${FIRST}`);
  expect(world.keys).toEqual({ [FIRST]: 'Active' });
});
