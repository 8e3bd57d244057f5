import { CloudTrailClient, ListTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  GetRolePolicyCommand,
  GetUserCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import { DescribeSecretCommand, GetResourcePolicyCommand } from '@aws-sdk/client-secrets-manager';
import { GetTopicAttributesCommand, ListSubscriptionsCommand, SNSClient } from '@aws-sdk/client-sns';
import { DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { unmarshall } from '@aws-sdk/util-dynamodb';

import type { StackConfiguration } from '../../../modules/config/configuration';
import type { Authorize } from '../../../sandbox/front/front';
import { type LocalAws, startLocalAws } from '../../../sandbox/local-aws';
import { Account } from '../../e2e/stack/support/account';
import { AppliedStack } from '../../e2e/stack/support/applied-stack';
import { Stage } from '../../e2e/stack/support/stage';
import { aStack, aStackWithEverything, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import {
  createDeployRole,
  DEPLOY_ROLE_ARN,
  environmentOfDeployRole,
} from '../../published/deploy-role/support/deploy-role';
import { accessDenied, byRolePolicies } from '../../support/iam-evaluation/authorizer';
import { createKey, prepareAccount, withKeysOf } from '../../support/rich-account';

const PREFIX = 'iam-key-rotation';

/** The tests are one story: each begins where the one before ended. */
describeWithTools('a stack that asked for everything that can be asked for, and asks for nothing now', () => {
  const bare = aStack(
    [
      aUser('ci-deployer'),
      aUser('legacy_mailer', { userName: 'legacy.mailer@example', existing: true }),
      aUser('backup'),
    ],
    { secretRecoveryDays: 0 },
  );
  let stage: Stage;
  let rich: StackConfiguration;

  beforeAll(async () => {
    stage = await Stage.open();
    await prepareAccount(stage.aws);
    const everything = aStackWithEverything({ secretRecoveryDays: 0, deployRoleArn: undefined });
    rich = await withKeysOf(stage.aws, {
      ...everything,
      retirement: 'report',
      metrics: { perUser: true },
      maximumDeletionsPerRun: 5,
      logRetentionDays: 30,
      users: everything.users.map((user) => ({
        ...user,
        decommission: false,
        exemption: { reason: 'a test', until: '2027-01-31T00:00:00Z' },
        takeOver: 'all',
        replicas: [
          { region: 'eu-central-1', kmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/a-copy' },
          { region: 'us-east-1' },
        ],
      })),
    });
    await stage.stack.apply(rich);
  });
  afterAll(() => stage.close());

  const plan = async (): Promise<number> => (await stage.stack.terraform.plan()).exitCode;
  const secretOf = (user: string) =>
    stage.account.secrets.send(new DescribeSecretCommand({ SecretId: `${PREFIX}/${user}` }));
  const roles = async () => {
    const { Roles = [] } = await stage.account.iam.send(new ListRolesCommand({}));
    return Roles;
  };
  const policiesOfRoles = async (): Promise<string> => {
    const texts: string[] = [];
    for (const { RoleName } of await roles()) {
      const { PolicyNames = [] } = await stage.account.iam.send(new ListRolePoliciesCommand({ RoleName }));
      for (const PolicyName of PolicyNames) {
        const { PolicyDocument } = await stage.account.iam.send(
          new GetRolePolicyCommand({ RoleName, PolicyName }),
        );
        texts.push(decodeURIComponent(PolicyDocument!));
      }
    }
    return texts.join('\n');
  };

  it('has all of it on AWS at first', async () => {
    expect(await plan()).toBe(0);

    expect(await secretOf('ci-deployer')).toMatchObject({ KmsKeyId: rich.kmsKeyArn });
    expect((await roles()).map(({ Path }) => Path)).toContain('/rotation/');
    expect(await policiesOfRoles()).toContain(rich.kmsKeyArn!);
    expect((await stage.account.item('settings#ci-deployer'))['sesSmtp']).toBeDefined();
  });

  it('is applied without everything, and no plan has anything to do after that', async () => {
    await stage.stack.apply(bare);

    expect(await plan()).toBe(0);
  });

  it('has no secret under a customer key, with a policy, or with tags that nobody asks for', async () => {
    for (const { key } of bare.users) {
      expect(await secretOf(key)).toMatchObject({ KmsKeyId: 'alias/aws/secretsmanager' });
      const SecretId = `${PREFIX}/${key}`;
      const { ResourcePolicy } = await stage.account.secrets.send(new GetResourcePolicyCommand({ SecretId }));
      expect(ResourcePolicy).toBeUndefined();
    }
    const { Tags = [] } = await secretOf('ci-deployer');
    expect(Tags.map(({ Key }) => Key).sort()).toEqual(
      ['stack', 'user', 'user-id'].map((name) => `${PREFIX}:${name}`),
    );
  });

  it('has no user with a path, a boundary, policies or tags that nobody asks for', async () => {
    const UserName = 'ci-deployer';
    const { User } = await stage.account.iam.send(new GetUserCommand({ UserName }));
    expect(User).toMatchObject({ Path: '/' });
    expect(User!.PermissionsBoundary).toBeUndefined();
    expect((User!.Tags ?? []).map(({ Key }) => Key).sort()).toEqual([`${PREFIX}:stack`, `${PREFIX}:user`]);
    expect(await stage.account.policiesOf(UserName)).toEqual([]);
    const { PolicyNames } = await stage.account.iam.send(new ListUserPoliciesCommand({ UserName }));
    expect(PolicyNames).toEqual([]);
  });

  it('has no role with a path or a boundary, and none that may use a key', async () => {
    for (const { Path, PermissionsBoundary } of await roles()) {
      expect({ Path, PermissionsBoundary }).toEqual({ Path: '/', PermissionsBoundary: undefined });
    }
    expect(await policiesOfRoles()).not.toContain('"kms:');
  });

  it('has no log and no topic under a customer key, no subscription, and no trail', async () => {
    const logs = new CloudWatchLogsClient(stage.aws.clientConfig());
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
    for (const group of logGroups) expect(group.kmsKeyId).toBeUndefined();
    for (const group of logGroups) expect(group.retentionInDays).toBe(90);
    const sns = new SNSClient(stage.aws.clientConfig());
    const TopicArn = `arn:aws:sns:eu-west-1:111122223333:${PREFIX}-alerts`;
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes).toMatchObject({ KmsMasterKeyId: 'alias/aws/sns' });
    expect((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions).toEqual([]);
    const trails = new CloudTrailClient(stage.aws.clientConfig());
    expect((await trails.send(new ListTrailsCommand({}))).Trails).toEqual([]);
  });

  it('has settings without what nobody asks for', async () => {
    const settings = unmarshall(await stage.account.item('settings#ci-deployer'));

    for (const name of ['owner', 'sesSmtp', 'exemption', 'takeOver'])
      expect(settings).not.toHaveProperty(name);
  });

  it('has its copies until a person removes them, as docs/accounts.md says', async () => {
    expect((await secretOf('backup')).ReplicationStatus).toHaveLength(2);
  });

  it('rotates all of its users, and stores nothing with the keys that nobody asks for', async () => {
    for (const { key } of bare.users) await stage.rotateAway(key);

    expect(await stage.currentKey('ci-deployer')).not.toHaveProperty('SmtpPassword');
    expect((await stage.sweep()).result).toMatchObject({ failedUsers: [] });
    expect(await plan()).toBe(0);
  });
});

/**
 * The role that deploys may do everything, and with keys what `keyRights` say: `<action> <ARN of the key>`. The roles of the
 * functions may do what their policies say. Nobody else is asked.
 */
const asDeployRole =
  (keyRights: ReadonlySet<string>, others: Authorize): Authorize =>
  async (call) => {
    if (call.principal.arn !== DEPLOY_ROLE_ARN) return others(call);
    if (call.service !== 'kms' || keyRights.has(`${call.action} ${String(call.parameters['KeyId'])}`)) return;
    throw accessDenied(call, {
      action: `kms:${call.action}`,
      resource: String(call.parameters['KeyId']),
    });
  };

/** The tests are one story: each begins where the one before ended. */
describeWithTools('the customer key of a stack', () => {
  const keyRights = new Set<string>();
  let aws: LocalAws;
  let account: Account;
  let stack: AppliedStack;
  let kms: KMSClient;
  /** The keys, in the order in which they are used. */
  let first: string, second: string, third: string;

  beforeAll(async () => {
    aws = await startLocalAws({
      authorize: asDeployRole(
        keyRights,
        byRolePolicies(() => aws),
      ),
      accessKeys: { propagation: { delaySeconds: 0, flapping: false } },
      rotation: { retryDelayMs: 10 },
    });
    account = new Account(aws);
    kms = new KMSClient(aws.clientConfig());
    await createDeployRole(aws);
    stack = new AppliedStack(await environmentOfDeployRole(aws));
    [first, second, third] = [await createKey(aws), await createKey(aws), await createKey(aws)];
    await stack.apply(withKey(first));
  });
  afterAll(async () => {
    await aws.stop();
    stack.remove();
  });

  const withKey = (kmsKeyArn?: string): StackConfiguration =>
    aStack([aUser('app'), aUser('mailer')], {
      ...{ functions: 'shared', protection: false, secretRecoveryDays: 0 },
      kmsKeyArn,
    });
  const disable = (keyArn: string) => kms.send(new DisableKeyCommand({ KeyId: keyArn.split('/').at(-1) }));
  const plan = async (): Promise<number> => (await stack.terraform.plan()).exitCode;
  const keyOf = async (user: string): Promise<string | undefined> =>
    (await account.secrets.send(new DescribeSecretCommand({ SecretId: `${PREFIX}/${user}` }))).KmsKeyId;
  /** Has the function read what is stored: the first key is there, so it makes none. */
  const readByFunction = (user: string) =>
    stack.terraform.run(
      ...['apply', '-auto-approve', '-input=false', '-no-color'],
      `-replace=aws_lambda_invocation.${user}_first_key`,
    );
  /** A rotation, with the other slot made free by a person. */
  const rotate = async (user: string): Promise<string | undefined> => {
    const { AccessKeyId } = await account.storedKey(`${PREFIX}/${user}`);
    for (const key of await account.keysOf(user)) {
      const [id] = key.split(' ');
      if (id !== AccessKeyId) await account.deleteKey(user, { AccessKeyId: id!, SecretAccessKey: '' });
    }
    return (await account.rotate(`${PREFIX}/${user}`)).at(-1);
  };

  it('can be changed by a role that may decrypt with the former key and encrypt with the new one: what is stored is under both', async () => {
    for (const right of [`Decrypt ${first}`, `Encrypt ${second}`]) keyRights.add(right);
    const before = await account.storedKey(`${PREFIX}/app`);

    await stack.apply(withKey(second));

    expect(await keyOf('app')).toBe(second);
    expect(await plan()).toBe(0);
    expect(await readByFunction('app')).toMatchObject({ exitCode: 0 });
    expect(await account.storedKey(`${PREFIX}/app`)).toEqual(before);
  });

  it('is not needed any more once every user has rotated after it was changed', async () => {
    expect([await rotate('app'), await rotate('mailer')]).toEqual(['RotationSucceeded', 'RotationSucceeded']);
    await disable(first);

    for (const user of ['app', 'mailer']) {
      expect(await account.whoIs(await account.storedKey(`${PREFIX}/${user}`))).toMatch(user);
      expect(await rotate(user)).toBe('RotationSucceeded');
    }
  });

  it('stays the key of what is stored where the role that deploys lacks those rights, until the user rotates', async () => {
    keyRights.clear();
    await stack.apply(withKey(third));
    expect(await keyOf('app')).toBe(third);

    // The function may not decrypt with the former key any more, and a rotation does not have to.
    const { output } = await readByFunction('app');
    expect(output.replaceAll(/[\s│]+/g, ' ')).toContain('may still be under the former key');
    expect(await rotate('app')).toBe('RotationSucceeded');
    expect(await rotate('mailer')).toBe('RotationSucceeded');
    await disable(second);
    // The first key that could not be made is found in the secret now.
    await stack.apply(withKey(third));
    expect(await readByFunction('app')).toMatchObject({ exitCode: 0 });
  });

  it("can be taken out: the secret is then under AWS's own key, and everything goes on", async () => {
    keyRights.add(`Decrypt ${third}`);
    await stack.apply(withKey());

    expect(await keyOf('app')).toBe('alias/aws/secretsmanager');
    expect(await plan()).toBe(0);
    expect(await readByFunction('mailer')).toMatchObject({ exitCode: 0 });
    expect([await rotate('app'), await rotate('mailer')]).toEqual(['RotationSucceeded', 'RotationSucceeded']);
    await disable(third);
    expect([await rotate('app'), await rotate('mailer')]).toEqual(['RotationSucceeded', 'RotationSucceeded']);
    expect(await plan()).toBe(0);
  });
});
