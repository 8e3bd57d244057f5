import { deactivatePrevious } from '../../../../handlers/core/key-moves/deactivate-previous';
import { BY_HAND, tokenOf, UserWorld } from '../../support/user-world';

const deactivate = (world: UserWorld): Promise<boolean> =>
  world.underLease((work) => deactivatePrevious(work, world.journal.previous[0]!, 'its overlap is over'));

/** Rotated once: the first key is the previous one. */
async function rotated(): Promise<{ world: UserWorld; first: string; second: string }> {
  const world = await UserWorld.withFirstKey();
  const first = world.servedKeyId!;
  await world.rotate(tokenOf(1));
  return { world, first, second: world.servedKeyId! };
}

test('a deactivation is announced before the act and dated after it, because the grace period counts from there', async () => {
  const { world, first } = await rotated();
  let announced: string | undefined;
  world.ports.keys.deactivate = async (...args) => {
    announced = world.journal.previous[0]?.phase;
    await world.sound.keys.deactivate(...args);
    world.gate.advance(10_000);
  };
  const from = world.gate.now();
  await expect(deactivate(world)).resolves.toBe(true);
  expect(announced).toBe('deactivating');
  expect(world.keys[first]).toBe('Inactive');
  expect(world.journal.previous[0]).toMatchObject({ keyId: first, phase: 'deactivated' });
  expect(world.journal.previous[0]?.deactivatedAt).toBeGreaterThan(from + 10_000);
});

describe('the previous key is not touched', () => {
  const cases: readonly [string, (world: UserWorld, second: string) => void][] = [
    ['the current key is gone', (world, second) => world.deleteByHand(second)],
    ['the current key is Inactive', (world, second) => world.setStatusByHand(second, 'Inactive')],
    [
      'AWSCURRENT was moved back to it',
      (world) => world.moveByHand('AWSCURRENT', tokenOf(1), world.labels['AWSPREVIOUS']!),
    ],
    [
      'the secret was scheduled for deletion',
      ({ aws, settings, gate }) => aws.secretsManager.scheduleDeletion(settings.secretArn, gate.now()),
    ],
    [
      'a copy of the secret failed',
      ({ aws, settings, gate }) => {
        aws.secretsManager.replicate(settings.secretArn, 'eu-central-1', gate.now());
        aws.secretsManager.holdCopiesUp(settings.secretArn, 'Failed', gate.now());
      },
    ],
    ['somebody stored another value', (world) => world.putByHand(BY_HAND, '{}')],
  ];

  test.each(cases)('the previous key is not touched where %s (R1)', async (_name, meddle) => {
    const { world, first, second } = await rotated();
    meddle(world, second);
    await expect(deactivate(world)).resolves.toBe(false);
    expect(world.keys[first]).toBe('Active');
  });

  // The journal's write may take as long as a call may: what was read before it is no longer "immediately before".
  test.each(cases)(
    'the previous key is not touched where, while its deactivation is announced, %s (R1)',
    async (_name, meddle) => {
      const { world, first, second } = await rotated();
      let written = false;
      world.ports.journals.write = async (...args) => {
        await world.sound.journals.write(...args);
        if (!written) meddle(world, second);
        written = true;
      };
      await deactivate(world);
      expect(world.keys[first]).toBe('Active');
    },
  );
});

test('a key that a person deleted is no longer ours to deactivate, and that is no failure', async () => {
  const { world, first } = await rotated();
  world.deleteByHand(first);
  await expect(deactivate(world)).resolves.toBe(true);
  expect(world.journal.previous).toEqual([]);
});
