import { bindJournal } from '../../../../handlers/core/key-moves/bind-journal';
import { tokenOf, UserWorld } from '../../support/user-world';

const bind = (world: UserWorld): Promise<void> => world.underLease(bindJournal);
const OTHER_ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-deployer-ZyXwVu';

test('a user without a journal gets one', async () => {
  const world = new UserWorld();
  await bind(world);
  expect(world.journal).toEqual({
    userId: world.settings.userId,
    secretArn: world.settings.secretArn,
    previous: [],
  });
});

test('the journal of this very user and secret stays as it is', async () => {
  const world = await UserWorld.withFirstKey();
  await world.rotate(tokenOf(1));
  const { journal } = world;
  await bind(world);
  expect(world.journal).toEqual(journal);
});

describe('the journal of another IAM user (removed and added again)', () => {
  test('a journal of a deleted IAM user is replaced, because that user’s keys are deleted, too', async () => {
    const world = await UserWorld.withFirstKey();
    world.amendJournal({ userId: 'AIDAFORMEREXAMPLE' });
    await bind(world);
    expect(world.journal).toEqual({
      userId: world.settings.userId,
      secretArn: world.settings.secretArn,
      previous: [],
    });
  });

  test('the replaced journal is logged whole, so that nothing is lost', async () => {
    const world = await UserWorld.withFirstKey();
    world.amendJournal({ userId: 'AIDAFORMEREXAMPLE' });
    const former = world.journal;
    await bind(world);
    expect(world.log.at(-1)).toMatchObject({ level: 'warn', fields: { former } });
  });
});

describe('the journal of another secret of the same user', () => {
  test('every key of ours that IAM still lists is carried over, to be retired', async () => {
    const world = await UserWorld.withFirstKey();
    const first = world.servedKeyId!;
    await world.rotate(tokenOf(1));
    const second = world.servedKeyId!;
    world.amendJournal({ secretArn: OTHER_ARN });
    const { keys } = world;

    await bind(world);

    expect(world.journal.secretArn).toBe(world.settings.secretArn);
    expect(world.journal.current).toBeUndefined();
    expect(world.journal.previous.map(({ keyId }) => keyId).sort()).toEqual([first, second].sort());
    expect(world.keys).toEqual(keys);
  });

  test('the key of an open attempt is carried over as well', async () => {
    const world = await UserWorld.withFirstKey();
    await world.rotate(tokenOf(1), 'createSecret');
    const made = world.keyUnder(tokenOf(1))!;
    world.amendJournal({ secretArn: OTHER_ARN });
    await bind(world);
    expect(world.journal.previous.map(({ keyId }) => keyId)).toContain(made);
  });

  test('a key that IAM no longer has is not carried over', async () => {
    const world = await UserWorld.withFirstKey();
    world.deleteByHand(world.servedKeyId!);
    world.amendJournal({ secretArn: OTHER_ARN });
    await bind(world);
    expect(world.journal.previous).toEqual([]);
  });

  test('the overlap of keys that are carried over begins now, however long they were current (R3)', async () => {
    const world = await UserWorld.withFirstKey();
    world.amendJournal({ secretArn: OTHER_ARN });
    const now = world.gate.now();
    await bind(world);
    expect(world.journal.previous).toMatchObject([{ phase: 'overlap' }]);
    expect(world.journal.previous[0]?.replacedAt).toBeGreaterThanOrEqual(now);
  });

  // A leaked key would otherwise get an overlap and a grace period.
  test('a leaked key that is carried over is still known to be leaked', async () => {
    const world = await UserWorld.withFirstKey();
    world.amendJournal({ secretArn: OTHER_ARN, current: { ...world.journal.current!, leaked: true } });
    await bind(world);
    expect(world.journal.previous).toMatchObject([{ leaked: 'delete' }]);
  });
});
