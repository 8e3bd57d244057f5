import { AttachUserPolicyCommand, CreateAccessKeyCommand, IAMClient } from '@aws-sdk/client-iam';

import type { StackConfiguration, UserConfiguration } from '../../../modules/config/configuration';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { Account, type StoredKey } from '../../e2e/stack/support/account';
import { AppliedStack } from '../../e2e/stack/support/applied-stack';
import { byRolePolicies } from '../../support/iam-evaluation/authorizer';

jest.setTimeout(300_000);

const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const BILLING = 'arn:aws:iam::aws:policy/job-function/Billing';

/** An application that uses a key all the time, and counts how often AWS refused it. */
class Application {
  readonly #refusals: string[] = [];
  #uses = 0;
  #running: Promise<void> | undefined;
  #ended = false;

  constructor(
    private readonly account: Account,
    private readonly key: StoredKey,
  ) {}

  start(): this {
    this.#running = this.#run();
    return this;
  }

  async stop(): Promise<{ uses: number; refusals: readonly string[] }> {
    this.#ended = true;
    await this.#running;
    return { uses: this.#uses, refusals: this.#refusals };
  }

  async #run(): Promise<void> {
    while (!this.#ended) {
      await this.account.whoIs(this.key).catch((error: unknown) => this.#refusals.push(String(error)));
      this.#uses += 1;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** The tests are one story: each begins where the one before ended. */
describeWithTools('IAM users that are there already', () => {
  let aws: LocalAws;
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
    aws = await startLocalAws({
      authorize: byRolePolicies(() => aws),
      accessKeys: { propagation: { delaySeconds: 0, flapping: false } },
    });
    account = new Account(aws);
    stack = new AppliedStack(aws.environment);
    const iam = new IAMClient(aws.clientConfig());
    for (const [UserName, path] of [
      ['moved@example', '/service/'],
      ['looked@example', '/elsewhere/'],
    ] as const) {
      await account.createUser(UserName, path);
      for (const PolicyArn of [READ_ONLY, BILLING]) {
        await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
      }
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
      keysBefore.set(UserName, {
        AccessKeyId: AccessKey!.AccessKeyId!,
        SecretAccessKey: AccessKey!.SecretAccessKey!,
      });
    }
  });
  afterAll(async () => {
    await aws.stop();
    stack.remove();
  });

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
    const applications = [...keysBefore.values()].map((key) => new Application(account, key).start());

    await stack.applyChanges();

    for (const application of applications) {
      const { uses, refusals } = await application.stop();
      expect(uses).toBeGreaterThan(5);
      expect(refusals).toEqual([]);
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
    expect(new Set(ofUsers.map(([, action]) => action))).toEqual(new Set(['forget']));
    await stack.applyChanges();

    expect(await keyIsAt('moved', 'moved@example')).toEqual(ofMoved);
    expect(await keyIsAt('looked', 'looked@example')).toEqual(ofLooked);
    expect(await account.policiesOf('moved@example')).toHaveLength(2);
    expect((await stack.addresses()).filter((address) => address.startsWith('aws_iam_user'))).toEqual([]);
    expect((await stack.terraform.plan()).exitCode).toBe(0);
  });
});
