import { DAY, HOUR } from '../../../../contract/instant';
import type { PreviousKey } from '../../../../handlers/core/model/journal';
import { slotsBusy, slotsInUse } from '../../../../handlers/core/key-moves/slots';
import { NOON } from '../../support/fixtures';
import { tokenOf, UserWorld } from '../../support/user-world';

const inUse = (world: UserWorld) => world.underLease(slotsInUse);

/** What the error calls this key. */
async function called(world: UserWorld, keyId: string): Promise<string> {
  return world.underLease(async (work) => {
    const { message } = slotsBusy(work, await world.sound.keys.list(world.settings.userName), {
      now: 'So be it.',
      then: 'so it is',
    });
    return message.split(';').find((part) => part.includes(keyId)) ?? '';
  });
}

const previousKey = (keyId: string, change: Partial<PreviousKey>): PreviousKey => ({
  keyId,
  versionId: 'v0',
  replacedAt: NOON,
  phase: 'overlap',
  ...change,
});

describe('a slot is free', () => {
  test('a user with one key has a free slot', async () => {
    await expect(inUse(await UserWorld.withFirstKey())).resolves.toBeUndefined();
  });

  test('a retired key whose grace period is over gives way to a new key', async () => {
    const world = await UserWorld.withFirstKey({ overlapSeconds: 0 });
    const first = world.servedKeyId!;
    await world.rotate(tokenOf(1));
    world.gate.advance(7 * DAY);
    await expect(inUse(world)).resolves.toBeUndefined();
    expect(world.keys[first]).toBeUndefined();
    expect(world.journal.previous).toEqual([]);
  });
});

describe('no slot is free, and no key is changed (R3, R4)', () => {
  const cases: readonly [string, (world: UserWorld, first: string) => void][] = [
    ['in its grace period', (world) => world.gate.advance(7 * DAY - HOUR)],
    [
      'whose grace period is over and that a person re-activated',
      (world, first) => {
        world.gate.advance(30 * DAY);
        world.setStatusByHand(first, 'Active');
      },
    ],
    [
      'whose grace period is over and that AWSCURRENT was moved back to',
      (world) => {
        world.gate.advance(30 * DAY);
        world.moveByHand('AWSCURRENT', tokenOf(1), world.labels['AWSPREVIOUS']!);
      },
    ],
    [
      'whose grace period is over while the current key is Inactive',
      (world) => {
        world.gate.advance(30 * DAY);
        world.setStatusByHand(world.servedKeyId!, 'Inactive');
      },
    ],
    [
      'that a person deactivated in its overlap',
      (world, first) => {
        world.amendJournal({ previous: [previousKey(first, { replacedAt: world.gate.now() })] });
        world.gate.advance(30 * DAY);
      },
    ],
    [
      'whose deactivation died half-way',
      (world, first) => {
        world.amendJournal({ previous: [previousKey(first, { phase: 'deactivating' })] });
        world.gate.advance(30 * DAY);
      },
    ],
  ];

  test.each(cases)('a key %s stays', async (_name, meddle) => {
    const world = await UserWorld.withFirstKey({ overlapSeconds: 0 });
    const first = world.servedKeyId!;
    await world.rotate(tokenOf(1));
    meddle(world, first);
    const { keys } = world;
    await expect(inUse(world)).resolves.toHaveLength(2);
    expect(world.keys).toEqual(keys);
  });
});

describe('what the error says about each key', () => {
  test('the error names the current key', async () => {
    const world = await UserWorld.withFirstKey();
    expect(await called(world, world.servedKeyId!)).toContain('is the current key');
  });

  test('the error names the new key of a rotation under way', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(tokenOf(1), 'createSecret');
    expect(await called(world, world.keyUnder(tokenOf(1))!)).toContain(
      'is the new key of a rotation under way',
    );
  });

  test('the error names an unmanaged key', async () => {
    const world = await UserWorld.withFirstKey();
    expect(await called(world, world.keyByHand())).toContain('is an unmanaged key');
  });

  test('the error names the previous key with the end of its overlap and grace period', async () => {
    const world = await UserWorld.withFirstKey();
    const keyId = world.keyByHand();
    world.amendJournal({ previous: [previousKey(keyId, {})] });
    const text = await called(world, keyId);
    expect(text).toContain('is the previous key, in its overlap until 2026-01-16T12:00:00.000Z');
    expect(text).toContain('grace period until 2026-01-23T12:00:00.000Z');
  });

  test('the error names a retired key with the end of its grace period', async () => {
    const world = await UserWorld.withFirstKey();
    const keyId = world.keyByHand();
    world.setStatusByHand(keyId, 'Inactive');
    world.amendJournal({ previous: [previousKey(keyId, { phase: 'deactivated', deactivatedAt: NOON })] });
    expect(await called(world, keyId)).toContain(
      'is a retired key, in its grace period until 2026-01-22T12:00:00.000Z',
    );
  });

  test('the error names a retired key that a person re-activated', async () => {
    const world = await UserWorld.withFirstKey();
    const keyId = world.keyByHand();
    world.amendJournal({ previous: [previousKey(keyId, { phase: 'deactivated', deactivatedAt: NOON })] });
    expect(await called(world, keyId)).toContain('is a retired key that a person re-activated');
  });

  // A key that was taken over from before is no key that "this product did not create and never changes".
  test('the error calls a key that was taken over a previous key, not an unmanaged one', async () => {
    const world = await UserWorld.withFirstKey();
    const keyId = world.keyByHand();
    world.amendJournal({ previous: [{ keyId, origin: 'takenOver', replacedAt: NOON, phase: 'overlap' }] });
    expect(await called(world, keyId)).toContain('is the previous key');
  });
});
