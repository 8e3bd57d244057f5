import { CallUnansweredError } from '../../../../handlers/core/model/call-errors';
import { SECOND } from '../../../../contract/instant';
import { makeKey } from '../../../../handlers/core/key-moves/make-key';
import { TryAgainError } from '../../../../handlers/core/model/refusals';
import { LEASE } from '../../../../handlers/core/model/timing';
import { call, unanswered } from '../../../support/in-memory-aws/refusals';
import { tokenOf, UserWorld } from '../../support/user-world';

const attempt = { token: tokenOf(1), kind: 'rotation' as const };

let world: UserWorld;
const make = () => world.underLease((work) => makeKey(work, attempt));

beforeEach(async () => {
  world = await UserWorld.withFirstKey();
});

test('the attempt knows the keys that were there, the version that is current, and its time', async () => {
  const before = world.keyIds;
  const from = world.gate.now();
  const { id } = await make();
  const journaled = world.journal.attempt!;
  expect(journaled).toMatchObject({
    ...attempt,
    keyId: id,
    keysBefore: before,
    currentVersionId: world.labels['AWSCURRENT'],
  });
  // Once the key is known, `until` is about storing it.
  expect(journaled.until).toBeGreaterThanOrEqual(journaled.announcedAt + LEASE);
  expect(journaled.announcedAt).toBeGreaterThanOrEqual(from);
});

test('an open attempt is never overwritten', async () => {
  await make();
  const { journal, keys } = world;
  await expect(make()).rejects.toThrow(/^Bug:/);
  expect({ journal: world.journal, keys: world.keys }).toEqual({ journal, keys });
});

test('no key is made where the announcement was not written', async () => {
  world.ports.journals.write = () => Promise.reject(unanswered(call.updateItem));
  const { keys } = world;
  await expect(make()).rejects.toThrow(CallUnansweredError);
  expect(world.keys).toEqual(keys);
});

// "No key was created" is certain here, and the next try need not wait two minutes for a key that cannot come.
test('no key is made so late that it would not be recognized as this attempt’s, and the attempt is closed at once', async () => {
  world.ports.journals.write = async (...args) => {
    await world.sound.journals.write(...args);
    world.gate.advance(LEASE - 10 * SECOND);
  };
  const { keys } = world;
  await expect(make()).rejects.toThrow(TryAgainError);
  expect(world.keys).toEqual(keys);
  expect(world.journal.attempt).toBeUndefined();
});
