import { AttachUserPolicyCommand } from '@aws-sdk/client-iam';

import type { StackConfiguration, UserConfiguration } from '../../../modules/config/configuration';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { Application } from '../../e2e/client/support/application';
import type { Account, StoredKey } from '../../e2e/stack/support/account';
import type { AppliedStack } from '../../e2e/stack/support/applied-stack';
import { Stage } from '../../e2e/stack/support/stage';

const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const BILLING = 'arn:aws:iam::aws:policy/job-function/Billing';

/** The tests are one story: each begins where the one before ended. */
describeWithTools('IAM users that are there already', () => {
  let stage: Stage;
  let account: Account;
  let stack: AppliedStack;
  const keysBefore = new Map<string, StoredKey>();

  const moved = aUser('moved', {
    userName: 'moved@example',
    import: true,
    path: '/service/',
    policyArns: [READ_ONLY],
  });
  const looked = aUser('looked', { userName: 'looked@example', existing: true });
  const stackOf = (...users: UserConfiguration[]): StackConfiguration =>
    aStack(users, { functions: 'shared', secretRecoveryDays: 0 });
  const keyIsAt = async (key: string, userName: string): Promise<StoredKey> => {
    const stored = await account.storedKey(`iam-key-rotation/${key}`);
    expect(await account.whoIs(stored)).toContain(userName);
    return stored;
  };

  beforeAll(async () => {
    stage = await Stage.open();
    ({ account, stack } = stage);
    for (const [UserName, path] of [
      ['moved@example', '/service/'],
      ['looked@example', '/elsewhere/'],
    ] as const) {
      await account.createUser(UserName, path);
      for (const PolicyArn of [READ_ONLY, BILLING]) {
        await account.iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
      }
      keysBefore.set(UserName, await account.createKey(UserName));
    }
  });
  afterAll(() => stage.close());

  it('are planned as an import, or as nothing at all, and none is created or replaced', async () => {
    const changes = await stack.changes(stackOf(moved, looked));

    expect(changes['aws_iam_user.moved']).toBe('update');
    expect(Object.keys(changes).filter((address) => address.startsWith('aws_iam_user.'))).toEqual([
      'aws_iam_user.moved',
    ]);
    expect(Object.values(changes)).not.toContain('delete');
    expect(Object.values(changes)).not.toContain('replace');
  });

  it('get a key in their secrets, and no moment passes in which the key before does not work', async () => {
    const applications = [...keysBefore].map(
      ([name, key]) => new Application(name, [account.clientWith(key)], { parallel: 1, everyMs: 200 }),
    );

    await stack.applyChanges();

    for (const application of applications) {
      await application.stop();
      expect([...application.calls.values()][0]).toBeGreaterThan(5);
      expect(application.failures).toEqual([]);
    }
    for (const [key, userName] of [
      ['moved', 'moved@example'],
      ['looked', 'looked@example'],
    ] as const) {
      const { AccessKeyId } = await keyIsAt(key, userName);
      expect(await account.keysOf(userName)).toEqual(
        expect.arrayContaining([`${AccessKeyId} Active`, `${keysBefore.get(userName)!.AccessKeyId} Active`]),
      );
    }
  });

  it('keep the policies that they had beside those of the configuration', async () => {
    expect([...(await account.policiesOf('moved@example'))].sort()).toEqual([READ_ONLY, BILLING].sort());
    expect([...(await account.policiesOf('looked@example'))].sort()).toEqual([READ_ONLY, BILLING].sort());
  });

  it('leave nothing to do, with `import` still there or without it', async () => {
    expect((await stack.terraform.plan()).exitCode).toBe(0);
    expect(await stack.changes(stackOf({ ...moved, import: false }, looked))).toEqual({});
  });

  it('only looked up so far, are moved into the state, key and all', async () => {
    const key = await keyIsAt('looked', 'looked@example');
    const imported = { ...looked, existing: false, import: true, path: '/elsewhere/' };

    const changes = await stack.changes(stackOf(moved, imported));
    expect(changes['aws_iam_user.looked']).toBe('update');
    expect(Object.values(changes)).not.toContain('delete');
    await stack.applyChanges();

    expect(await stack.addresses()).toContain('aws_iam_user.looked');
    expect(await keyIsAt('looked', 'looked@example')).toEqual(key);
    expect((await stack.terraform.plan()).exitCode).toBe(0);
  });

  it('leave the state again and stay in the account, when they are only to be looked up from now on', async () => {
    const [ofMoved, ofLooked] = [
      await keyIsAt('moved', 'moved@example'),
      await keyIsAt('looked', 'looked@example'),
    ];
    const released = aUser('moved', { userName: 'moved@example', existing: true });

    const changes = await stack.changes(stackOf(released, looked));
    const ofUsers = Object.entries(changes).filter(([address]) => address.startsWith('aws_iam_user'));
    expect(new Set(ofUsers.map(([, action]) => action))).toEqual(new Set(['remove']));
    await stack.applyChanges();

    expect(await keyIsAt('moved', 'moved@example')).toEqual(ofMoved);
    expect(await keyIsAt('looked', 'looked@example')).toEqual(ofLooked);
    expect(await account.policiesOf('moved@example')).toHaveLength(2);
    expect((await stack.addresses()).filter((address) => address.startsWith('aws_iam_user'))).toEqual([]);
    expect((await stack.terraform.plan()).exitCode).toBe(0);
  });
});
