import { rotate } from '../../../../handlers/core/rotation/rotate';
import { DAY, SECOND } from '../../../../contract/instant';
import type { LifecycleEvent } from '../../../../contract/lifecycle-event';
import { eventOf, emit } from '../../../../handlers/core/telemetry/emit';
import { requirePublished } from '../../../support/published-events';
import { RetirementWorld } from '../../../support/retirement-world';
import { keyId, NOON, settingsOf } from '../../support/fixtures';
import { tokenOf, UserWorld } from '../../support/user-world';

/** As the publisher completes it. */
const delivered = ({ detailType, detail }: LifecycleEvent) => ({
  source: 'iam-key-rotation',
  'detail-type': detailType,
  detail: { version: '1', stack: 'iam-key-rotation', ...detail },
});

const everyEventFits = (world: UserWorld): void => {
  for (const event of world.listener.events) requirePublished(delivered(event));
};

describe('events and metrics of a rotation', () => {
  test('the first key and a rotation emit created and promoted, with the key that was replaced', async () => {
    const world = await UserWorld.withFirstKey({ owner: 'platform-team' });
    await world.rotate(tokenOf(1));
    expect(world.listener.told).toEqual(['Key Created', 'Key Promoted', 'Key Created', 'Key Promoted']);
    expect(world.listener.detailsOf('Key Promoted')[1]).toEqual({
      user: 'ci-deployer',
      userName: 'ci-deployer-user',
      owner: 'platform-team',
      secretArn: world.settings.secretArn,
      at: expect.stringMatching(/^2026-01-15T12:00:\d\d\.\d{3}Z$/) as string,
      keyIdSuffix: world.servedKeyId!.slice(-4),
      kind: 'rotation',
      versionId: tokenOf(1),
      previousKeyIdSuffix: world.keyIds[0]!.slice(-4),
    });
    everyEventFits(world);
  });

  test('a rotation counts as succeeded once, whichever process completes it; a first key does not count', async () => {
    const world = await UserWorld.withFirstKey();
    expect(world.listener.measured).toEqual(['KeysCreated 1', 'KeysPromoted 1']);
    world.listener.forget();

    await world.rotate(tokenOf(1), 'createSecret');
    world.gate.advance(20 * SECOND);
    await world.step('testSecret', tokenOf(1));
    await world.step('finishSecret', tokenOf(1));
    await world.step('finishSecret', tokenOf(1));

    const seconds = (name: string): number =>
      Number(world.listener.measured.find((line) => line.startsWith(name))!.split(' ')[1]);
    expect(seconds('SecondsUntilKeyWorked')).toBeGreaterThanOrEqual(20);
    expect(seconds('RotationSeconds')).toBeGreaterThanOrEqual(seconds('SecondsUntilKeyWorked'));
    expect(world.listener.measured.filter((line) => line === 'RotationSucceeded 1')).toHaveLength(1);
    expect(world.listener.measured.filter((line) => line === 'KeysPromoted 1')).toHaveLength(1);
  });

  test('with an overlap of 0 an event says that the previous key is deactivated', async () => {
    const world = await UserWorld.withFirstKey({ overlapSeconds: 0, whenStillInUse: 'retire' });
    await world.rotate(tokenOf(1));
    expect(world.listener.told.at(-1)).toBe('Key Deactivated');
    expect(world.listener.measured).toContain('KeysDeactivated 1');
    everyEventFits(world);
  });

  test('an abandoned key that never became current emits an event that it was reaped', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(tokenOf(1), 'createSecret');
    world.removePendingByHand(tokenOf(1));
    world.listener.forget();
    await world.rotate(tokenOf(2));
    expect(world.listener.told).toEqual(['Key Reaped', 'Key Created', 'Key Promoted']);
    everyEventFits(world);
  });
});

describe('events and metrics of a step that fails', () => {
  const handle = (world: UserWorld, token: string): Promise<unknown> =>
    rotate(world.ports, world.settings.stableKey, {
      Step: 'createSecret',
      SecretId: world.settings.secretArn,
      ClientRequestToken: token,
      RotationToken: undefined,
    });

  test('a failed step emits the step, the class of the error and its text, without whole key ids', async () => {
    const world = await UserWorld.withFirstKey();
    world.announce(tokenOf(1));
    world.ports.keys.create = () => Promise.reject(new Error(`about ${world.servedKeyId!}`));
    world.listener.forget();
    await expect(handle(world, tokenOf(1))).rejects.toThrow(world.servedKeyId);
    expect(world.listener.detailsOf('Rotation Failed')).toEqual([
      expect.objectContaining({
        step: 'createSecret',
        error: 'Error',
        reason: expect.stringContaining(`about …${world.servedKeyId!.slice(-4)}`),
      }),
    ]);
    expect(world.listener.measured).toContain('RotationFailed 1 step=createSecret user=ci-deployer');
    everyEventFits(world);
  });

  test('the event of a failed step names a user without settings by its stable key', async () => {
    const world = await UserWorld.withFirstKey();
    world.ports.settings.read = () => Promise.resolve(undefined);
    world.listener.forget();
    await expect(handle(world, tokenOf(1))).rejects.toThrow();
    expect(world.listener.told).toEqual(['Rotation Failed']);
    everyEventFits(world);
  });

  test('a rotation that waits for a slot counts as deferred, not as failed', async () => {
    const world = await UserWorld.withFirstKey();
    world.keyByHand();
    world.announce(tokenOf(1));
    world.listener.forget();
    await expect(handle(world, tokenOf(1))).rejects.toThrow('Both access key slots');
    // Secrets Manager tries again with the same token, which was given up.
    await expect(handle(world, tokenOf(1))).rejects.toThrow('this rotation was abandoned');
    expect(world.listener.told).toEqual(['Rotation Deferred']);
    // Each try ends with an error, which the alarm takes them off from.
    expect(world.listener.measured).toEqual([
      'RotationDeferred 1 step=createSecret user=ci-deployer',
      'RotationDeferred 1 step=createSecret user=ci-deployer',
    ]);
    everyEventFits(world);
  });

  test('a rotation whose new key is Inactive counts as failed, although another one is asked for, and its next try does not', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(tokenOf(1), 'createSecret');
    world.setStatusByHand(world.keyUnder(tokenOf(1))!, 'Inactive');
    world.listener.forget();
    await expect(handle(world, tokenOf(1))).rejects.toThrow('is Inactive');
    await expect(handle(world, tokenOf(1))).rejects.toThrow('this rotation was abandoned');
    expect(world.journal.wanted).toBeDefined();
    expect(world.listener.told).toEqual(['Rotation Failed']);
    expect(world.listener.measured).toEqual([
      'RotationFailed 1 step=createSecret user=ci-deployer',
      'RotationDeferred 1 step=createSecret user=ci-deployer',
    ]);
  });

  test('a rotation that a person ended counts as failed', async () => {
    const world = await UserWorld.withFirstKey();
    world.announce(tokenOf(1));
    world.removePendingByHand(tokenOf(1));
    world.listener.forget();
    await expect(handle(world, tokenOf(1))).rejects.toThrow('this rotation was abandoned');
    expect(world.listener.told).toEqual(['Rotation Failed']);
  });

  test('what fails in terraform apply emits no event, because a person reads it there', async () => {
    const world = await UserWorld.withFirstKey();
    world.listener.forget();
    const removal = { Step: 'guardRemoval', SecretId: world.settings.secretArn, Announced: false } as const;
    await expect(
      rotate(world.ports, world.settings.stableKey, { ...removal, tf: { action: 'delete' } }),
    ).rejects.toThrow('this was not announced');
    expect(world.listener.events).toEqual([]);
  });
});

describe('events of the second half of a key’s life', () => {
  test('a retired key emits deactivated and deleted, each with its reason', async () => {
    const world = await RetirementWorld.afterDeactivation();
    world.pass(8 * DAY);
    await world.sweepUser();
    expect(world.listener.told.slice(-2)).toEqual(['Key Deactivated', 'Key Deleted']);
    expect(world.listener.measured.slice(-2)).toEqual(['KeysDeactivated 1', 'KeysDeleted 1']);
    everyEventFits(world);
  });

  test('a held key emits held once, and released when the use has ended', async () => {
    const world = await RetirementWorld.afterRotation();
    world.pass(DAY);
    world.use(world.previous.keyId);
    world.pass(2 * SECOND);
    world.listener.forget();
    await world.sweepUser();
    await world.sweepUser();
    expect(world.listener.told).toEqual(['Key Held']);
    world.pass(3 * DAY);
    await world.sweepUser();
    expect(world.listener.told).toEqual(['Key Held', 'Key Released', 'Key Deactivated']);
    expect(world.listener.detailsOf('Key Released')).toEqual([
      expect.objectContaining({ cause: 'stillInUse', heldSince: expect.any(String) as string }),
    ]);
    everyEventFits(world);
  });

  test('the event of a rollback names the key that is current again, and the one that was left', async () => {
    const world = await RetirementWorld.afterDeactivation();
    const left = world.currentKeyId;
    world.listener.forget();
    await world.rollBack();
    expect(world.listener.told).toEqual(['Key Rolled Back']);
    expect(world.listener.detailsOf('Key Rolled Back')).toEqual([
      expect.objectContaining({
        keyIdSuffix: world.currentKeyId.slice(-4),
        rejectedKeyIdSuffix: left.slice(-4),
      }),
    ]);
    everyEventFits(world);
  });

  test('an emergency emits the new key, its promotion, and the end of the leaked key', async () => {
    const world = await RetirementWorld.withCurrentKey();
    world.listener.forget();
    await world.replaceLeakedKey({ leakedKeyId: world.currentKeyId });
    expect(world.listener.told).toEqual(['Key Created', 'Key Promoted', 'Key Deactivated', 'Key Deleted']);
    everyEventFits(world);
  });
});

test('R7: an event shows only the end of a key id that its text names', () => {
  const id = keyId();
  const event = eventOf(settingsOf(), NOON, 'Rotation Deferred', { reason: `${id} (Active) waits` });
  expect(event.detail).toMatchObject({ reason: '…MPLE (Active) waits' });
});

test('an event leaves out what is not known, so that it has no empty fields', () => {
  const world = new UserWorld();
  emit({ ports: world.ports, settings: world.settings }, 'Key Rolled Back', {
    keyIdSuffix: 'ABCD',
    rejectedKeyIdSuffix: undefined,
  });
  expect(Object.keys(world.listener.events[0]!.detail)).not.toContain('rejectedKeyIdSuffix');
});
