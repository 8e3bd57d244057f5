import { CallRefusedError, CallUnansweredError } from '../../../../handlers/core/model/call-errors';
import { MINUTE, SECOND } from '../../../../contract/instant';
import { RotationAbandonedError, TryAgainError } from '../../../../handlers/core/model/refusals';
import { LISTING_LAG, LONGEST_CALL } from '../../../../handlers/core/model/timing';
import { call, unanswered } from '../../../support/in-memory-aws/refusals';
import { BY_HAND, tokenOf, UserWorld } from '../../support/user-world';

const TOKEN = tokenOf(1);
const lost = unanswered(call.updateSecretVersionStage);

let world: UserWorld;

beforeEach(async () => {
  world = await UserWorld.withFirstKey();
});

describe('case 1: the token is AWSCURRENT already', () => {
  test('where the label was moved and nothing else was done, the rest is done now, dated now', async () => {
    const [first, firstVersion] = [world.servedKeyId!, world.labels['AWSCURRENT']!];
    await world.rotate(TOKEN, 'testSecret');
    const made = world.keyUnder(TOKEN)!;
    world.amendAttempt({ promotionAnnouncedAt: world.gate.now() });
    world.moveByHand('AWSCURRENT', firstVersion, TOKEN);
    world.gate.advance(30 * MINUTE);
    const resumedAt = world.gate.now();

    await world.step('finishSecret', TOKEN);

    expect(world.journal.attempt).toBeUndefined();
    expect(world.journal.current).toMatchObject({ keyId: made, versionId: TOKEN });
    expect(world.journal.previous).toMatchObject([
      { keyId: first, versionId: firstVersion, phase: 'overlap' },
    ]);
    expect(world.journal.previous[0]?.replacedAt).toBeGreaterThanOrEqual(resumedAt);
    expect(world.labels['AWSPENDING']).toBeUndefined();
  });

  test('finishSecret of a completed rotation changes nothing', async () => {
    await world.rotate(TOKEN);
    const before = world.state;
    await world.step('finishSecret', TOKEN);
    expect(world.state).toEqual(before);
  });

  test('finishSecret takes off an AWSPENDING that was left behind', async () => {
    await world.rotate(TOKEN, 'testSecret');
    world.ports.secrets.removeLabel = () => Promise.reject(lost);
    await expect(world.step('finishSecret', TOKEN)).rejects.toThrow(CallUnansweredError);
    expect(world.labels).toMatchObject({ AWSCURRENT: TOKEN, AWSPENDING: TOKEN });

    world.restoreAws();
    await world.step('finishSecret', TOKEN);

    expect(world.labels['AWSPENDING']).toBeUndefined();
  });

  test('with an overlap of 0 a repeated finishSecret makes the deactivation that is missing', async () => {
    world = await UserWorld.withFirstKey({ overlapSeconds: 0 });
    const first = world.servedKeyId!;
    await world.rotate(TOKEN, 'testSecret');
    world.ports.keys.deactivate = () => Promise.reject(unanswered(call.updateAccessKey));
    await expect(world.step('finishSecret', TOKEN)).rejects.toThrow(CallUnansweredError);
    expect(world.journal.previous[0]?.phase).toBe('deactivating');

    world.restoreAws();
    await world.step('finishSecret', TOKEN);

    expect(world.keys[first]).toBe('Inactive');
    expect(world.journal.previous[0]).toMatchObject({ keyId: first, phase: 'deactivated' });
  });
});

describe.each(['command', 'use', 'either'] as const)(
  'with an overlap of 0, where by %s the current key is to be acknowledged first',
  (by) => {
    test('finishSecret leaves the replaced key to the sweep, which asks for that (R14)', async () => {
      world = await UserWorld.withFirstKey({
        overlapSeconds: 0,
        acknowledgement: { by, remindAfterSeconds: 86_400, atMaximumKeyAge: 'hold' },
      });
      const first = world.servedKeyId!;
      await world.rotate(TOKEN);
      expect(world.servedKeyId).not.toBe(first);
      expect(world.keys[first]).toBe('Active');
      expect(world.journal.previous).toMatchObject([{ keyId: first, phase: 'overlap' }]);
    });
  },
);

describe('case 2: the token is not AWSPENDING', () => {
  test('finishSecret of an abandoned rotation fails, and the current key stays', async () => {
    const { AWSCURRENT } = world.labels;
    await world.rotate(TOKEN, 'testSecret');
    world.removePendingByHand(TOKEN);
    await expect(world.step('finishSecret', TOKEN)).rejects.toThrow(RotationAbandonedError);
    expect(world.labels['AWSCURRENT']).toBe(AWSCURRENT);
  });
});

describe('case 3: this token can never finish', () => {
  test('AWSPENDING is taken off where AWSCURRENT has left the version that createSecret saw', async () => {
    await world.rotate(tokenOf(0));
    const [served, formerVersion] = [world.labels['AWSCURRENT']!, world.labels['AWSPREVIOUS']!];
    // The first key gives way, so that the next rotation has a slot; its version stays.
    world.deleteByHand(world.keyUnder(formerVersion)!);
    await world.rotate(TOKEN, 'testSecret');
    world.moveByHand('AWSCURRENT', served, formerVersion);

    const failing = world.step('finishSecret', TOKEN);

    await expect(failing).rejects.toThrow(RotationAbandonedError);
    await expect(failing).rejects.toThrow(`AWSCURRENT has moved from version ${served} to ${formerVersion}`);
    expect(world.labels).toMatchObject({ AWSCURRENT: formerVersion });
    expect(world.labels['AWSPENDING']).toBeUndefined();
  });

  test.each([
    ['gone', (world: UserWorld, keyId: string) => world.deleteByHand(keyId)],
    ['Inactive', (world: UserWorld, keyId: string) => world.setStatusByHand(keyId, 'Inactive')],
  ])(
    'AWSCURRENT stays, AWSPENDING is taken off, and another rotation is asked for, where the new key is %s (R1, R5)',
    async (status, meddle) => {
      const { AWSCURRENT } = world.labels;
      await world.rotate(TOKEN, 'testSecret');
      const made = world.keyUnder(TOKEN)!;
      meddle(world, made);

      await expect(world.step('finishSecret', TOKEN)).rejects.toThrow(`New key ${made} is ${status}`);

      expect(world.labels['AWSCURRENT']).toBe(AWSCURRENT);
      expect(world.labels['AWSPENDING']).toBeUndefined();
      expect(world.journal.wanted?.reason).toBe(`new key ${made} was ${status} before it became current`);
    },
  );

  test('AWSPENDING is taken off where the journal does not know the key', async () => {
    await world.rotate(TOKEN, 'testSecret');
    world.amendJournal({ attempt: undefined });
    await expect(world.step('finishSecret', TOKEN)).rejects.toThrow(RotationAbandonedError);
    expect(world.labels['AWSPENDING']).toBeUndefined();
  });
});

describe('case 4: the new key was not proved', () => {
  test('a key that was not proved does not become current, and nothing is changed (R2)', async () => {
    await world.rotate(TOKEN, 'createSecret');
    const before = world.state;
    await expect(world.step('finishSecret', TOKEN)).rejects.toThrow(TryAgainError);
    expect(world.state).toEqual(before);
  });
});

describe('case 5: the new key becomes the current one', () => {
  test('the label moves, the former key begins its overlap, and no key is changed', async () => {
    const [first, firstVersion] = [world.servedKeyId!, world.labels['AWSCURRENT']!];
    const before = world.gate.now();

    await world.rotate(TOKEN);

    const made = world.keyUnder(TOKEN)!;
    expect(world.labels).toEqual({ AWSCURRENT: TOKEN, AWSPREVIOUS: firstVersion });
    expect(world.keys).toEqual({ [first]: 'Active', [made]: 'Active' });
    expect(world.journal).toMatchObject({
      current: { keyId: made, versionId: TOKEN },
      previous: [{ keyId: first, versionId: firstVersion, phase: 'overlap' }],
    });
    expect(world.journal.attempt).toBeUndefined();
    expect(world.journal.previous[0]?.replacedAt).toBeGreaterThan(before);
  });

  test('the promotion is journaled before the label moves', async () => {
    await world.rotate(TOKEN, 'testSecret');
    let announced: number | undefined;
    world.ports.secrets.moveLabel = (...args) => {
      announced = world.journal.attempt?.promotionAnnouncedAt;
      return world.sound.secrets.moveLabel(...args);
    };
    await world.step('finishSecret', TOKEN);
    expect(announced).toBeDefined();
  });

  test('the new key is read again after the promotion was journaled, right before the label moves', async () => {
    await world.rotate(TOKEN, 'testSecret');
    const calls: string[] = [];
    world.ports.keys.list = (...args) => (calls.push('list'), world.sound.keys.list(...args));
    world.ports.secrets.moveLabel = (...args) => (calls.push('move'), world.sound.secrets.moveLabel(...args));
    world.ports.journals.write = (...args) => (calls.push('write'), world.sound.journals.write(...args));
    await world.step('finishSecret', TOKEN);
    expect(calls.slice(0, 3)).toEqual(['write', 'list', 'move']);
  });

  test('a former key so young that IAM did not list it yet is not dropped, however long the label takes to move', async () => {
    const former = world.servedKeyId!;
    await world.rotate(TOKEN, 'testSecret');
    world.gate.advance(world.journal.current!.since + LISTING_LAG - 5 * SECOND - world.gate.now());
    world.ports.keys.list = async (userName) =>
      (await world.sound.keys.list(userName)).filter(({ id }) => id !== former);
    world.ports.secrets.moveLabel = (...args) => {
      world.gate.advance(LONGEST_CALL - SECOND);
      return world.sound.secrets.moveLabel(...args);
    };
    await world.step('finishSecret', TOKEN);
    expect(world.journal.previous).toMatchObject([{ keyId: former, phase: 'overlap' }]);
  });

  test('where another process moved the label, the compare-and-swap fails and nothing is journaled as current', async () => {
    const { current } = world.journal;
    await world.rotate(TOKEN, 'testSecret');
    world.ports.secrets.moveLabel = (...args) => {
      world.putByHand(BY_HAND, '{}');
      return world.sound.secrets.moveLabel(...args);
    };
    await expect(world.step('finishSecret', TOKEN)).rejects.toThrow(CallRefusedError);
    expect(world.journal.current).toEqual(current);
  });

  test('where the answer to the move was lost, the next try completes the promotion and dates it no earlier (R3)', async () => {
    await world.rotate(TOKEN, 'testSecret');
    world.ports.secrets.moveLabel = async (...args) => {
      await world.sound.secrets.moveLabel(...args);
      throw lost;
    };
    await expect(world.step('finishSecret', TOKEN)).rejects.toThrow(CallUnansweredError);
    const movedBy = world.gate.now();

    await world.step('finishSecret', TOKEN);

    expect(world.journal.current?.versionId).toBe(TOKEN);
    expect(world.journal.previous[0]?.replacedAt).toBeGreaterThanOrEqual(movedBy);
  });

  test('a rotation that waited for a slot waits no longer', async () => {
    world.amendJournal({ wanted: { since: world.gate.now(), reason: 'both key slots are taken' } });
    await world.rotate(TOKEN);
    expect(world.journal.wanted).toBeUndefined();
  });

  test('with an overlap of 0 the former key is deactivated, and not deleted', async () => {
    world = await UserWorld.withFirstKey({ overlapSeconds: 0 });
    const first = world.servedKeyId!;
    await world.rotate(TOKEN);
    expect(world.keys).toEqual({ [first]: 'Inactive', [world.servedKeyId!]: 'Active' });
    expect(world.journal.previous).toMatchObject([{ keyId: first, phase: 'deactivated' }]);
    expect(world.journal.previous[0]?.deactivatedAt).toBeDefined();
  });

  test('with an overlap of 0 the former key stays Active where the new one is gone by then (R1)', async () => {
    world = await UserWorld.withFirstKey({ overlapSeconds: 0 });
    const first = world.servedKeyId!;
    await world.rotate(TOKEN, 'testSecret');
    world.ports.secrets.removeLabel = async (...args) => {
      await world.sound.secrets.removeLabel(...args);
      world.deleteByHand(world.keyUnder(TOKEN)!);
    };
    await world.step('finishSecret', TOKEN);
    expect(world.keys[first]).toBe('Active');
  });

  test('a secret with copies moves one label, and AWSPENDING stays on the new current version', async () => {
    const world = await UserWorld.withFirstKey();
    world.aws.secretsManager.replicate(world.settings.secretArn, 'eu-central-1', world.gate.now());
    await world.rotate(TOKEN);
    expect(world.labels).toMatchObject({ AWSCURRENT: TOKEN, AWSPENDING: TOKEN });
    world.gate.advance(MINUTE);
    expect(world.copies).toEqual([{ region: 'eu-central-1', status: 'InSync' }]);
  });

  test('with an overlap of 0 the former key stays Active while the copies of the secret follow', async () => {
    const world = await UserWorld.withFirstKey({ overlapSeconds: 0 });
    world.aws.secretsManager.replicate(world.settings.secretArn, 'eu-central-1', world.gate.now());
    const first = world.servedKeyId!;
    await world.rotate(TOKEN);
    expect(world.keys[first]).toBe('Active');
    expect(world.journal.previous).toMatchObject([{ keyId: first, phase: 'overlap' }]);
  });
});
