import { CallUnansweredError } from '../../../../handlers/core/model/call-errors';
import { SECOND } from '../../../../contract/instant';
import { makeKey, undoingIfRefused } from '../../../../handlers/core/key-moves/make-key';
import { TryAgainError } from '../../../../handlers/core/model/refusals';
import { LEASE } from '../../../../handlers/core/model/timing';
import { call, refusal } from '../../../support/in-memory-aws/refusals';
import { tokenOf, UserWorld } from '../../support/user-world';

const attempt = { token: tokenOf(1), kind: 'rotation' as const };
const make = (world: UserWorld) => world.underLease((work) => makeKey(work, attempt));

test('the attempt knows the keys that were there, the version that is current, and its time', async () => {
  const world = await UserWorld.withFirstKey();
  const before = world.keyIds;
  const from = world.gate.now();
  const { id } = await make(world);
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
  const world = await UserWorld.withFirstKey();
  await make(world);
  const { journal, keys } = world;
  await expect(make(world)).rejects.toThrow(/^Bug:/);
  expect({ journal: world.journal, keys: world.keys }).toEqual({ journal, keys });
});

test('no key is made where the announcement was not written', async () => {
  const world = await UserWorld.withFirstKey();
  world.ports.journals.write = () =>
    Promise.reject(new CallUnansweredError(call.updateItem, 'TimeoutError', 'TimeoutError'));
  const { keys } = world;
  await expect(make(world)).rejects.toThrow(CallUnansweredError);
  expect(world.keys).toEqual(keys);
});

const slowJournal = (world: UserWorld): void => {
  world.ports.journals.write = async (...args) => {
    await world.sound.journals.write(...args);
    world.gate.advance(LEASE - 10 * SECOND);
  };
};

test('no key is made so late that it would not be recognized as this attempt’s', async () => {
  const world = await UserWorld.withFirstKey();
  slowJournal(world);
  const { keys } = world;
  await expect(make(world)).rejects.toThrow(TryAgainError);
  expect(world.keys).toEqual(keys);
});

// "No key was created" is certain here, and the next try need not wait two minutes for a key that cannot come.
test('an attempt for which it is too late to make a key is closed at once', async () => {
  const world = await UserWorld.withFirstKey();
  slowJournal(world);
  await expect(make(world)).rejects.toThrow(TryAgainError);
  expect(world.journal.attempt).toBeUndefined();
});

describe('using the new key', () => {
  const used = (world: UserWorld, keyId: string, error: Error) =>
    world.underLease((work) => undoingIfRefused(work, keyId, () => Promise.reject(error)));

  test('where AWS refuses to store the new key, the key is deleted and the attempt closed', async () => {
    const world = await UserWorld.withFirstKey();
    const { id } = await make(world);
    const error = refusal(call.putSecretValue, 'kms', 'EncryptionFailure', 'no');
    await expect(used(world, id, error)).rejects.toBe(error);
    expect(world.keys[id]).toBeUndefined();
    expect(world.journal.attempt).toBeUndefined();
  });

  test('where storing the new key got no clear answer, nothing is undone', async () => {
    const world = await UserWorld.withFirstKey();
    const { id } = await make(world);
    const { journal } = world;
    const error = new CallUnansweredError(call.putSecretValue, 'TimeoutError', 'TimeoutError');
    await expect(used(world, id, error)).rejects.toBe(error);
    expect(world.keys[id]).toBe('Active');
    expect(world.journal).toEqual(journal);
  });
});
