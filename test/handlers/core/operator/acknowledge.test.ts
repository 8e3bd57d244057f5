import { DAY, HOUR, SECOND } from '../../../../contract/instant';
import type { Settings } from '../../../../contract/settings';
import { CallUnansweredError } from '../../../../handlers/core/model/call-errors';
import { UnknownStateError } from '../../../../handlers/core/model/refusals';
import { acknowledge } from '../../../../handlers/core/operator/acknowledge';
import { call, unanswered } from '../../../support/in-memory-aws/refusals';
import type { AllPorts } from '../../../support/in-memory-aws/in-memory-ports';
import { dyingAtEveryCall, RetirementWorld } from '../../../support/retirement-world';
import { tokenOf } from '../../support/user-world';

const VENDOR = 'arn:aws:iam::111122223333:role/vendor-manager';
const BY_COMMAND: NonNullable<Settings['acknowledgement']> = {
  by: 'command',
  remindAfterSeconds: (3 * DAY) / SECOND,
  atMaximumKeyAge: 'hold',
};

const waiting = (): Promise<RetirementWorld> =>
  RetirementWorld.afterRotation({ acknowledgement: BY_COMMAND });

const say = (
  world: RetirementWorld,
  keyId: string,
  process = world.process(),
): Promise<'acknowledged' | 'already'> =>
  acknowledge(process.ports as AllPorts, world.retirement, { keyId, by: VENDOR });

const saidOf = (world: RetirementWorld): readonly string[] => [
  ...world.aws.table.acknowledgements(world.retirement.stableKey).keys(),
];

test('a word about the current key is written down, and told with who said it', async () => {
  const world = await waiting();
  const before = world.state;
  await expect(say(world, world.currentKeyId)).resolves.toBe('acknowledged');
  expect(saidOf(world)).toEqual([world.currentKeyId]);
  expect(world.listener.detailsOf('Key Acknowledged')).toMatchObject([
    { user: 'ci-deployer', keyIdSuffix: world.currentKeyId.slice(-4), by: VENDOR },
  ]);
  expect(world.state).toEqual(before);
});

test('a word that is said again changes nothing, and is not told again', async () => {
  const world = await waiting();
  await say(world, world.currentKeyId);
  world.pass(HOUR);
  const first = new Map(world.aws.table.acknowledgements(world.retirement.stableKey));
  await expect(say(world, world.currentKeyId)).resolves.toBe('already');
  expect(world.aws.table.acknowledgements(world.retirement.stableKey)).toEqual(first);
  expect(world.listener.detailsOf('Key Acknowledged')).toHaveLength(1);
});

test('a word ends the wait, and not the overlap (R14)', async () => {
  const world = await waiting();
  const replaced = world.previous.keyId;
  await say(world, world.currentKeyId);
  world.pass(23 * HOUR);
  await world.sweepUser();
  expect(world.keys[replaced]).toBe('Active');
  world.pass(HOUR);
  await world.sweepUser();
  expect(world.keys[replaced]).toBe('Inactive');
});

test('a word about a key says nothing of the next one (R14)', async () => {
  const world = await waiting();
  await say(world, world.currentKeyId);
  world.pass(2 * DAY);
  await world.sweepUser();
  world.pass(8 * DAY);
  await world.sweepUser();
  await world.rotate(tokenOf(2));
  world.pass(2 * DAY);
  await world.sweepUser();
  expect(world.previous.hold).toMatchObject({ cause: 'notAcknowledged' });
});

test('a word about a key is old once that key is current again after a rollback, and can be said anew (R14)', async () => {
  const world = await waiting();
  const first = world.previous.keyId;
  world.aws.table.acknowledge(world.retirement.stableKey, first, world.now);
  await world.rollBack();
  const rejected = world.previous.keyId;
  world.pass(25 * HOUR);
  await world.sweepUser();
  expect(world.keys).toMatchObject({ [first]: 'Active', [rejected]: 'Active' });
  expect(world.previous.hold).toMatchObject({ cause: 'notAcknowledged' });

  await expect(say(world, first)).resolves.toBe('acknowledged');
  await world.sweepUser();
  expect(world.keys).toMatchObject({ [first]: 'Active', [rejected]: 'Inactive' });
});

test('a rotation that waits for the slot of a key begins once that is acknowledged, retired and deleted', async () => {
  const world = await waiting();
  world.pass(60 * DAY);
  await world.sweepUser();
  expect(world.keyIds).toHaveLength(2);
  await say(world, world.currentKeyId);
  await world.sweepUser();
  world.pass(8 * DAY);
  await world.sweepUser();
  expect(world.keyIds).toEqual([world.currentKeyId]);
});

describe('a word that counts for nothing is refused, changes nothing and says what to do', () => {
  const refusedWord = async (world: RetirementWorld, keyId: string): Promise<UnknownStateError> => {
    const before = world.state;
    const error = await say(world, keyId).catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(UnknownStateError);
    expect(saidOf(world)).toEqual([]);
    expect(world.listener.detailsOf('Key Acknowledged')).toEqual([]);
    expect(world.state).toEqual(before);
    return error as UnknownStateError;
  };

  test('of the key before: the error names the current one', async () => {
    const world = await waiting();
    const error = await refusedWord(world, world.previous.keyId);
    expect(error.message).toContain(`${world.previous.keyId} is not the current key of ci-deployer`);
    expect(error.message).toContain(`that is ${world.currentKeyId}`);
  });

  test('of a key that is nobody’s', async () => {
    const world = await waiting();
    await refusedWord(world, 'AKIAIOSFODNN7EXAMPLE');
  });

  test('of the key of a rotation that is not over', async () => {
    const world = await RetirementWorld.withCurrentKey({ acknowledgement: BY_COMMAND });
    await world.rotate(tokenOf(1), 'testSecret');
    await refusedWord(world, world.journal.attempt!.keyId!);
  });

  test.each([
    ['has no acknowledgement', undefined],
    ['a use of the key acknowledges it', { ...BY_COMMAND, by: 'use' as const }],
  ])('of a user where %s', async (why, acknowledgement) => {
    const world = await RetirementWorld.afterRotation({ acknowledgement });
    const error = await refusedWord(world, world.currentKeyId);
    expect(error.message).toContain(why);
  });

  test('of a user without a key yet', async () => {
    const world = new RetirementWorld({ acknowledgement: BY_COMMAND });
    await expect(say(world, 'AKIAIOSFODNN7EXAMPLE')).rejects.toThrow('that is none');
  });
});

test('a journal of another user is none to rest a word on', async () => {
  const world = await waiting();
  world.amendJournal({ userId: 'AIDASOMEBODYELSEEXAMPLE' });
  await expect(say(world, world.currentKeyId)).rejects.toThrow(UnknownStateError);
  expect(saidOf(world)).toEqual([]);
});

test('a word that got no answer may be said again', async () => {
  const world = await waiting();
  const add = (): Promise<never> => Promise.reject(unanswered(call.updateItem));
  const silent = { ...(world.process().ports as AllPorts).acknowledgements, add };
  const ports = { ...(world.process().ports as AllPorts), acknowledgements: silent };
  const word = { keyId: world.currentKeyId, by: VENDOR };
  await expect(acknowledge(ports, world.retirement, word)).rejects.toThrow(CallUnansweredError);
  await expect(say(world, world.currentKeyId)).resolves.toBe('acknowledged');
});

test('whoever dies while saying it, anywhere, and says it again, has said it', async () => {
  const deaths = await dyingAtEveryCall(
    waiting,
    (world, process) => say(world, world.currentKeyId, process),
    async (world) => {
      await say(world, world.currentKeyId);
      expect(saidOf(world)).toEqual([world.currentKeyId]);
    },
  );
  expect(deaths).toBeGreaterThan(3);
});
