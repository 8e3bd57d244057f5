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
  test('where nothing was left behind, settling changes nothing', async () => {
    const world = await UserWorld.withFirstKey();
    const before = { keys: world.keys, labels: world.labels, journal: world.journal };
    await settled(world);
    expect({ keys: world.keys, labels: world.labels, journal: world.journal }).toEqual(before);
  });
});

describe('case 1: the attempt’s key is served', () => {
  test('where the label had moved and the journal did not know, the promotion is completed and no key is changed', async () => {
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

  test('a promotion is completed also where AWSPENDING is still on its version', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(TOKEN, 'testSecret');
    world.moveByHand('AWSCURRENT', world.labels['AWSCURRENT'], TOKEN);
    expect(world.labels['AWSPENDING']).toBe(TOKEN);
    await settled(world);
    expect(world.journal.current?.versionId).toBe(TOKEN);
  });
});

describe('case 2: its version is AWSPENDING', () => {
  test('an attempt whose version is AWSPENDING is under way, so it is not touched', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(TOKEN, 'createSecret');
    const before = { keys: world.keys, labels: world.labels, journal: world.journal };
    world.gate.advance(60 * MINUTE);
    await settled(world);
    expect({ keys: world.keys, labels: world.labels, journal: world.journal }).toEqual(before);
  });

  test('another caller does not touch an attempt under way, even if no value is stored yet', async () => {
    const world = await UserWorld.withFirstKey();
    world.announce(TOKEN);
    world.amendJournal({ attempt: announced(world) });
    await settled(world);
    await settled(world, { token: tokenOf(2), isValueStored: () => Promise.resolve(false) });
    expect(world.journal.attempt?.token).toBe(TOKEN);
  });

  test('the rotation itself does not touch its attempt where a value is stored', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(TOKEN, 'createSecret');
    await settled(world, { token: TOKEN, isValueStored: () => Promise.resolve(true) });
    expect(world.journal.attempt?.token).toBe(TOKEN);
  });

  test('a rotation that died between CreateAccessKey and PutSecretValue deletes its own key', async () => {
    const world = await UserWorld.withFirstKey();
    world.announce(TOKEN);
    const attempt = announced(world);
    const made = world.keyByHand();
    world.amendJournal({ attempt: { ...attempt, keyId: made } });
    await settled(world, { token: TOKEN, isValueStored: () => Promise.resolve(false) });
    expect(world.keys[made]).toBeUndefined();
    expect(world.journal.attempt).toBeUndefined();
  });

  test('its key is not deleted while AWS may still perform its last call', async () => {
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
  test('a key whose version is AWSPREVIOUS was current, and is retired like any previous key', async () => {
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

  test('a key that may have been current, because AWSCURRENT moved after its promotion was announced, is not deleted', async () => {
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
  test('a stillborn key, stored and then abandoned, is deleted', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(TOKEN, 'testSecret');
    const made = world.keyUnder(TOKEN)!;
    world.removePendingByHand(TOKEN);
    await settled(world);
    expect(world.keys[made]).toBeUndefined();
    expect(world.keys[world.servedKeyId!]).toBe('Active');
    expect(world.journal.attempt).toBeUndefined();
  });

  test('a key whose promotion was announced is deleted if AWSCURRENT has not moved', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(TOKEN, 'testSecret');
    world.amendJournal({ attempt: { ...world.journal.attempt!, promotionAnnouncedAt: world.gate.now() } });
    const made = world.keyUnder(TOKEN)!;
    world.removePendingByHand(TOKEN);
    await settled(world);
    expect(world.keys[made]).toBeUndefined();
  });

  test('an announced attempt that made no key is closed', async () => {
    const world = await UserWorld.withFirstKey();
    world.amendJournal({ attempt: announced(world) });
    const { keys } = world;
    await settled(world);
    expect(world.keys).toEqual(keys);
    expect(world.journal.attempt).toBeUndefined();
  });

  test('an attempt whose key is gone already is closed', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(TOKEN, 'createSecret');
    world.deleteByHand(world.keyUnder(TOKEN)!);
    world.removePendingByHand(TOKEN);
    await settled(world);
    expect(world.journal.attempt).toBeUndefined();
  });

  describe('and the id of its key was never recorded', () => {
    /** The announced attempt made this key, or a person did at that moment: nobody can tell. */
    const withOrphan = async (): Promise<{ world: UserWorld; orphan: string; attempt: Attempt }> => {
      const world = await UserWorld.withFirstKey();
      const attempt = announced(world);
      world.gate.advance(2 * SECOND);
      const orphan = world.keyByHand();
      world.amendJournal({ attempt });
      return { world, orphan, attempt };
    };

    test('the only key that was not there before, was made in its time and never used, is the orphan and is deleted', async () => {
      const { world, orphan } = await withOrphan();
      await settled(world);
      expect(world.keys[orphan]).toBeUndefined();
      expect(world.journal.attempt).toBeUndefined();
    });

    test('a value of ours under its token says which key it is, although our own proof has used it', async () => {
      const world = await UserWorld.withFirstKey();
      await world.rotate(TOKEN, 'testSecret');
      const made = world.keyUnder(TOKEN)!;
      world.amendJournal({ attempt: { ...world.journal.attempt!, keyId: undefined, provedAt: undefined } });
      world.removePendingByHand(TOKEN);
      await expect(settled(world)).resolves.toEqual([made]);
      expect(world.keys[made]).toBeUndefined();
    });

    test('a value that a person stored under its token says nothing (R4)', async () => {
      const { world, orphan } = await withOrphan();
      world.aws.iam.use(orphan, 's3', world.gate.now());
      const text = JSON.stringify({ Version: 1, AccessKeyId: orphan, SecretAccessKey: 'by hand' });
      world.putByHand(TOKEN, text, 'AWSPENDING');
      world.removePendingByHand(TOKEN);
      await settled(world);
      expect(world.keys[orphan]).toBe('Active');
    });

    test('an orphan is looked for only after ListAccessKeys has caught up', async () => {
      const { world, attempt } = await withOrphan();
      await settled(world);
      const deleted = world.events.find((event) => event.what === 'keyChanged' && event.is === 'Gone');
      expect(deleted?.at).toBeGreaterThanOrEqual(attempt.until + CLOCK_SKEW + LISTING_LAG);
    });

    test('a key that was used is no orphan and is not touched', async () => {
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

    test('of two possible orphans neither is touched, and both are named (R8)', async () => {
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

    test('a possible orphan is not deleted while it is unknown when it was last used (R8)', async () => {
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
  test('where a person moved the label back, the current and the previous key swap, dated now', async () => {
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

  test('a served key that we had deactivated is journaled and re-activated at once (R1)', async () => {
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

  test('where the current key was stored again under another version, the journal takes over that version', async () => {
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

  test('an interrupted deactivation is made again', async () => {
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
  test('an interrupted deactivation of a key that a person deleted is closed, and rotation goes on', async () => {
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
  test('where a person moved the label back to a deleted key, rotation goes on', async () => {
    const world = await UserWorld.withFirstKey({ overlapSeconds: 0 });
    const [first, firstVersion] = [world.servedKeyId!, world.labels['AWSCURRENT']!];
    await world.rotate(TOKEN);
    world.deleteByHand(first);
    world.moveByHand('AWSCURRENT', TOKEN, firstVersion);
    await settled(world);
    await world.rotate(tokenOf(2));
    expect(world.labels['AWSCURRENT']).toBe(tokenOf(2));
  });

  test('where AWSCURRENT is on no version although there is a current key, nothing is touched (R8)', async () => {
    const world = await UserWorld.withFirstKey();
    world.ports.secrets.describe = async (arn) => ({
      ...(await world.sound.secrets.describe(arn)),
      labels: {},
    });
    await expect(settled(world)).rejects.toThrow(UnknownStateError);
  });
});

describe('for a role that may not read values, such as that of the retirement function', () => {
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

  test('a stillborn key is deleted without reading a value, because AWSPREVIOUS has not moved', async () => {
    const world = await afterTwoRotations();
    await world.rotate(TOKEN, 'createSecret');
    const stillborn = world.keyUnder(TOKEN)!;
    world.removePendingByHand(TOKEN);
    withoutReading(world);
    await expect(settled(world)).resolves.toEqual([stillborn]);
    expect(world.keys[stillborn]).toBeUndefined();
    expect(world.journal.attempt).toBeUndefined();
  });

  test('an attempt stays open where only its value could say which key it made', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(TOKEN, 'testSecret');
    const made = world.keyUnder(TOKEN)!;
    world.amendJournal({ attempt: { ...world.journal.attempt!, keyId: undefined, provedAt: undefined } });
    world.removePendingByHand(TOKEN);
    withoutReading(world);
    await expect(settled(world)).resolves.toEqual([]);
    expect(world.keys[made]).toBe('Active');
    expect(world.journal.attempt?.token).toBe(TOKEN);
  });

  test('a key that may have been current is retired in two steps where values may not be read', async () => {
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

test('a leaked key to which a person moves AWSCURRENT back is still known to be leaked', async () => {
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
