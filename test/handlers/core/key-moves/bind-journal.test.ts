import { bindJournal } from '../../../../handlers/core/key-moves/bind-journal';
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
  world.amendJournal({ userId: 'AIDAFORMEREXAMPLE' });
  const former = world.journal;
  await bind(world);
  expect(world.journal).toEqual(EMPTY);
  expect(world.log.at(-1)).toMatchObject({ level: 'warn', fields: { former } });
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

  test('a key that IAM no longer has is not carried over', async () => {
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
