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

const retired = { phase: 'deactivated', deactivatedAt: NOON } as const;
/** A key of the user that the journal has as a previous one. */
const previous = (world: UserWorld, change: Partial<PreviousKey>): string => {
  const keyId = world.keyByHand();
  world.amendJournal({ previous: [previousKey(keyId, change)] });
  return keyId;
};

test.each<[title: string, given: (world: UserWorld) => string | Promise<string>, ...says: string[]]>([
  ['the current key', (world) => world.servedKeyId!, 'is the current key'],
  [
    'the new key of a rotation under way',
    async (world) => world.keyUnder(await world.rotate(tokenOf(1), 'createSecret'))!,
    'is the new key of a rotation under way',
  ],
  ['an unmanaged key', (world) => world.keyByHand(), 'is an unmanaged key'],
  [
    'the previous key with the end of its overlap and grace period',
    (world) => previous(world, {}),
    'is the previous key, in its overlap until 2026-01-16T12:00:00.000Z',
    'grace period until 2026-01-23T12:00:00.000Z',
  ],
  [
    'a retired key with the end of its grace period',
    (world) => {
      const keyId = previous(world, retired);
      world.setStatusByHand(keyId, 'Inactive');
      return keyId;
    },
    'is a retired key, in its grace period until 2026-01-22T12:00:00.000Z',
  ],
  [
    'a retired key that a person re-activated',
    (world) => previous(world, retired),
    'is a retired key that a person re-activated',
  ],
  // It is no key that "this product did not create and never changes".
  [
    'a key that was taken over as a previous one',
    (world) => previous(world, { origin: 'takenOver', versionId: undefined }),
    'is the previous key',
  ],
])('the error for busy slots names %s', async (_title, given, ...says) => {
  const world = await UserWorld.withFirstKey();
  const text = await called(world, await given(world));
  for (const part of says) expect(text).toContain(part);
});
