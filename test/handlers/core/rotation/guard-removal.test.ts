import { CallUnansweredError } from '../../../../handlers/core/model/call-errors';
import { RemovalRefusedError } from '../../../../handlers/core/model/refusals';
import type { GuardRemovalEvent } from '../../../../contract/function-events';
import { guardRemoval } from '../../../../handlers/core/rotation/guard-removal';
import { call, refusal } from '../../../support/in-memory-aws/refusals';
import { ARN } from '../../support/fixtures';
import { UserWorld } from '../../support/user-world';

const guard = (
  world: UserWorld,
  action: GuardRemovalEvent['tf']['action'],
  Announced: GuardRemovalEvent['Announced'],
) =>
  guardRemoval(world.ports, world.settings.stableKey, {
    ...{ Step: 'guardRemoval', SecretId: ARN, Announced },
    tf: { action },
  });

const noSuchUser = refusal(
  call.listAccessKeys,
  'userNotFound',
  'NoSuchEntity',
  'The user with name ci-deployer cannot be found.',
);
const noSuchKey = refusal(
  call.getCallerIdentity,
  'unknownKey',
  'InvalidClientTokenId',
  'The token is invalid.',
);

/** IAM knows nobody of that name. */
const withoutUser = (world: UserWorld): UserWorld => {
  world.ports.keys.list = () => Promise.reject(noSuchUser);
  return world;
};
const withoutKey = (world: UserWorld): UserWorld => {
  world.ports.probe.callerIdentity = () => Promise.reject(noSuchKey);
  return world;
};

test.each(['create', 'update'] as const)('the guard allows %s, announced or not', async (action) => {
  const world = await UserWorld.withFirstKey();

  await expect(guard(world, action, false)).resolves.toBeUndefined();
  await expect(guard(world, action, 'onRecord')).resolves.toBeUndefined();
});

test.each(['create', 'update'] as const)(
  'the guard allows a removal that an earlier %s announced',
  async (action) => {
    const world = await UserWorld.withFirstKey();
    await guard(world, action, 'onRecord');

    await expect(guard(world, 'delete', 'onRecord')).resolves.toBeUndefined();
  },
);

test('the guard allows a removal that a version announced which wrote nothing down', async () => {
  await expect(guard(await UserWorld.withFirstKey(), 'delete', true)).resolves.toBeUndefined();
});

describe('a removal that Terraform takes for announced', () => {
  test('is refused where the announcing apply failed, and the error says what to do', async () => {
    const removal = guard(await UserWorld.withFirstKey(), 'delete', 'onRecord');

    await expect(removal).rejects.toThrow(RemovalRefusedError);
    await expect(removal).rejects.toThrow(
      /ci-deployer.*announced this failed.*without the announcement and apply.*Nothing was destroyed/,
    );
  });

  test('is refused where the announcement was taken back and made again in an apply that failed', async () => {
    const world = await UserWorld.withFirstKey();
    await guard(world, 'update', 'onRecord');
    await guard(world, 'update', false);

    await expect(guard(world, 'delete', 'onRecord')).rejects.toThrow(RemovalRefusedError);
  });

  test('is refused where the announcement was of an earlier user with the same stable key', async () => {
    const world = await UserWorld.withFirstKey();
    await world.ports.journals.announceRemoval(world.settings.stableKey, `${ARN.slice(0, -6)}XyZ123`);

    await expect(guard(world, 'delete', 'onRecord')).rejects.toThrow(RemovalRefusedError);
  });

  test('keeps the journal as it is', async () => {
    const world = await UserWorld.withFirstKey();
    const before = world.aws.table.journalText(world.settings.stableKey);
    await guard(world, 'update', 'onRecord');

    expect(world.aws.table.journalText(world.settings.stableKey)).toBe(before);
  });
});

test('a removal that was not announced is refused, and the error says how it is announced', async () => {
  const removal = guard(await UserWorld.withFirstKey(), 'delete', false);

  await expect(removal).rejects.toThrow(RemovalRefusedError);
  await expect(removal).rejects.toThrow(
    /ci-deployer.*two applies.*`decommission: true`.*`protection: off`.*Nothing was destroyed/,
  );
});

describe('a removal that was not announced, of a user that IAM does not know any more,', () => {
  test('is allowed where the key in the secret does not work, too: its owner deleted it', async () => {
    const world = withoutKey(withoutUser(await UserWorld.withFirstKey()));

    await expect(guard(world, 'delete', false)).resolves.toBeUndefined();
  });

  test('is allowed where the secret is empty', async () => {
    await expect(guard(withoutUser(new UserWorld()), 'delete', false)).resolves.toBeUndefined();
  });

  test('is refused where the key in the secret works: the user was renamed', async () => {
    const world = withoutUser(await UserWorld.withFirstKey());

    await expect(guard(world, 'delete', false)).rejects.toThrow(RemovalRefusedError);
  });

  test('is refused where the table says another secret', async () => {
    const other = `${ARN.slice(0, -6)}XyZ123`;
    const world = withoutUser(new UserWorld({ secretArn: other }));

    await expect(guard(world, 'delete', false)).rejects.toThrow(RemovalRefusedError);
  });
});

test('a removal that was not announced is refused where IAM does not answer, and the log says so', async () => {
  const world = await UserWorld.withFirstKey();
  const unanswered = new CallUnansweredError(call.listAccessKeys, 'TimeoutError', 'time-out');
  world.ports.keys.list = () => Promise.reject(unanswered);

  await expect(guard(world, 'delete', false)).rejects.toThrow(RemovalRefusedError);
  expect(world.log.map(({ message }) => message)).toContain(
    'whether the user is still there is not known, so the guard takes it for there',
  );
});
