import { CallRefusedError, CallUnansweredError } from '../../../../handlers/core/model/call-errors';
import { MINUTE, SECOND } from '../../../../contract/instant';
import type { Attempt } from '../../../../handlers/core/model/journal';
import { UnknownStateError } from '../../../../handlers/core/model/refusals';
import { settle, type SettleOptions } from '../../../../handlers/core/key-moves/settle';
import { CLOCK_SKEW, LEASE, LISTING_LAG } from '../../../../handlers/core/model/timing';
import { call } from '../../../support/in-memory-aws/refusals';
import { tokenOf, UserWorld } from '../../support/user-world';

const TOKEN = tokenOf(1);

const settled = (world: UserWorld, ownRotation?: SettleOptions['ownRotation']): Promise<readonly string[]> =>
  world.underLease((work) => settle(work, { ownRotation }));

/** An attempt that was announced now, on the version that is current. */
const announced = (world: UserWorld, change: Partial<Attempt> = {}): Attempt => ({
  token: TOKEN,
  kind: 'rotation',
  keysBefore: [...world.keyIds],
  announcedAt: world.gate.now(),
  until: world.gate.now() + LEASE,
  currentVersionId: world.labels['AWSCURRENT'],
  ...change,
});

describe('nothing was left behind', () => {
  test('nothing changes', async () => {
    const world = await UserWorld.withFirstKey();
    const before = { keys: world.keys, labels: world.labels, journal: world.journal };
    await settled(world);
    expect({ keys: world.keys, labels: world.labels, journal: world.journal }).toEqual(before);
  });
});

describe('case 1: the attempt’s key is served', () => {
  test('the label had moved and the journal did not know: the finishing is finished, no key is changed', async () => {
    const world = await UserWorld.withFirstKey();
    const [first, firstVersion] = [world.servedKeyId!, world.labels['AWSCURRENT']];
    await world.rotate(TOKEN, 'testSecret');
    world.moveByHand('AWSCURRENT', firstVersion, TOKEN);
    const { keys } = world;

    await settled(world);

    expect(world.keys).toEqual(keys);
    expect(world.journal).toMatchObject({
      current: { keyId: world.servedKeyId, versionId: TOKEN },
      previous: [{ keyId: first, phase: 'overlap' }],
    });
    expect(world.journal.attempt).toBeUndefined();
  });

  test('also where AWSPENDING is still on it', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(TOKEN, 'testSecret');
    world.moveByHand('AWSCURRENT', world.labels['AWSCURRENT'], TOKEN);
    expect(world.labels['AWSPENDING']).toBe(TOKEN);
    await settled(world);
    expect(world.journal.current?.versionId).toBe(TOKEN);
  });
});

describe('case 2: its version is AWSPENDING', () => {
  test('it is under way, so it is left alone', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(TOKEN, 'createSecret');
    const before = { keys: world.keys, labels: world.labels, journal: world.journal };
    world.gate.advance(60 * MINUTE);
    await settled(world);
    expect({ keys: world.keys, labels: world.labels, journal: world.journal }).toEqual(before);
  });

  test('also where no value is stored yet, on behalf of anybody else', async () => {
    const world = await UserWorld.withFirstKey();
    world.announce(TOKEN);
    world.amendJournal({ attempt: announced(world) });
    await settled(world);
    await settled(world, { token: tokenOf(2), isValueStored: () => Promise.resolve(false) });
    expect(world.journal.attempt?.token).toBe(TOKEN);
  });

  test('also on its own behalf, where a value is stored', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(TOKEN, 'createSecret');
    await settled(world, { token: TOKEN, isValueStored: () => Promise.resolve(true) });
    expect(world.journal.attempt?.token).toBe(TOKEN);
  });

  test('on its own behalf, with no value stored, it died between CreateAccessKey and PutSecretValue: its key is deleted', async () => {
    const world = await UserWorld.withFirstKey();
    world.announce(TOKEN);
    const attempt = announced(world);
    const made = world.keyByHand();
    world.amendJournal({ attempt: { ...attempt, keyId: made } });
    await settled(world, { token: TOKEN, isValueStored: () => Promise.resolve(false) });
    expect(world.keys[made]).toBeUndefined();
    expect(world.journal.attempt).toBeUndefined();
  });

  test('but not before its last call is certainly done or never to be done', async () => {
    const world = await UserWorld.withFirstKey();
    world.announce(TOKEN);
    const attempt = announced(world);
    const made = world.keyByHand();
    world.amendJournal({ attempt: { ...attempt, keyId: made } });
    await settled(world, { token: TOKEN, isValueStored: () => Promise.resolve(false) });
    const deleted = world.events.find((event) => event.what === 'keyChanged' && event.is === 'Gone');
    expect(deleted?.at).toBeGreaterThanOrEqual(attempt.until + CLOCK_SKEW);
  });
});

describe('case 3: its version was current, or may have been', () => {
  test('its version is AWSPREVIOUS: its key is no stillborn one, and is retired like any previous key', async () => {
    const world = await UserWorld.withFirstKey();
    const firstVersion = world.labels['AWSCURRENT']!;
    await world.rotate(TOKEN, 'testSecret');
    const made = world.keyUnder(TOKEN)!;
    world.moveByHand('AWSCURRENT', firstVersion, TOKEN);
    world.moveByHand('AWSCURRENT', TOKEN, firstVersion);
    world.removePendingByHand(TOKEN);
    const now = world.gate.now();

    await settled(world);

    expect(world.keys[made]).toBe('Active');
    expect(world.journal.attempt).toBeUndefined();
    expect(world.journal.previous).toMatchObject([{ keyId: made, versionId: TOKEN, phase: 'overlap' }]);
    expect(world.journal.previous[0]?.replacedAt).toBeGreaterThanOrEqual(now);
    expect(world.journal.current?.versionId).toBe(firstVersion);
  });

  test('its promotion was announced and AWSCURRENT has moved since: it may have been current, so it is not deleted', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(TOKEN);
    const [former, currentVersion] = [world.journal.previous[0]!, world.labels['AWSCURRENT']];
    const attempt = announced(world, {
      token: tokenOf(2),
      keyId: 'AKIAMADELATEREXAMPLE',
      currentVersionId: former.versionId,
      promotionAnnouncedAt: world.gate.now(),
    });
    world.amendJournal({ attempt });
    const happened = world.watchKeys();

    await settled(world);

    expect(happened()).toEqual([]);
    expect(world.journal.previous.map(({ keyId }) => keyId)).toContain('AKIAMADELATEREXAMPLE');
    expect(world.journal.current?.versionId).toBe(currentVersion);
  });
});

describe('case 4: its key never became current', () => {
  test('it was stored and its rotation abandoned: the stillborn key is deleted', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(TOKEN, 'testSecret');
    const made = world.keyUnder(TOKEN)!;
    world.removePendingByHand(TOKEN);
    await settled(world);
    expect(world.keys[made]).toBeUndefined();
    expect(world.keys[world.servedKeyId!]).toBe('Active');
    expect(world.journal.attempt).toBeUndefined();
  });

  test('its promotion was announced and AWSCURRENT has not moved: it is deleted as well', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(TOKEN, 'testSecret');
    world.amendJournal({ attempt: { ...world.journal.attempt!, promotionAnnouncedAt: world.gate.now() } });
    const made = world.keyUnder(TOKEN)!;
    world.removePendingByHand(TOKEN);
    await settled(world);
    expect(world.keys[made]).toBeUndefined();
  });

  test('it was announced, and no key was made: it is closed', async () => {
    const world = await UserWorld.withFirstKey();
    world.amendJournal({ attempt: announced(world) });
    const { keys } = world;
    await settled(world);
    expect(world.keys).toEqual(keys);
    expect(world.journal.attempt).toBeUndefined();
  });

  test('its key is gone already: it is closed', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(TOKEN, 'createSecret');
    world.deleteByHand(world.keyUnder(TOKEN)!);
    world.removePendingByHand(TOKEN);
    await settled(world);
    expect(world.journal.attempt).toBeUndefined();
  });

  describe('and its id was never recorded', () => {
    /** The announced attempt made this key, or a person did at that moment: nobody can tell. */
    const withOrphan = async (): Promise<{ world: UserWorld; orphan: string; attempt: Attempt }> => {
      const world = await UserWorld.withFirstKey();
      const attempt = announced(world);
      world.gate.advance(2 * SECOND);
      const orphan = world.keyByHand();
      world.amendJournal({ attempt });
      return { world, orphan, attempt };
    };

    test('the one key that was not there before, made in its time and never used, is the orphan: deleted', async () => {
      const { world, orphan } = await withOrphan();
      await settled(world);
      expect(world.keys[orphan]).toBeUndefined();
      expect(world.journal.attempt).toBeUndefined();
    });

    test('it is looked for only after ListAccessKeys has caught up', async () => {
      const { world, attempt } = await withOrphan();
      await settled(world);
      const deleted = world.events.find((event) => event.what === 'keyChanged' && event.is === 'Gone');
      expect(deleted?.at).toBeGreaterThanOrEqual(attempt.until + CLOCK_SKEW + LISTING_LAG);
    });

    test('a key that was used is nobody’s orphan: it is not touched', async () => {
      const { world, orphan } = await withOrphan();
      world.aws.iam.use(orphan, 's3', world.gate.now());
      await settled(world);
      expect(world.keys[orphan]).toBe('Active');
      expect(world.journal.attempt).toBeUndefined();
    });

    test('a key that was there before is not touched', async () => {
      const { world, orphan, attempt } = await withOrphan();
      world.amendJournal({ attempt: { ...attempt, keysBefore: [...attempt.keysBefore, orphan] } });
      await settled(world);
      expect(world.keys[orphan]).toBe('Active');
    });

    test('a key that was made after the attempt’s time is not touched', async () => {
      const world = await UserWorld.withFirstKey();
      world.amendJournal({ attempt: announced(world) });
      world.gate.advance(LEASE + 10 * SECOND);
      const later = world.keyByHand();
      await settled(world);
      expect(world.keys[later]).toBe('Active');
    });

    test('a key that was made before the attempt’s time, and that a stale list had left out, is not touched', async () => {
      const world = await UserWorld.withFirstKey();
      const before = announced(world).keysBefore;
      const byHand = world.keyByHand();
      world.gate.advance(30 * SECOND);
      world.amendJournal({ attempt: announced(world, { keysBefore: before }) });
      await settled(world);
      expect(world.keys[byHand]).toBe('Active');
    });

    test('the second in which the attempt began counts as a whole, because IAM cuts to seconds', async () => {
      const world = await UserWorld.withFirstKey();
      world.gate.advance(999 - (world.gate.now() % SECOND));
      const attempt = announced(world);
      const orphan = world.keyByHand();
      world.amendJournal({ attempt });
      await settled(world);
      expect(world.keys[orphan]).toBeUndefined();
    });

    test('more than one candidate: neither is touched, and both are named (R8)', async () => {
      const world = await UserWorld.withFirstKey();
      const current = world.servedKeyId!;
      world.amendJournal({ attempt: announced(world) });
      // The current key was deleted by a person, so that IAM has room for two others.
      world.deleteByHand(current);
      const [one, other] = [world.keyByHand(), world.keyByHand()];

      const failing = settled(world);

      await expect(failing).rejects.toThrow(UnknownStateError);
      await expect(failing).rejects.toThrow(new RegExp(`${one} and ${other}.*delete-access-key --user-name`));
      expect(world.keys).toEqual({ [one]: 'Active', [other]: 'Active' });
      expect(world.journal.attempt?.token).toBe(TOKEN);
    });

    test('nobody can say when a candidate was last used: nothing is deleted (R8)', async () => {
      const { world, orphan } = await withOrphan();
      world.ports.keys.lastUsed = () =>
        Promise.reject(new CallUnansweredError(call.getAccessKeyLastUsed, 'TimeoutError', 'TimeoutError'));
      await expect(settled(world)).rejects.toThrow(CallUnansweredError);
      expect(world.keys[orphan]).toBe('Active');
      expect(world.journal.attempt).toBeDefined();
    });
  });

  test('nothing is deleted while it is not known which key is served (R8)', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(TOKEN, 'createSecret');
    world.putByHand('by-hand'.padEnd(32, '-'), 'no key pair');
    const { keys } = world;
    await expect(settled(world)).rejects.toThrow(UnknownStateError);
    expect(world.keys).toEqual(keys);
  });
});

describe('no attempt is in the way: the journal follows AWSCURRENT', () => {
  test('a person moved the label back: current and previous swap, dated now', async () => {
    const world = await UserWorld.withFirstKey();
    const [first, firstVersion] = [world.servedKeyId!, world.labels['AWSCURRENT']!];
    await world.rotate(TOKEN);
    const second = world.servedKeyId!;
    world.moveByHand('AWSCURRENT', TOKEN, firstVersion);
    const now = world.gate.now();

    await settled(world);

    expect(world.journal).toMatchObject({
      current: { keyId: first, versionId: firstVersion },
      previous: [{ keyId: second, versionId: TOKEN, phase: 'overlap' }],
    });
    expect(world.journal.previous[0]?.replacedAt).toBeGreaterThanOrEqual(now);
    expect(world.keys).toEqual({ [first]: 'Active', [second]: 'Active' });
  });

  test('we had deactivated that key: it is re-activated at once, and journaled so before (R1)', async () => {
    const world = await UserWorld.withFirstKey({ overlapSeconds: 0 });
    const [first, firstVersion] = [world.servedKeyId!, world.labels['AWSCURRENT']!];
    await world.rotate(TOKEN);
    expect(world.keys[first]).toBe('Inactive');
    world.moveByHand('AWSCURRENT', TOKEN, firstVersion);
    let phase: string | undefined;
    world.ports.keys.activate = (...args) => {
      phase = world.journal.previous.find(({ keyId }) => keyId === first)?.phase;
      return world.sound.keys.activate(...args);
    };

    await settled(world);

    expect(phase).toBe('reactivating');
    expect(world.keys[first]).toBe('Active');
    expect(world.journal.current?.keyId).toBe(first);
  });

  test('the current key was stored again under another version: the version is taken over', async () => {
    const world = await UserWorld.withFirstKey();
    const { current } = world.journal;
    const text = world.aws.secretsManager.text(world.settings.secretArn, world.labels['AWSCURRENT']!)!;
    const again = 'by-hand'.padEnd(32, '-');
    world.putByHand(again, text);
    await settled(world);
    expect(world.journal.current).toEqual({ ...current, versionId: again });
  });

  test.each([
    [
      'a key pair that is not ours',
      JSON.stringify({ Version: 1, AccessKeyId: 'AKIASOMEBODYSEXAMPLE', SecretAccessKey: 'x' }),
      'AKIASOMEBODYSEXAMPLE',
    ],
    ['no key pair', '{"password":"quote me not"}', 'no key pair'],
  ])('%s is served: no key is touched, and the way back is named', async (_name, text, named) => {
    const world = await UserWorld.withFirstKey();
    const { versionId } = world.journal.current!;
    const happened = world.watchKeys();
    world.putByHand('by-hand'.padEnd(32, '-'), text);

    const failing = settled(world);

    await expect(failing).rejects.toThrow(UnknownStateError);
    await expect(failing).rejects.toThrow(named);
    await expect(failing).rejects.toThrow(`--move-to-version-id ${versionId}`);
    await expect(failing).rejects.not.toThrow(/quote me not/);
    expect(happened()).toEqual([]);
  });

  test('a deactivation that died half-way is made again', async () => {
    const world = await UserWorld.withFirstKey();
    const first = world.servedKeyId!;
    await world.rotate(TOKEN);
    world.amendJournal({ previous: [{ ...world.journal.previous[0]!, phase: 'deactivating' }] });
    await settled(world);
    expect(world.keys[first]).toBe('Inactive');
    expect(world.journal.previous[0]).toMatchObject({ keyId: first, phase: 'deactivated' });
  });

  test.each([
    ['gone', (world: UserWorld) => world.deleteByHand(world.servedKeyId!)],
    ['Inactive', (world: UserWorld) => world.setStatusByHand(world.servedKeyId!, 'Inactive')],
  ])(
    'but not while the current key is %s: the other one may be the last that works (R1)',
    async (_name, meddle) => {
      const world = await UserWorld.withFirstKey();
      const first = world.servedKeyId!;
      await world.rotate(TOKEN);
      world.amendJournal({ previous: [{ ...world.journal.previous[0]!, phase: 'deactivating' }] });
      meddle(world);
      await settled(world);
      expect(world.keys[first]).toBe('Active');
    },
  );

  // R5: what died half-way must not need a person, whoever deleted the key meanwhile.
  test('a deactivation died half-way and a person deleted that key: settled, and rotation goes on', async () => {
    const world = await UserWorld.withFirstKey();
    const first = world.servedKeyId!;
    await world.rotate(TOKEN);
    world.amendJournal({ previous: [{ ...world.journal.previous[0]!, phase: 'deactivating' }] });
    world.deleteByHand(first);
    await settled(world);
    await world.rotate(tokenOf(2));
    expect(world.labels['AWSCURRENT']).toBe(tokenOf(2));
  });

  // "A current key that a person deleted is noted, and the next rotation goes on" (R5).
  test('a person moved the label back to a key that is gone: noted, and rotation goes on', async () => {
    const world = await UserWorld.withFirstKey({ overlapSeconds: 0 });
    const [first, firstVersion] = [world.servedKeyId!, world.labels['AWSCURRENT']!];
    await world.rotate(TOKEN);
    world.deleteByHand(first);
    world.moveByHand('AWSCURRENT', TOKEN, firstVersion);
    await settled(world);
    await world.rotate(tokenOf(2));
    expect(world.labels['AWSCURRENT']).toBe(tokenOf(2));
  });

  test('AWSCURRENT is on no version although we have a current key: nothing is touched (R8)', async () => {
    const world = await UserWorld.withFirstKey();
    world.ports.secrets.describe = async (arn) => ({
      ...(await world.sound.secrets.describe(arn)),
      labels: {},
    });
    await expect(settled(world)).rejects.toThrow(UnknownStateError);
  });
});

describe('where values may not be read, as with the role of the retirement function', () => {
  const withoutReading = (world: UserWorld): void => {
    world.ports.secrets.read = () =>
      Promise.reject(
        new CallRefusedError(call.getSecretValue, 'accessDenied', 'AccessDenied', 'not authorized'),
      );
  };

  /** Rotated twice, and the first key retired since: AWSPREVIOUS is on a version that no journal names any more. */
  const afterTwoRotations = async (): Promise<UserWorld> => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(tokenOf(2));
    const [retired] = world.journal.previous;
    world.deleteByHand(retired!.keyId);
    world.amendJournal({ previous: [] });
    return world;
  };

  test('a stillborn key is deleted all the same: AWSPREVIOUS is where it was when the attempt was announced', async () => {
    const world = await afterTwoRotations();
    await world.rotate(TOKEN, 'createSecret');
    const stillborn = world.keyUnder(TOKEN)!;
    world.removePendingByHand(TOKEN);
    withoutReading(world);
    await expect(settled(world)).resolves.toEqual([stillborn]);
    expect(world.keys[stillborn]).toBeUndefined();
    expect(world.journal.attempt).toBeUndefined();
  });

  test('a key that may have been current since is retired in two steps', async () => {
    const world = await afterTwoRotations();
    await world.rotate(TOKEN, 'createSecret');
    const made = world.keyUnder(TOKEN)!;
    const text = world.aws.secretsManager.text(world.settings.secretArn, TOKEN)!;
    const before = world.labels['AWSCURRENT']!;
    world.putByHand(tokenOf(9), text);
    world.moveByHand('AWSCURRENT', tokenOf(9), before);
    withoutReading(world);
    await expect(settled(world)).resolves.toEqual([]);
    expect(world.keys[made]).toBe('Active');
    expect(world.journal.previous).toMatchObject([{ keyId: made, phase: 'overlap' }]);
  });
});

test('a leaked key to which somebody moves AWSCURRENT back is still known to be leaked', async () => {
  const world = await UserWorld.withFirstKey();
  const leaked = world.servedKeyId!;
  const leakedVersion = world.labels['AWSCURRENT']!;
  await world.rotate(TOKEN);
  world.gate.advance(MINUTE);
  world.amendJournal({ previous: [{ ...world.journal.previous[0]!, leaked: 'deactivate' }] });
  world.moveByHand('AWSCURRENT', TOKEN, leakedVersion);
  await settled(world);
  expect(world.journal.current).toMatchObject({ keyId: leaked, leaked: true });
});
