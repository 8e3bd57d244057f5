import { bindJournal } from '../../../../handlers/core/key-moves/bind-journal';
import { TryAgainError } from '../../../../handlers/core/model/refusals';
import { LEASE, LISTING_LAG } from '../../../../handlers/core/model/timing';
import { journalWith } from '../../support/fixtures';
import { tokenOf, UserWorld } from '../../support/user-world';

const bind = (world: UserWorld): Promise<void> => world.underLease(bindJournal);
const EMPTY = journalWith();
const OTHER_ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-deployer-ZyXwVu';

let world: UserWorld;

beforeEach(async () => {
  world = await UserWorld.withFirstKey();
});

test('a user without a journal gets one', async () => {
  world = new UserWorld();
  await bind(world);
  expect(world.journal).toEqual(EMPTY);
});

test('the journal of this very user and secret stays as it is', async () => {
  await world.rotate(tokenOf(1));
  const { journal } = world;
  await bind(world);
  expect(world.journal).toEqual(journal);
});

test('the journal of a deleted IAM user is replaced, because that user’s keys are deleted, too, and is logged whole', async () => {
  world.deleteByHand(world.servedKeyId!);
  world.amendJournal({ userId: 'AIDAFORMEREXAMPLE' });
  const former = world.journal;
  await bind(world);
  expect(world.journal).toEqual(EMPTY);
  expect(world.log.at(-1)).toMatchObject({ level: 'warn', fields: { former } });
});

describe('the keys of a user that was renamed, whose name another user has now,', () => {
  const rename = async (): Promise<readonly string[]> => {
    await world.rotate(tokenOf(1));
    const former = [world.servedKeyId!, ...world.journal.previous.map(({ keyId }) => keyId)];
    world.amendJournal({ userId: 'AIDAFORMEREXAMPLE' });
    // IAM lists the keys under the new name only.
    world.ports.keys.list = () => Promise.resolve([]);
    world.listener.events.length = 0;
    return former;
  };

  test('are told of as left behind', async () => {
    const former = await rename();
    await bind(world);

    expect(world.journal).toEqual(EMPTY);
    expect(world.listener.events).toMatchObject([
      {
        detailType: 'Keys Left Behind',
        detail: {
          user: 'ci-deployer',
          formerUserId: 'AIDAFORMEREXAMPLE',
          keyIdSuffixes: former.map((keyId) => keyId.slice(-4)),
        },
      },
    ]);
    await bind(world);
    expect(world.listener.events).toHaveLength(1);
  });

  test('are told of once more where the process dies before the new journal is written', async () => {
    await rename();
    jest.spyOn(world.ports.journals, 'write').mockRejectedValueOnce(new Error('died'));
    await expect(bind(world)).rejects.toThrow('died');
    await bind(world);

    const told = world.listener.events.map(({ detailType }) => detailType);
    expect(told).toEqual(['Keys Left Behind', 'Keys Left Behind']);
  });

  test('are told of where the current one cannot be tried, because the secret is another one', async () => {
    await rename();
    world.amendJournal({ secretArn: OTHER_ARN });
    await bind(world);

    expect(world.listener.events.map(({ detailType }) => detailType)).toEqual(['Keys Left Behind']);
  });

  test('are not told of where AWS does not know the current one: the user was deleted, and they with it', async () => {
    await rename();
    world.deleteByHand(world.servedKeyId!);
    await bind(world);

    expect(world.listener.events).toEqual([]);
  });

  test('are not told of where the removal of the user was announced, and its stable key is used again', async () => {
    await rename();
    world.amendJournal({ secretArn: OTHER_ARN });
    await world.ports.journals.announceRemoval('ci-deployer', OTHER_ARN);
    await bind(world);

    expect(world.listener.events).toEqual([]);
  });

  test('are told of where the removal was announced, and not made', async () => {
    await rename();
    await world.ports.journals.announceRemoval('ci-deployer', world.settings.secretArn);
    await bind(world);

    expect(world.listener.events.map(({ detailType }) => detailType)).toEqual(['Keys Left Behind']);
  });

  test('are told of with that of an open attempt, which settling does not reach under the new name', async () => {
    await world.rotate(tokenOf(1), 'createSecret');
    const [current, made] = [world.servedKeyId!, world.keyUnder(tokenOf(1))!];
    world.amendJournal({ userId: 'AIDAFORMEREXAMPLE' });
    world.ports.keys.list = () => Promise.resolve([]);
    world.gate.advance(2 * LISTING_LAG);
    await bind(world);

    const told = world.listener.events.find(({ detailType }) => detailType === 'Keys Left Behind');
    const left = [current, made].map((keyId) => keyId.slice(-4));
    expect(told?.detail).toMatchObject({ keyIdSuffixes: left });
  });
});

describe('the journal of another user of the same name', () => {
  test('a key of ours that IAM lists under the name is carried over, whoever has the name now', async () => {
    await world.rotate(tokenOf(1));
    const former = world.journal.previous[0]?.keyId;
    world.amendJournal({ userId: 'AIDAFORMEREXAMPLE' });
    await bind(world);
    expect(world.journal.previous.map(({ keyId }) => keyId)).toEqual([world.servedKeyId, former]);
  });

  test('the key of an open attempt, which was made for whoever has the name now, is deleted (R5)', async () => {
    await world.rotate(tokenOf(1), 'createSecret');
    const made = world.keyUnder(tokenOf(1))!;
    world.amendJournal({ userId: 'AIDAFORMEREXAMPLE' });
    await bind(world);
    expect(world.keys[made]).toBeUndefined();
    expect(world.journal.attempt).toBeUndefined();
    expect(world.labels['AWSPENDING']).toBeUndefined();
  });

  test('where the process dies before the new journal is written, the next apply does all of it again (R5)', async () => {
    await world.rotate(tokenOf(1), 'createSecret');
    const made = world.keyUnder(tokenOf(1))!;
    world.amendJournal({ userId: 'AIDAFORMEREXAMPLE' });
    jest.spyOn(world.ports.journals, 'write').mockRejectedValueOnce(new Error('died'));
    await expect(bind(world)).rejects.toThrow('died');
    expect(world.labels['AWSPENDING']).toBeUndefined();
    await bind(world);
    expect(world.keys[made]).toBeUndefined();
    expect(world.journal.attempt).toBeUndefined();
  });

  test('the journal of a newer apply is not replaced by an older one that waited for the lease', async () => {
    world.amendJournal({ userId: 'AIDANEWEREXAMPLE' });
    const { journal } = world;
    world.ports.settings.read = () => Promise.resolve({ ...world.settings, userId: 'AIDANEWEREXAMPLE' });
    await expect(bind(world)).rejects.toThrow(TryAgainError);
    expect(world.journal).toEqual(journal);
  });
});

describe('the journal of another secret of the same user', () => {
  test('every key of ours that IAM still lists is carried over, and the overlap of the current one begins now (R3)', async () => {
    const first = world.servedKeyId!;
    await world.rotate(tokenOf(1));
    const second = world.servedKeyId!;
    world.amendJournal({ secretArn: OTHER_ARN });
    const { keys } = world;
    const now = world.gate.now();

    await bind(world);

    expect(world.journal.secretArn).toBe(world.settings.secretArn);
    expect(world.journal.current).toBeUndefined();
    expect(world.journal.previous.map(({ keyId }) => keyId).sort()).toEqual([first, second].sort());
    const carried = world.journal.previous.find(({ keyId }) => keyId === second);
    expect(carried?.phase).toBe('overlap');
    expect(carried?.replacedAt).toBeGreaterThanOrEqual(now);
    expect(world.keys).toEqual(keys);
  });

  test('the key of an open attempt is carried over as well', async () => {
    await world.rotate(tokenOf(1), 'createSecret');
    const made = world.keyUnder(tokenOf(1))!;
    world.amendJournal({ secretArn: OTHER_ARN });
    await bind(world);
    expect(world.journal.previous.map(({ keyId }) => keyId)).toContain(made);
  });

  test('an attempt whose key was never recorded is settled, so that its key is not forgotten (R5)', async () => {
    const announcedAt = world.gate.now();
    const orphan = world.keyByHand();
    world.amendJournal({
      secretArn: OTHER_ARN,
      attempt: {
        token: tokenOf(1),
        kind: 'rotation',
        keysBefore: [world.servedKeyId!],
        announcedAt,
        until: announcedAt + LEASE,
      },
    });
    await bind(world);
    expect(world.keys[orphan]).toBeUndefined();
    expect(world.journal.attempt).toBeUndefined();
  });

  test('a new key is carried over although the listing does not show it yet', async () => {
    world.amendJournal({ secretArn: OTHER_ARN });
    world.ports.keys.list = () => Promise.resolve([]);
    await bind(world);
    expect(world.journal.previous).toMatchObject([{ keyId: world.servedKeyId }]);
  });

  test('a key that IAM no longer has is not carried over', async () => {
    world.gate.advance(2 * LISTING_LAG);
    world.deleteByHand(world.servedKeyId!);
    world.amendJournal({ secretArn: OTHER_ARN });
    await bind(world);
    expect(world.journal.previous).toEqual([]);
  });

  // A leaked key would otherwise get an overlap and a grace period.
  test('a leaked key that is carried over is still known to be leaked', async () => {
    world.amendJournal({ secretArn: OTHER_ARN, current: { ...world.journal.current!, leaked: true } });
    await bind(world);
    expect(world.journal.previous).toMatchObject([{ leaked: 'delete' }]);
  });
});
