import { CallUnansweredError } from '../../../../handlers/core/model/call-errors';
import { SECOND } from '../../../../contract/instant';
import type { CallerIdentity } from '../../../../handlers/core/model/ports';
import {
  RotationAbandonedError,
  TryAgainError,
  UnknownStateError,
  WrongUserError,
} from '../../../../handlers/core/model/refusals';
import { PROOF_WAIT, PROOFS_IN_A_ROW } from '../../../../handlers/core/model/timing';
import { call, refusal, unanswered } from '../../../support/in-memory-aws/refusals';
import { tokenOf, UserWorld } from '../../support/user-world';

const TOKEN = tokenOf(1);

const probesOf = (world: UserWorld, from = 0): string[] =>
  world.events.slice(from).flatMap((event) => (event.what === 'probed' ? [event.keyId] : []));

let world: UserWorld;

beforeEach(async () => {
  world = await UserWorld.withFirstKey();
});

describe('with an attempt of this token', () => {
  test('the new key is proved several times in a row, the proof is journaled, and no label and no key is changed', async () => {
    await world.rotate(TOKEN, 'createSecret');
    const made = world.keyUnder(TOKEN)!;
    const { keys, labels } = world;
    const from = world.events.length;

    await world.step('testSecret', TOKEN);

    expect(probesOf(world, from)).toEqual(Array(PROOFS_IN_A_ROW).fill(made));
    expect({ keys: world.keys, labels: world.labels }).toEqual({ keys, labels });
    expect(world.journal.attempt).toMatchObject({ token: TOKEN, keyId: made });
    expect(world.journal.attempt?.provedAt).toBeDefined();
  });

  test('a value that was put a moment ago and does not show yet is waited for (F 1.13)', async () => {
    await world.rotate(TOKEN, 'createSecret');
    const showsAt = world.gate.now() + 10 * SECOND;
    world.ports.secrets.read = async (arn, work) =>
      world.gate.now() < showsAt ? undefined : world.sound.secrets.read(arn, work);
    await world.step('testSecret', TOKEN);
    expect(world.journal.attempt?.provedAt).toBeDefined();
  });

  test('testSecret fails on a version that stays empty, and the rotation may be repeated', async () => {
    world.announce(TOKEN);
    world.ports.secrets.put = () => Promise.reject(unanswered(call.putSecretValue));
    await expect(world.step('createSecret', TOKEN)).rejects.toThrow(CallUnansweredError);
    await expect(world.step('testSecret', TOKEN)).rejects.toThrow(TryAgainError);
    expect(world.journal.attempt?.provedAt).toBeUndefined();
  });

  test('testSecret proves nothing where the rotation was abandoned', async () => {
    await world.rotate(TOKEN, 'createSecret');
    world.removePendingByHand(TOKEN);
    await expect(world.step('testSecret', TOKEN)).rejects.toThrow(RotationAbandonedError);
    expect(world.journal.attempt?.provedAt).toBeUndefined();
  });

  test('testSecret fails on a value that is no key pair without quoting it (R7)', async () => {
    const current = world.servedKeyId!;
    world.announce(TOKEN);
    world.putByHand(TOKEN, '{"AccessKeyId":"quote me not"', 'AWSPENDING');
    world.amendJournal({
      attempt: {
        token: TOKEN,
        kind: 'rotation',
        keysBefore: [current],
        announcedAt: 0,
        until: 0,
        keyId: 'AKIA',
      },
    });
    const failing = world.step('testSecret', TOKEN);
    await expect(failing).rejects.toThrow(UnknownStateError);
    await expect(failing).rejects.not.toThrow(/quote me not/);
  });

  test('a stored key that is not the attempt’s does not count as proved', async () => {
    await world.rotate(TOKEN, 'createSecret');
    world.amendAttempt({ keyId: world.servedKeyId! });
    await expect(world.step('testSecret', TOKEN)).rejects.toThrow(RotationAbandonedError);
    expect(world.journal.attempt?.provedAt).toBeUndefined();
  });

  test('the proof of a key that never works ends within its limit, and the current key stays', async () => {
    const current = world.servedKeyId;
    await world.rotate(TOKEN, 'createSecret');
    world.setStatusByHand(world.keyUnder(TOKEN)!, 'Inactive');
    const from = world.gate.now();

    await expect(world.step('testSecret', TOKEN)).rejects.toThrow(TryAgainError);

    expect(world.gate.now() - from).toBeLessThan(PROOF_WAIT + 10 * SECOND);
    expect(world.servedKeyId).toBe(current);
  });

  test('R2: a key that works as another user is refused at once, and deleted again', async () => {
    await world.rotate(TOKEN, 'createSecret');
    const other: CallerIdentity = {
      accountId: '111122223333',
      userId: 'AIDAOTHER',
      arn: 'arn:aws:iam::111122223333:user/other',
    };
    const probe = jest.spyOn(world.ports.probe, 'callerIdentity').mockResolvedValue(other);
    const failing = world.step('testSecret', TOKEN);
    await expect(failing).rejects.toThrow(RotationAbandonedError);
    await expect(failing).rejects.toThrow(/works as another user than .* so it was deleted again/);
    expect(probe).toHaveBeenCalledTimes(1);
    expect(world.keyIds).toEqual([world.servedKeyId]);
    expect(world.journal.attempt).toBeUndefined();
    expect(world.labels['AWSPENDING']).toBeUndefined();
  });

  test('a key that works as another user is left to whoever has settled its attempt meanwhile', async () => {
    await world.rotate(TOKEN, 'createSecret');
    const made = world.keyUnder(TOKEN)!;
    world.ports.probe.callerIdentity = async (credentials) => {
      world.amendJournal({ attempt: undefined });
      return { ...(await world.sound.probe.callerIdentity(credentials)), userId: 'AIDAOTHER' };
    };
    await expect(world.step('testSecret', TOKEN)).rejects.toThrow(WrongUserError);
    expect(world.keys[made]).toBe('Active');
  });

  test('a key that the journal does not know yet is proved by a repeated rotation', async () => {
    await world.rotate(TOKEN, 'createSecret');
    world.amendAttempt({ keyId: undefined });
    await expect(world.step('testSecret', TOKEN)).rejects.toThrow(TryAgainError);
    for (const step of ['createSecret', 'testSecret', 'finishSecret'] as const) await world.step(step, TOKEN);
    expect(world.labels['AWSCURRENT']).toBe(TOKEN);
  });
});

describe('called by Secrets Manager alone, to test a configuration (F 1.6)', () => {
  test('the current key is tested where AWSPENDING holds a copy of the current value', async () => {
    world.aws.secretsManager.stageTest(world.settings.secretArn, TOKEN, world.gate.now());
    const from = world.events.length;
    const { journal } = world;

    await world.step('testSecret', TOKEN);

    expect(new Set(probesOf(world, from))).toEqual(new Set([world.servedKeyId]));
    expect(world.journal).toEqual(journal);
  });

  test('the current key is tested where AWSPENDING holds nothing', async () => {
    world.announce(TOKEN);
    const from = world.events.length;
    await world.step('testSecret', TOKEN);
    expect(new Set(probesOf(world, from))).toEqual(new Set([world.servedKeyId]));
  });

  test('the current key is tested where no version carries AWSPENDING', async () => {
    await expect(world.step('testSecret', TOKEN)).resolves.toBeUndefined();
  });

  test('the test of a configuration fails where the current key does not work', async () => {
    world.setStatusByHand(world.servedKeyId!, 'Inactive');
    await expect(world.step('testSecret', TOKEN)).rejects.toThrow(TryAgainError);
  });

  test('the test of an empty secret says that apply makes the first key', async () => {
    world = new UserWorld();
    await expect(world.step('testSecret', TOKEN)).rejects.toThrow(/no current key.*terraform apply/);
  });

  test('the test of a configuration does not touch the attempt of another token', async () => {
    await world.rotate(TOKEN, 'createSecret');
    const { journal } = world;
    await world.step('testSecret', tokenOf(2));
    expect(world.journal).toEqual(journal);
  });
});

describe('repeated after the rotation has ended', () => {
  test('testSecret of a completed rotation tests its key and journals nothing', async () => {
    await world.rotate(TOKEN);
    const { journal } = world;
    await world.step('testSecret', TOKEN);
    expect(world.journal).toEqual(journal);
  });

  test('testSecret succeeds where a parallel invocation completed the rotation meanwhile', async () => {
    await world.rotate(TOKEN, 'testSecret');
    let finished = false;
    world.ports.probe.callerIdentity = async (credentials) => {
      if (!finished) {
        finished = true;
        await world.step('finishSecret', TOKEN);
      }
      return world.sound.probe.callerIdentity(credentials);
    };
    await expect(world.step('testSecret', TOKEN)).resolves.toBeUndefined();
    expect(world.labels['AWSCURRENT']).toBe(TOKEN);
  });
});

test('a refusal by STS in between restarts the count of proofs', async () => {
  await world.rotate(TOKEN, 'createSecret');
  let asked = 0;
  world.ports.probe.callerIdentity = (credentials) => {
    asked += 1;
    if (asked === PROOFS_IN_A_ROW) {
      return Promise.reject(refusal(call.getCallerIdentity, 'unknownKey', 'InvalidClientTokenId', 'not yet'));
    }
    return world.sound.probe.callerIdentity(credentials);
  };
  await world.step('testSecret', TOKEN);
  expect(asked).toBe(2 * PROOFS_IN_A_ROW);
});
