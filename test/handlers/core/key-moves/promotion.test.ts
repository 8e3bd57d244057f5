import { completePromotion } from '../../../../handlers/core/key-moves/promotion';
import { MINUTE } from '../../../../contract/instant';
import { LISTING_LAG } from '../../../../handlers/core/model/timing';
import { tokenOf, UserWorld } from '../../support/user-world';

const TOKEN = tokenOf(1);

/** A second key of ours, made current. */
async function promoted(world: UserWorld): Promise<string> {
  const keyId = world.keyByHand();
  await world.underLease((work) => completePromotion(work, keyId, TOKEN));
  return keyId;
}

let world: UserWorld;

beforeEach(async () => {
  world = await UserWorld.withFirstKey();
});

test('the former current key begins its overlap now', async () => {
  const former = world.journal.current!;
  world.gate.advance(30 * MINUTE);
  const now = world.gate.now();
  const keyId = await promoted(world);
  expect(world.journal.current).toMatchObject({ keyId, versionId: TOKEN });
  expect(world.journal.previous).toMatchObject([
    { keyId: former.keyId, versionId: former.versionId, phase: 'overlap' },
  ]);
  expect(world.journal.previous[0]?.replacedAt).toBeGreaterThanOrEqual(now);
});

test('a key of ours that IAM still lists is never dropped', async () => {
  const older = world.keyByHand();
  const kept = {
    keyId: older,
    versionId: 'v0',
    replacedAt: 0,
    phase: 'deactivated' as const,
    deactivatedAt: 0,
  };
  world.amendJournal({ previous: [kept] });
  world.gate.advance(60 * MINUTE);
  await world.underLease((work) => completePromotion(work, 'AKIAMADEAMOMENTEXAMPLE', TOKEN));
  expect(world.journal.previous).toContainEqual(kept);
});

test('a key that is gone is dropped', async () => {
  world.gate.advance(LISTING_LAG + MINUTE);
  world.deleteByHand(world.servedKeyId!);
  await promoted(world);
  expect(world.journal.previous).toEqual([]);
});

test('a key so young that IAM may not list it yet is not dropped', async () => {
  const former = world.journal.current!;
  const keyId = world.keyByHand();
  world.ports.keys.list = async (userName) =>
    (await world.sound.keys.list(userName)).filter(({ id }) => id !== former.keyId);
  await world.underLease((work) => completePromotion(work, keyId, TOKEN));
  expect(world.journal.previous).toMatchObject([{ keyId: former.keyId }]);
});

test('a promotion journaled twice makes no key the previous one of itself', async () => {
  const former = world.journal.current!;
  const keyId = await promoted(world);
  await world.underLease((work) => completePromotion(work, keyId, TOKEN));
  expect(world.journal.previous.map((key) => key.keyId)).toEqual([former.keyId]);
});

test('one write closes the attempt and the wanted rotation, so that no crash can come in between', async () => {
  await world.rotate(TOKEN, 'testSecret');
  world.amendJournal({ wanted: { since: 0, reason: 'both key slots are taken' } });
  const write = jest.spyOn(world.ports.journals, 'write');
  await world.underLease((work) => completePromotion(work, world.keyUnder(TOKEN)!, TOKEN));
  expect(write).toHaveBeenCalledTimes(1);
  expect(world.journal).toMatchObject({ current: { versionId: TOKEN } });
  expect(world.journal.attempt).toBeUndefined();
  expect(world.journal.wanted).toBeUndefined();
});

test('a leaked key stays known as leaked, so that it is retired at once', async () => {
  world.amendJournal({ current: { ...world.journal.current!, leaked: true } });
  await promoted(world);
  expect(world.journal.previous).toMatchObject([{ leaked: 'delete' }]);
  expect(world.journal.current?.leaked).toBeUndefined();
});
