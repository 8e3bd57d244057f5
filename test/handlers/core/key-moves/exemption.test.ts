import { CallUnansweredError } from '../../../../handlers/core/model/call-errors';
import { exemptionInForce } from '../../../../handlers/core/key-moves/exemption';
import { DAY, HOUR } from '../../../../contract/instant';
import { RotationDeferredError } from '../../../../handlers/core/model/refusals';
import { call, unanswered } from '../../../support/in-memory-aws/refusals';
import { NOON, settingsOf } from '../../support/fixtures';
import { tokenOf, UserWorld } from '../../support/user-world';

const TOKEN = tokenOf(1);
const exemption = { reason: 'frozen until the audit of spring', until: NOON + 10 * DAY };

const exempted = (): Promise<UserWorld> => UserWorld.withFirstKey({ exemption });

describe('a rotation of an exempted user', () => {
  it('a rotation of an exempted user is deferred before any key is made', async () => {
    const world = await exempted();
    world.announce(TOKEN);
    const happened = world.watchKeys();

    await expect(world.step('createSecret', TOKEN)).rejects.toThrow(RotationDeferredError);

    expect(happened()).toEqual([]);
    expect(world.journal).toMatchObject({
      wanted: { reason: 'exempted until 2026-01-25T12:00:00.000Z' },
    });
    expect(world.journal.attempt).toBeUndefined();
    expect(world.labels).not.toHaveProperty('AWSPENDING');
  });

  it('a rotation of an exempted user fails with user, reason, end and what to do', async () => {
    const world = await exempted();
    world.announce(TOKEN);

    await expect(world.step('createSecret', TOKEN)).rejects.toThrow(
      'The configuration exempts ci-deployer until 2026-01-25T12:00:00.000Z: frozen until the audit of spring. ' +
        'No key was changed. The rotation is made when the exemption has ended; to have it sooner, take `exemption` out ' +
        'of the configuration and apply.',
    );
  });

  it('a deferred rotation keeps the time when it was first wanted', async () => {
    const world = await exempted();
    world.announce(TOKEN);
    await expect(world.step('createSecret', TOKEN)).rejects.toThrow();
    const wanted = world.journal.wanted;
    world.gate.advance(3 * DAY);
    world.announce(tokenOf(2));
    await expect(world.step('createSecret', tokenOf(2))).rejects.toThrow();

    expect(world.journal.wanted).toEqual(wanted);
  });

  it('a rotation of an exempted user first settles an earlier attempt, whose key would otherwise stay Active', async () => {
    const world = await UserWorld.withFirstKey();
    world.announce(TOKEN);
    world.ports.secrets.put = () => Promise.reject(unanswered(call.putSecretValue));
    await expect(world.step('createSecret', TOKEN)).rejects.toThrow(CallUnansweredError);
    world.restoreAws();
    Object.assign(world.settings, { exemption });

    await expect(world.step('createSecret', TOKEN)).rejects.toThrow(RotationDeferredError);

    expect(world.keys).toEqual({ [world.servedKeyId!]: 'Active' });
    expect(world.journal.attempt).toBeUndefined();
  });

  it('a rotation whose key is stored already is completed despite the exemption', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(TOKEN, 'createSecret');
    const made = world.keyUnder(TOKEN);
    Object.assign(world.settings, { exemption });

    await world.step('createSecret', TOKEN);
    await world.step('testSecret', TOKEN);
    await world.step('finishSecret', TOKEN);

    expect(world.servedKeyId).toBe(made);
  });

  it('a deferred rotation is made once the exemption has ended', async () => {
    const world = await exempted();
    world.announce(TOKEN);
    await expect(world.step('createSecret', TOKEN)).rejects.toThrow(RotationDeferredError);
    const first = world.servedKeyId;

    world.gate.advance(10 * DAY);
    await world.rotate(tokenOf(2));

    expect(world.servedKeyId).not.toBe(first);
    expect(world.journal.wanted).toBeUndefined();
  });
});

it.each([
  ['a moment before its end', exemption.until - 1, exemption],
  ['at its end', exemption.until, undefined],
])('an exemption is in force until its end, asked %s', (_when, now, expected) => {
  expect(exemptionInForce(settingsOf({ exemption }), now)).toEqual(expected);
});

it('testSecret alone, by which a configuration is tested, passes for an exempted user', async () => {
  const world = await exempted();
  world.gate.advance(HOUR);
  world.announce(TOKEN);

  await expect(world.step('testSecret', TOKEN)).resolves.toBeUndefined();
});
