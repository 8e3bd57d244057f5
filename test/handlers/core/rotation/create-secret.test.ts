import { CallRefusedError, CallUnansweredError } from '../../../../handlers/core/model/call-errors';
import { DAY, HOUR, MINUTE } from '../../../../contract/instant';
import {
  RotationAbandonedError,
  RotationDeferredError,
  TryAgainError,
  UnknownStateError,
} from '../../../../handlers/core/model/refusals';
import { SecretMaterial } from '../../../../contract/secret-material';
import { call, refusal, unanswered } from '../../../support/in-memory-aws/refusals';
import { settle } from '../../../../handlers/core/key-moves/settle';
import { tokenOf, UserWorld } from '../../support/user-world';

const TOKEN = tokenOf(1);

let world: UserWorld;

beforeEach(async () => {
  world = await UserWorld.withFirstKey();
});

describe('case 2: the token is not AWSPENDING', () => {
  test('createSecret of an abandoned rotation makes no key', async () => {
    world.announce(TOKEN);
    world.removePendingByHand(TOKEN);
    const happened = world.watchKeys();

    await expect(world.step('createSecret', TOKEN)).rejects.toThrow(RotationAbandonedError);

    expect(happened()).toEqual([]);
  });

  test('no key is made where AWSPENDING is on another token', async () => {
    world.announce(TOKEN);
    world.removePendingByHand(TOKEN);
    world.announce(tokenOf(2));
    await expect(world.step('createSecret', TOKEN)).rejects.toThrow(tokenOf(2));
  });

  test('no key is made while rotation is switched off', async () => {
    world.announce(TOKEN);
    world.ports.secrets.describe = async (arn) => ({
      ...(await world.sound.secrets.describe(arn)),
      rotationEnabled: false,
    });
    const happened = world.watchKeys();

    await expect(world.step('createSecret', TOKEN)).rejects.toThrow(/switched off.*terraform apply/);

    expect(happened()).toEqual([]);
    expect(world.labels['AWSPENDING']).toBeUndefined();
    expect(world.journal.wanted?.reason).toBe('a rotation was cancelled');
  });

  test('the key that a cancelled rotation stored is deleted, so that terraform apply can switch rotation on', async () => {
    await world.rotate(TOKEN, 'createSecret');
    const stored = world.keyUnder(TOKEN);
    world.aws.secretsManager.cancelRotation(world.settings.secretArn);
    const happened = world.watchKeys();

    await expect(world.step('createSecret', TOKEN)).rejects.toThrow('switched off');

    expect(happened()).toEqual([`${stored} Gone`]);
    expect(world.labels['AWSPENDING']).toBeUndefined();
    expect(world.journal.attempt).toBeUndefined();
  });

  test('a token whose key was current already is given up, and another rotation is asked for', async () => {
    world.aws.secretsManager.replicate(world.settings.secretArn, 'eu-central-1', world.gate.now());
    const first = world.labels['AWSCURRENT']!;
    await world.rotate(TOKEN);
    world.gate.advance(HOUR);
    world.moveByHand('AWSCURRENT', TOKEN, first);
    expect(world.labels['AWSPENDING']).toBe(TOKEN);

    await expect(world.step('createSecret', TOKEN)).rejects.toThrow('it was current already');

    expect(world.labels['AWSPENDING']).toBeUndefined();
    expect(world.journal.wanted).toBeDefined();
  });

  test('the same where its key was deleted since, so that the next rotation works on its date', async () => {
    world.aws.secretsManager.replicate(world.settings.secretArn, 'eu-central-1', world.gate.now());
    const first = world.labels['AWSCURRENT']!;
    await world.rotate(TOKEN);
    world.gate.advance(HOUR);
    world.moveByHand('AWSCURRENT', TOKEN, first);
    await world.underLease((work) => settle(work));
    const deleted = world.keyUnder(TOKEN)!;
    world.deleteByHand(deleted);
    world.amendJournal({ previous: [] });

    // On its date Secrets Manager attempts the rotation again that it takes for incomplete.
    world.announce(tokenOf(2));
    const failing = world.step('createSecret', TOKEN);

    await expect(failing).rejects.toThrow(`key ${deleted}, which IAM does not list for this user`);
    await expect(failing).rejects.toThrow('requests a new rotation within the hour');
    expect(world.labels['AWSPENDING']).toBeUndefined();
    expect(world.journal.wanted?.reason).toContain(deleted);
  });

  test('a key is made where RotationEnabled is left out (F 1.25)', async () => {
    world.announce(TOKEN);
    world.ports.secrets.describe = async (arn) => ({
      ...(await world.sound.secrets.describe(arn)),
      rotationEnabled: undefined,
    });
    await world.step('createSecret', TOKEN);
    expect(world.keyUnder(TOKEN)).toBeDefined();
  });
});

describe('cases 1 and 3: there is nothing to do', () => {
  test.each([
    ['that has stored its key', 'createSecret'],
    ['that has proved its key', 'testSecret'],
    ['that is completed', 'finishSecret'],
  ] as const)('createSecret of a rotation %s changes nothing', async (_what, upTo) => {
    await world.rotate(TOKEN, upTo);
    const before = world.state;
    await world.step('createSecret', TOKEN);
    expect(world.state).toEqual(before);
  });
});

describe('case 4: the token can never succeed, because its value never changes', () => {
  test('a key stored long ago is not promoted: AWSPENDING is taken off, and another rotation is wanted', async () => {
    await world.rotate(TOKEN, 'createSecret');
    world.gate.advance(DAY + MINUTE);

    await expect(world.step('createSecret', TOKEN)).rejects.toThrow(/did not become current within a day/);

    expect(world.labels).not.toHaveProperty('AWSPENDING');
    expect(world.journal.wanted?.reason).toContain('did not become current within a day');
    expect(world.keys[world.servedKeyId!]).toBe('Active');
  });

  test.each([
    ['was deleted', (world: UserWorld, keyId: string) => world.deleteByHand(keyId), 'gone'],
    [
      'was deactivated',
      (world: UserWorld, keyId: string) => world.setStatusByHand(keyId, 'Inactive'),
      'Inactive',
    ],
  ])(
    'AWSPENDING is taken off where the stored key %s, and the error says so',
    async (_name, meddle, status) => {
      await world.rotate(TOKEN, 'createSecret');
      const stored = world.keyUnder(TOKEN)!;
      meddle(world, stored);

      const failing = world.step('createSecret', TOKEN);

      await expect(failing).rejects.toThrow(RotationAbandonedError);
      await expect(failing).rejects.toThrow(
        `${stored} is stored under this rotation's token and is ${status}`,
      );
      expect(world.labels['AWSPENDING']).toBeUndefined();
    },
  );

  test('AWSPENDING is taken off a value that is not ours, and no key is touched', async () => {
    world.announce(TOKEN);
    world.putByHand(TOKEN, '{"AccessKeyId":"by hand"}', 'AWSPENDING');
    const happened = world.watchKeys();

    await expect(world.step('createSecret', TOKEN)).rejects.toThrow(/did not store/);

    expect(world.labels['AWSPENDING']).toBeUndefined();
    expect(world.journal.wanted?.reason).toContain('a rotation was spent on');
    expect(happened()).toEqual([]);
  });

  test('the next rotation brings a new token and succeeds (R5)', async () => {
    const current = world.servedKeyId!;
    await world.rotate(TOKEN, 'createSecret');
    const lost = world.keyUnder(TOKEN)!;
    world.setStatusByHand(lost, 'Inactive');
    await expect(world.step('createSecret', TOKEN)).rejects.toThrow();

    await world.rotate(tokenOf(2));

    expect(world.servedKeyId).not.toBe(current);
    expect(Object.keys(world.keys).sort()).toEqual([current, world.servedKeyId].sort());
  });
});

describe('case 5: nothing is stored', () => {
  test('a key is made and stored as AWSPENDING, and the current one is not touched', async () => {
    const current = world.servedKeyId!;

    await world.rotate(TOKEN, 'createSecret');

    const made = world.keyUnder(TOKEN)!;
    expect(world.keys).toEqual({ [current]: 'Active', [made]: 'Active' });
    expect(world.labels).toMatchObject({ AWSPENDING: TOKEN });
    expect(world.servedKeyId).toBe(current);
    expect(world.journal.attempt).toMatchObject({
      token: TOKEN,
      kind: 'rotation',
      keyId: made,
      keysBefore: [current],
    });
    expect(world.journal.attempt?.provedAt).toBeUndefined();
  });

  test('the attempt is in the journal before the key is in IAM', async () => {
    const from = world.events.length;
    await world.rotate(TOKEN, 'createSecret');
    const order = world.events.slice(from).map(({ what }) => what);
    expect(order.indexOf('journalWritten')).toBeGreaterThanOrEqual(0);
    expect(order.indexOf('journalWritten')).toBeLessThan(order.indexOf('keyCreated'));
  });

  test('the RotationToken of the event is passed on', async () => {
    world.announce(TOKEN);
    const put = jest.spyOn(world.ports.secrets, 'put');
    await world.step('createSecret', TOKEN, new SecretMaterial('of Secrets Manager'));
    expect(put.mock.calls[0]?.[1].rotationToken?.reveal()).toBe('of Secrets Manager');
  });

  test('after a crash between CreateAccessKey and PutSecretValue the key is deleted and another one made', async () => {
    world.announce(TOKEN);
    world.ports.secrets.put = () => Promise.reject(unanswered(call.putSecretValue));
    await expect(world.step('createSecret', TOKEN)).rejects.toThrow(CallUnansweredError);
    const orphan = world.journal.attempt!.keyId!;
    expect(world.keys[orphan]).toBe('Active');

    world.restoreAws();
    await world.step('createSecret', TOKEN);

    expect(world.keys[orphan]).toBeUndefined();
    expect(world.keyUnder(TOKEN)).toBe(world.journal.attempt?.keyId);
    expect(world.keyIds).toHaveLength(2);
  });

  test('where the answer to CreateAccessKey was lost, the key is found, deleted, and another one made', async () => {
    world.announce(TOKEN);
    world.ports.keys.create = async (userName) => {
      await world.sound.keys.create(userName);
      throw unanswered(call.createAccessKey);
    };
    await expect(world.step('createSecret', TOKEN)).rejects.toThrow(CallUnansweredError);
    const orphan = world.keyIds.find((id) => id !== world.servedKeyId)!;
    expect(world.journal.attempt?.keyId).toBeUndefined();

    world.restoreAws();
    await world.step('createSecret', TOKEN);

    expect(world.keys[orphan]).toBeUndefined();
    expect(world.keyIds).toHaveLength(2);
    expect(world.keyUnder(TOKEN)).toBe(world.journal.attempt?.keyId);
  });

  test('a refused CreateAccessKey closes the attempt at once', async () => {
    world.announce(TOKEN);
    world.ports.keys.create = () =>
      Promise.reject(refusal(call.createAccessKey, 'accessDenied', 'AccessDenied', 'no'));
    await expect(world.step('createSecret', TOKEN)).rejects.toThrow(CallRefusedError);
    expect(world.journal.attempt).toBeUndefined();
    expect(world.keyIds).toHaveLength(1);
  });

  test('a refused PutSecretValue deletes the key and closes the attempt', async () => {
    world.announce(TOKEN);
    world.ports.secrets.put = () =>
      Promise.reject(refusal(call.putSecretValue, 'kms', 'EncryptionFailure', 'the key is disabled'));
    await expect(world.step('createSecret', TOKEN)).rejects.toThrow(CallRefusedError);
    expect(world.journal.attempt).toBeUndefined();
    expect(world.keyIds).toEqual([world.servedKeyId]);
  });

  test('no second key is made where the stored value of the first one no longer shows', async () => {
    await world.rotate(TOKEN, 'createSecret');
    const { state } = world;
    let reads = 0;
    // Of several answers one is older than another.
    world.ports.secrets.read = (arn, version) => {
      const isStale = 'versionId' in version && version.versionId === TOKEN && (reads += 1) > 1;
      return isStale ? Promise.resolve(undefined) : world.sound.secrets.read(arn, version);
    };
    const happened = world.watchKeys();

    const failing = world.step('createSecret', TOKEN);

    await expect(failing).rejects.toThrow(TryAgainError);
    await expect(failing).rejects.toThrow('was stored a moment ago');
    expect(happened()).toEqual([]);
    expect(world.state).toEqual(state);
  });

  test('no key is made for a user without a current key, and the error names apply', async () => {
    world = new UserWorld();
    world.setJournal({ userId: world.settings.userId, secretArn: world.settings.secretArn, previous: [] });
    world.announce(TOKEN);
    await expect(world.step('createSecret', TOKEN)).rejects.toThrow(/no current key yet.*terraform apply/);
    expect(world.keyIds).toEqual([]);
  });

  test('no key is made without a journal (R8)', async () => {
    world.aws.table.setJournalText(world.settings.stableKey, undefined);
    world.announce(TOKEN);
    const happened = world.watchKeys();
    await expect(world.step('createSecret', TOKEN)).rejects.toThrow(UnknownStateError);
    expect(happened()).toEqual([]);
  });
});

describe('case 5, both slots busy', () => {
  test('with both slots busy no key is changed, the rotation is journaled as wanted, and AWSPENDING is taken off', async () => {
    const unmanaged = world.keyByHand();
    const { keys } = world;
    world.announce(TOKEN);

    const failing = world.step('createSecret', TOKEN);

    await expect(failing).rejects.toThrow(RotationDeferredError);
    await expect(failing).rejects.toThrow(unmanaged);
    expect(world.keys).toEqual(keys);
    expect(world.journal.wanted).toBeDefined();
    expect(world.journal.attempt).toBeUndefined();
    expect(world.labels['AWSPENDING']).toBeUndefined();
  });

  test('wanted is written before the label is taken off, so that a crash in between loses no rotation', async () => {
    world.keyByHand();
    world.announce(TOKEN);
    world.ports.secrets.removeLabel = () => Promise.reject(unanswered(call.updateSecretVersionStage));
    await expect(world.step('createSecret', TOKEN)).rejects.toThrow(CallUnansweredError);
    expect(world.journal.wanted).toBeDefined();
  });

  test('a rotation that waits already keeps the time since it waits', async () => {
    world.keyByHand();
    world.announce(TOKEN);
    await expect(world.step('createSecret', TOKEN)).rejects.toThrow();
    const since = world.journal.wanted?.since;
    world.gate.advance(DAY);
    world.announce(tokenOf(2));
    await expect(world.step('createSecret', tokenOf(2))).rejects.toThrow();
    expect(world.journal.wanted?.since).toBe(since);
  });

  test('a previous key in its overlap is not touched, however soon the next rotation comes (R3)', async () => {
    await world.rotate(TOKEN);
    const { keys } = world;
    world.gate.advance(10 * MINUTE);
    world.announce(tokenOf(2));
    await expect(world.step('createSecret', tokenOf(2))).rejects.toThrow(/in its overlap until/);
    expect(world.keys).toEqual(keys);
  });
});
