import { settle } from '../../../../handlers/core/key-moves/settle';
import { tokenOf, UserWorld } from '../../support/user-world';

const FOREIGN = 'by-hand'.padEnd(32, '-');

/** What a person is told while AWSCURRENT is on a version that the journal does not know. */
async function told(world: UserWorld): Promise<string> {
  // A label that moved a moment ago is waited for.
  world.gate.advance(60_000);
  const failure = await world.underLease((work) => settle(work)).catch((error: unknown) => error);
  return (failure as Error).message;
}

const rotated = async (): Promise<{ world: UserWorld; first: string; current: string }> => {
  const world = await UserWorld.withFirstKey();
  const first = world.servedKeyId!;
  await world.rotate(tokenOf(1));
  return { world, first, current: world.servedKeyId! };
};

describe('the way back from a version that the journal does not know', () => {
  test('leads to the current key, where that is Active', async () => {
    const { world, current } = await rotated();
    world.putByHand(FOREIGN, '{}');
    const text = await told(world);
    expect(text).toContain(`the version of key ${current}, which is Active`);
    expect(text).toContain(`--move-to-version-id ${tokenOf(1)} --remove-from-version-id ${FOREIGN}`);
  });

  test('leads to the previous key, where the current one is Inactive', async () => {
    const { world, first, current } = await rotated();
    const firstVersion = world.labels['AWSPREVIOUS']!;
    world.putByHand(FOREIGN, '{}');
    world.setStatusByHand(current, 'Inactive');
    const text = await told(world);
    expect(text).toContain(`the version of key ${first}, which is Active`);
    expect(text).toContain(`--move-to-version-id ${firstVersion}`);
  });

  test('tells to activate a key first, where none is Active', async () => {
    const { world, first, current } = await rotated();
    world.putByHand(FOREIGN, '{}');
    world.setStatusByHand(current, 'Inactive');
    world.setStatusByHand(first, 'Inactive');
    const text = await told(world);
    expect(text).toContain('must not be moved to one yet');
    expect(text.indexOf('--status Active')).toBeLessThan(text.indexOf('--move-to-version-id'));
    expect(text).toContain(`--access-key-id ${current} --status Active`);
  });

  test('does not let a leaked key be forgotten with the journal', async () => {
    const world = await UserWorld.withFirstKey();
    const leaked = world.servedKeyId!;
    world.amendJournal({ current: { ...world.journal.current!, leaked: true } });
    world.putByHand(FOREIGN, '{}');
    const text = await told(world);
    expect(text).toContain(`The journal names ${leaked} (Active)`);
    expect(text).not.toMatch(/Delete the item|--move-to-version-id/);
  });

  test('names no version, where IAM lists no key of the journal', async () => {
    const { world, first, current } = await rotated();
    world.putByHand(FOREIGN, '{}');
    world.deleteByHand(current);
    world.deleteByHand(first);
    const text = await told(world);
    expect(text).not.toContain('--move-to-version-id');
    expect(text).toContain('Delete the item journal#ci-deployer of the table');
    expect(text).toContain('-replace=aws_lambda_invocation.ci-deployer_first_key');
  });

  test('leads forward where this product stored the served key: the table is the older one', async () => {
    const world = await UserWorld.withFirstKey();
    const older = world.journal;
    await world.rotate(tokenOf(1));
    world.setJournal(older);
    const text = await told(world);
    expect(text).not.toContain('--move-to-version-id');
    expect(text).toContain('the journal is older than the secret');
    expect(text).toContain('Do not move AWSCURRENT.');
    expect(text).toContain('-replace=aws_lambda_invocation.ci-deployer_first_key');
  });
});

test('the item of the journal is deleted, as the way back says, and a new first key replaces the foreign value', async () => {
  const { world, first, current } = await rotated();
  world.putByHand(FOREIGN, '{}');
  world.deleteByHand(current);
  world.deleteByHand(first);
  world.aws.table.setJournalText(world.settings.stableKey, undefined);
  const { accessKeyId } = await world.firstKey();
  expect(world.servedKeyId).toBe(accessKeyId);
  expect(world.keys).toEqual({ [accessKeyId]: 'Active' });
});
