import { CallUnansweredError } from '../../../../handlers/core/model/call-errors';
import { MINUTE, SECOND } from '../../../../contract/instant';
import type { Attempt } from '../../../../handlers/core/model/journal';
import { UnknownStateError } from '../../../../handlers/core/model/refusals';
import { settle, type SettleOptions } from '../../../../handlers/core/key-moves/settle';
import { CLOCK_SKEW, LEASE, LISTING_LAG } from '../../../../handlers/core/model/timing';
import { call, refusal, unanswered } from '../../../support/in-memory-aws/refusals';
import { BY_HAND, tokenOf, UserWorld } from '../../support/user-world';

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

const deletionIn = (world: UserWorld) =>
  world.events.find((event) => event.what === 'keyChanged' && event.is === 'Gone');

let world: UserWorld;
let first: string;
let firstVersion: string;

beforeEach(async () => {
  world = await UserWorld.withFirstKey();
  [first, firstVersion] = [world.servedKeyId!, world.labels['AWSCURRENT']!];
});

test('where nothing was left behind, settling changes nothing', async () => {
  const before = world.state;
  await settled(world);
  expect(world.state).toEqual(before);
});

describe('case 1: the attempt’s key is served', () => {
  test.each([
    ['has come off', () => world.removePendingByHand(TOKEN)],
    ['is still on its version', () => undefined],
  ])(
    'a promotion that the journal does not know is completed and no key is changed, where AWSPENDING %s',
    async (_where, meddle) => {
      await world.rotate(TOKEN, 'testSecret');
      world.moveByHand('AWSCURRENT', firstVersion, TOKEN);
      meddle();
      const { keys } = world;

      await settled(world);

      expect(world.keys).toEqual(keys);
      expect(world.journal).toMatchObject({
        current: { keyId: world.servedKeyId, versionId: TOKEN },
        previous: [{ keyId: first, phase: 'overlap' }],
      });
      expect(world.journal.attempt).toBeUndefined();
    },
  );
});

describe('case 2: its version is AWSPENDING', () => {
  test('an attempt whose version is AWSPENDING is under way, so it is not touched', async () => {
    await world.rotate(TOKEN, 'createSecret');
    const before = world.state;
    world.gate.advance(60 * MINUTE);
    await settled(world);
    await settled(world, { token: TOKEN, isValueStored: () => Promise.resolve(true) });
    expect(world.state).toEqual(before);
  });

  test('another caller does not touch an attempt under way, even if no value is stored yet', async () => {
    world.announce(TOKEN);
    world.amendJournal({ attempt: announced(world) });
    await settled(world);
    await settled(world, { token: tokenOf(2), isValueStored: () => Promise.resolve(false) });
    expect(world.journal.attempt?.token).toBe(TOKEN);
  });

  test('a rotation that died between CreateAccessKey and PutSecretValue deletes its own key, once AWS performs no call of it any more', async () => {
    world.announce(TOKEN);
    const attempt = announced(world);
    const made = world.keyByHand();
    world.amendJournal({ attempt: { ...attempt, keyId: made } });
    await settled(world, { token: TOKEN, isValueStored: () => Promise.resolve(false) });
    expect(world.keys[made]).toBeUndefined();
    expect(world.journal.attempt).toBeUndefined();
    expect(deletionIn(world)?.at).toBeGreaterThanOrEqual(attempt.until + CLOCK_SKEW);
  });
});

describe('case 3: its version was current, or may have been', () => {
  test('a key whose version is AWSPREVIOUS was current, and is retired like any previous key', async () => {
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
    await world.rotate(TOKEN);
    const attempt = announced(world, {
      token: tokenOf(2),
      keyId: 'AKIAMADELATEREXAMPLE',
      currentVersionId: firstVersion,
      promotionAnnouncedAt: world.gate.now(),
    });
    world.amendJournal({ attempt });
    const happened = world.watchKeys();

    await settled(world);

    expect(happened()).toEqual([]);
    expect(world.journal.previous.map(({ keyId }) => keyId)).toContain('AKIAMADELATEREXAMPLE');
    expect(world.journal.current?.versionId).toBe(TOKEN);
  });
});

describe('case 4: its key never became current', () => {
  test.each([
    ['that was stored and then abandoned', () => undefined],
    [
      'whose promotion was announced while AWSCURRENT has not moved',
      () => world.amendAttempt({ promotionAnnouncedAt: world.gate.now() }),
    ],
  ])('a stillborn key %s is deleted', async (_what, meddle) => {
    await world.rotate(TOKEN, 'testSecret');
    meddle();
    const made = world.keyUnder(TOKEN)!;
    world.removePendingByHand(TOKEN);
    await settled(world);
    expect(world.keys[made]).toBeUndefined();
    expect(world.keys[first]).toBe('Active');
    expect(world.journal.attempt).toBeUndefined();
  });

  test('an announced attempt that made no key is closed', async () => {
    world.amendJournal({ attempt: announced(world) });
    const { keys } = world;
    await settled(world);
    expect(world.keys).toEqual(keys);
    expect(world.journal.attempt).toBeUndefined();
  });

  test('an attempt whose key is gone already is closed', async () => {
    await world.rotate(TOKEN, 'createSecret');
    world.deleteByHand(world.keyUnder(TOKEN)!);
    world.removePendingByHand(TOKEN);
    await settled(world);
    expect(world.journal.attempt).toBeUndefined();
  });

  test('nothing is deleted while it is not known which key is served (R8)', async () => {
    await world.rotate(TOKEN, 'createSecret');
    world.putByHand(BY_HAND, 'no key pair');
    const { keys } = world;
    await expect(settled(world)).rejects.toThrow(UnknownStateError);
    expect(world.keys).toEqual(keys);
  });
});

describe('case 4, and the id of its key was never recorded', () => {
  /** The announced attempt made this key, or a person did at that moment: nobody can tell. */
  const withOrphan = (): { orphan: string; attempt: Attempt } => {
    const attempt = announced(world);
    world.gate.advance(2 * SECOND);
    const orphan = world.keyByHand();
    world.amendJournal({ attempt });
    return { orphan, attempt };
  };

  test('the only key that was not there before, was made in its time and never used, is the orphan and is deleted, once ListAccessKeys has caught up', async () => {
    const { orphan, attempt } = withOrphan();
    await settled(world);
    expect(world.keys[orphan]).toBeUndefined();
    expect(world.journal.attempt).toBeUndefined();
    expect(deletionIn(world)?.at).toBeGreaterThanOrEqual(attempt.until + CLOCK_SKEW + LISTING_LAG);
  });

  test('a value of ours under its token says which key it is, although our own proof has used it', async () => {
    await world.rotate(TOKEN, 'testSecret');
    const made = world.keyUnder(TOKEN)!;
    world.amendAttempt({ keyId: undefined, provedAt: undefined });
    world.removePendingByHand(TOKEN);
    await expect(settled(world)).resolves.toEqual([made]);
    expect(world.keys[made]).toBeUndefined();
  });

  test('a value that a person stored under its token says nothing (R4)', async () => {
    const { orphan } = withOrphan();
    world.aws.iam.use(orphan, 's3', world.gate.now());
    const text = JSON.stringify({ Version: 1, AccessKeyId: orphan, SecretAccessKey: 'by hand' });
    world.putByHand(TOKEN, text, 'AWSPENDING');
    world.removePendingByHand(TOKEN);
    await settled(world);
    expect(world.keys[orphan]).toBe('Active');
  });

  test('a key that was used is no orphan and is not touched', async () => {
    const { orphan } = withOrphan();
    world.aws.iam.use(orphan, 's3', world.gate.now());
    await settled(world);
    expect(world.keys[orphan]).toBe('Active');
    expect(world.journal.attempt).toBeUndefined();
  });

  test('a key that was there before is not touched', async () => {
    const { orphan, attempt } = withOrphan();
    world.amendAttempt({ keysBefore: [...attempt.keysBefore, orphan] });
    await settled(world);
    expect(world.keys[orphan]).toBe('Active');
  });

  test('a key that was made after the attempt’s time is not touched', async () => {
    world.amendJournal({ attempt: announced(world) });
    world.gate.advance(LEASE + 10 * SECOND);
    const later = world.keyByHand();
    await settled(world);
    expect(world.keys[later]).toBe('Active');
  });

  test('a key that was made before the attempt’s time, and that a stale list had left out, is not touched', async () => {
    const keysBefore = [...world.keyIds];
    const byHand = world.keyByHand();
    world.gate.advance(30 * SECOND);
    world.amendJournal({ attempt: announced(world, { keysBefore }) });
    await settled(world);
    expect(world.keys[byHand]).toBe('Active');
  });

  test('the second in which the attempt began counts as a whole, because IAM cuts to seconds', async () => {
    world.gate.advance(999 - (world.gate.now() % SECOND));
    const attempt = announced(world);
    const orphan = world.keyByHand();
    world.amendJournal({ attempt });
    await settled(world);
    expect(world.keys[orphan]).toBeUndefined();
  });

  test('of two possible orphans neither is touched, and both are named (R8)', async () => {
    world.amendJournal({ attempt: announced(world) });
    // The current key was deleted by a person, so that IAM has room for two others.
    world.deleteByHand(first);
    const [one, other] = [world.keyByHand(), world.keyByHand()];

    const failing = settled(world);

    await expect(failing).rejects.toThrow(UnknownStateError);
    await expect(failing).rejects.toThrow(new RegExp(`${one} and ${other}.*delete-access-key --user-name`));
    expect(world.keys).toEqual({ [one]: 'Active', [other]: 'Active' });
    expect(world.journal.attempt?.token).toBe(TOKEN);
  });

  test('a possible orphan is not deleted while it is unknown when it was last used (R8)', async () => {
    const { orphan } = withOrphan();
    world.ports.keys.lastUsed = () => Promise.reject(unanswered(call.getAccessKeyLastUsed));
    await expect(settled(world)).rejects.toThrow(CallUnansweredError);
    expect(world.keys[orphan]).toBe('Active');
    expect(world.journal.attempt).toBeDefined();
  });
});

describe('no attempt is in the way: the journal follows AWSCURRENT', () => {
  test('where a person moved the label back, the current and the previous key swap, dated now', async () => {
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

  test('a leaked key to which a person moves AWSCURRENT back is still known to be leaked', async () => {
    await world.rotate(TOKEN);
    world.gate.advance(MINUTE);
    world.amendPrevious({ leaked: 'deactivate' });
    world.moveByHand('AWSCURRENT', TOKEN, firstVersion);
    await settled(world);
    expect(world.journal.current).toMatchObject({ keyId: first, leaked: 'deactivate' });
  });

  test('where the current key was stored again under another version, the journal takes over that version', async () => {
    const { current } = world.journal;
    world.putByHand(BY_HAND, world.aws.secretsManager.text(world.settings.secretArn, firstVersion)!);
    await settled(world);
    expect(world.journal.current).toEqual({ ...current, versionId: BY_HAND });
  });

  test.each([
    [
      'a key pair that is not ours',
      JSON.stringify({ Version: 1, AccessKeyId: 'AKIASOMEBODYSEXAMPLE', SecretAccessKey: 'x' }),
      'AKIASOMEBODYSEXAMPLE',
    ],
    ['no key pair', '{"password":"quote me not"}', 'no key pair'],
  ])('where %s is served, no key is touched, and the way back is named', async (_name, text, named) => {
    const happened = world.watchKeys();
    world.putByHand(BY_HAND, text);

    const failing = settled(world);

    await expect(failing).rejects.toThrow(UnknownStateError);
    await expect(failing).rejects.toThrow(named);
    await expect(failing).rejects.toThrow(`--move-to-version-id ${firstVersion}`);
    await expect(failing).rejects.not.toThrow(/quote me not/);
    expect(happened()).toEqual([]);
  });

  test('where AWSCURRENT is on no version although there is a current key, nothing is touched (R8)', async () => {
    const happened = world.watchKeys();
    world.ports.secrets.describe = async (arn) => ({
      ...(await world.sound.secrets.describe(arn)),
      labels: {},
    });
    await expect(settled(world)).rejects.toThrow(UnknownStateError);
    expect(happened()).toEqual([]);
  });
});

describe('a deactivation was interrupted', () => {
  beforeEach(async () => {
    await world.rotate(TOKEN);
    world.amendPrevious({ phase: 'deactivating' });
  });

  test('an interrupted deactivation is made again', async () => {
    await settled(world);
    expect(world.keys[first]).toBe('Inactive');
    expect(world.journal.previous[0]).toMatchObject({ keyId: first, phase: 'deactivated' });
  });

  test.each([
    ['gone', () => world.deleteByHand(world.servedKeyId!)],
    ['Inactive', () => world.setStatusByHand(world.servedKeyId!, 'Inactive')],
  ])(
    'an interrupted deactivation is not made again while the current key is %s: the other one may be the last that works (R1)',
    async (_name, meddle) => {
      meddle();
      await settled(world);
      expect(world.keys[first]).toBe('Active');
    },
  );

  test('an interrupted deactivation of a key that a person deleted is closed, and rotation goes on (R5)', async () => {
    world.deleteByHand(first);
    await settled(world);
    await world.rotate(tokenOf(2));
    expect(world.labels['AWSCURRENT']).toBe(tokenOf(2));
  });
});

describe('AWSCURRENT is back on a key that was deactivated', () => {
  beforeEach(async () => {
    world = await UserWorld.withFirstKey({ overlapSeconds: 0 });
    [first, firstVersion] = [world.servedKeyId!, world.labels['AWSCURRENT']!];
    await world.rotate(TOKEN);
    expect(world.keys[first]).toBe('Inactive');
  });

  test('a served key that we had deactivated is journaled and re-activated at once (R1)', async () => {
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

  test('where a person moved the label back to a deleted key, rotation goes on (R5)', async () => {
    world.deleteByHand(first);
    world.moveByHand('AWSCURRENT', TOKEN, firstVersion);
    await settled(world);
    await world.rotate(tokenOf(2));
    expect(world.labels['AWSCURRENT']).toBe(tokenOf(2));
  });
});

describe('for a role that may not read values, such as that of the retirement function', () => {
  const withoutReading = (): void => {
    world.ports.secrets.read = () =>
      Promise.reject(refusal(call.getSecretValue, 'accessDenied', 'AccessDenied', 'not authorized'));
  };

  // Rotated twice, and the first key retired since: AWSPREVIOUS is on a version that no journal names any more.
  beforeEach(async () => {
    await world.rotate(tokenOf(2));
    world.deleteByHand(first);
    world.amendJournal({ previous: [] });
    await world.rotate(TOKEN, 'createSecret');
  });

  test('an attempt stays open where only its value could say which key it made', async () => {
    await world.step('testSecret', TOKEN);
    const made = world.keyUnder(TOKEN)!;
    world.amendAttempt({ keyId: undefined, provedAt: undefined });
    world.removePendingByHand(TOKEN);
    withoutReading();
    await expect(settled(world)).resolves.toEqual([]);
    expect(world.keys[made]).toBe('Active');
    expect(world.journal.attempt?.token).toBe(TOKEN);
  });

  test('a stillborn key is deleted without reading a value, because AWSPREVIOUS has not moved', async () => {
    const stillborn = world.keyUnder(TOKEN)!;
    world.removePendingByHand(TOKEN);
    withoutReading();
    await expect(settled(world)).resolves.toEqual([stillborn]);
    expect(world.keys[stillborn]).toBeUndefined();
    expect(world.journal.attempt).toBeUndefined();
  });

  test('a key that may have been current is retired in two steps where values may not be read', async () => {
    const made = world.keyUnder(TOKEN)!;
    const before = world.labels['AWSCURRENT']!;
    world.putByHand(tokenOf(9), world.aws.secretsManager.text(world.settings.secretArn, TOKEN)!);
    world.moveByHand('AWSCURRENT', tokenOf(9), before);
    withoutReading();
    await expect(settled(world)).resolves.toEqual([]);
    expect(world.keys[made]).toBe('Active');
    expect(world.journal.previous).toMatchObject([{ keyId: made, phase: 'overlap' }]);
  });
});
