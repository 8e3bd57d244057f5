import { requirePending, takePendingOff } from '../../../../handlers/core/key-moves/pending-label';
import { RotationAbandonedError } from '../../../../handlers/core/model/refusals';
import { call, unanswered } from '../../../support/in-memory-aws/refusals';
import { descriptionOf } from '../../support/fixtures';
import { tokenOf, UserWorld } from '../../support/user-world';

const TOKEN = tokenOf(1);
const described = (labels: Record<string, string>) => descriptionOf({ labels });

describe('a rotation is under way', () => {
  test('a rotation is under way if its token carries AWSPENDING', () => {
    expect(() => {
      requirePending(described({ AWSPENDING: TOKEN }), TOKEN);
    }).not.toThrow();
  });

  test.each([
    ['no version', described({ AWSCURRENT: TOKEN })],
    [tokenOf(2), described({ AWSPENDING: tokenOf(2) })],
  ])('a rotation is abandoned if AWSPENDING is on %s, which the error says', (where, description) => {
    const asking = (): void => {
      requirePending(description, TOKEN);
    };
    expect(asking).toThrow(RotationAbandonedError);
    expect(asking).toThrow(`${TOKEN} does not carry AWSPENDING (it is on ${where})`);
  });
});

describe('taking AWSPENDING off', () => {
  const takeOff = (world: UserWorld): Promise<void> =>
    world.underLease((work) => takePendingOff(work, TOKEN));

  test('AWSPENDING is taken off a token that can never succeed', async () => {
    const world = await UserWorld.withFirstKey();
    world.announce(TOKEN);
    await takeOff(world);
    expect(world.labels['AWSPENDING']).toBeUndefined();
  });

  test('AWSPENDING stays where it is on another token', async () => {
    const world = await UserWorld.withFirstKey();
    world.announce(tokenOf(2));
    await takeOff(world);
    expect(world.labels['AWSPENDING']).toBe(tokenOf(2));
  });

  test('no version carries AWSPENDING: that is no failure', async () => {
    const world = await UserWorld.withFirstKey();
    await expect(takeOff(world)).resolves.toBeUndefined();
  });

  test('AWSPENDING is taken off although DescribeSecret does not show it yet', async () => {
    const world = await UserWorld.withFirstKey();
    world.announce(TOKEN);
    world.ports.secrets.describe = () => Promise.resolve(described({}));
    await takeOff(world);
    expect(world.labels['AWSPENDING']).toBeUndefined();
  });

  test('a label that leaves the version in between is no failure', async () => {
    const world = await UserWorld.withFirstKey();
    world.announce(TOKEN);
    world.ports.secrets.removeLabel = (...args) => {
      world.removePendingByHand(TOKEN);
      return world.sound.secrets.removeLabel(...args);
    };
    await expect(takeOff(world)).resolves.toBeUndefined();
  });

  test('any other failure to take AWSPENDING off is passed on', async () => {
    const world = await UserWorld.withFirstKey();
    world.announce(TOKEN);
    const lost = unanswered(call.updateSecretVersionStage);
    world.ports.secrets.removeLabel = () => Promise.reject(lost);
    await expect(takeOff(world)).rejects.toBe(lost);
  });
});
