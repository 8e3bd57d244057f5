import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteFunctionConcurrencyCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';

import type { StackConfiguration } from '../../../modules/config/configuration';
import { parseConfiguration } from '../../../modules/config/parse-configuration';
import type { LocalAws } from '../../../sandbox/local-aws';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { Inbox } from '../../further/notifications/support/inbox';
import { startTrail } from '../../further/notifications/support/trail';
import type { Account } from '../../e2e/stack/support/account';
import { AppliedStack } from '../../e2e/stack/support/applied-stack';
import { Stage } from '../../e2e/stack/support/stage';

const SECRET = 'iam-key-rotation/ci';

const stacksWith = (users: string, ofShard: string): readonly StackConfiguration[] =>
  parseConfiguration(
    'rotation.yaml',
    `
stacks:
  production:
    accountId: "111122223333"
    region: eu-west-1
    functions: shared
    secretRecoveryDays: 0
    auditTrail: existing
    users: ${users}
    shards: { two: { users: ${ofShard} } }
`,
  ).stacks;

/** The tests are one story: each begins where the one before ended. */
describeWithTools('a stack with a shard', () => {
  let stage: Stage;
  let aws: LocalAws;
  let account: Account;
  let own: AppliedStack;
  let shard: AppliedStack;

  beforeAll(async () => {
    stage = await Stage.open();
    ({ aws, account, stack: own } = stage);
    shard = new AppliedStack(aws.environment);
  });
  afterAll(async () => {
    await stage.close();
    shard.remove();
  });

  it('rotates in both, each with functions and a table of its own, and secrets that are named alike', async () => {
    const [production, two] = stacksWith('{ ci: {} }', '{ mailer: {}, news: {} }');
    await Promise.all([own.apply(production!), shard.apply(two!)]);

    expect(await account.inventory()).toMatchObject({
      secrets: ['iam-key-rotation/ci', 'iam-key-rotation/mailer', 'iam-key-rotation/news'],
      functions: [
        'iam-key-rotation-notify',
        'iam-key-rotation-retire',
        'iam-key-rotation-rotate',
        'iam-key-rotation-two-notify',
        'iam-key-rotation-two-retire',
        'iam-key-rotation-two-rotate',
      ],
      tables: ['iam-key-rotation', 'iam-key-rotation-two'],
    });
    expect(await account.rotate('iam-key-rotation/mailer')).toContain('RotationSucceeded');
    expect(await account.rotate(SECRET)).toContain('RotationSucceeded');
  });

  it('tells of a user where it is: what Secrets Manager reports of its secret, and that it is over', async () => {
    await startTrail(aws);
    const topic = `arn:aws:sns:${aws.region}:${aws.accountId}:iam-key-rotation`;
    const ofOwn = await Inbox.subscribe(aws, `${topic}-alerts`, 'own');
    const ofShard = await Inbox.subscribe(aws, `${topic}-two-alerts`, 'shard');
    const { lambda } = account;
    const FunctionName = 'iam-key-rotation-two-rotate';
    const rotate = async () => {
      const events = await account.rotate('iam-key-rotation/news');
      await aws.eventsDelivered();
      return events;
    };

    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    expect(await rotate()).toContain('RotationFailed');
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect(await rotate()).toContain('RotationSucceeded');

    expect((await ofShard.take()).map(({ subject }) => subject)).toEqual([
      'Key rotation failed (iam-key-rotation-two/news)',
      'Over: Key rotation failed (iam-key-rotation-two/news)',
    ]);
    expect(await ofOwn.take()).toEqual([]);
    expect(aws.functionLogs('iam-key-rotation-notify')).toContain('"outcome":"ofAnotherShard"');
  });

  it('gives a user to the shard by hand, as the docs say, and its keys do not change', async () => {
    const [key, keys] = [await account.storedKey(SECRET), await account.keysOf('ci')];

    // 1. Announce.
    const [announced] = stacksWith('{ ci: { decommission: true } }', '{ mailer: {}, news: {} }');
    await own.apply(announced!);
    // 2. Forget the user and its secret, then remove the rest.
    const { stdout } = await own.terraform.run('state', 'show', '-no-color', 'aws_secretsmanager_secret.ci');
    const arn = /"(arn:aws:secretsmanager:[^"]+)"/.exec(stdout)?.[1];
    const journal = await account.item('journal#ci');
    for (const address of [
      'aws_iam_user.ci',
      'aws_secretsmanager_secret_rotation.ci',
      'aws_secretsmanager_secret.ci',
    ]) {
      expect((await own.terraform.run('state', 'rm', address)).exitCode).toBe(0);
    }
    const [without, withUser] = stacksWith('{}', '{ mailer: {}, news: {}, ci: { import: true } }');
    await own.apply(without!);
    expect(await account.whoIs(await account.storedKey(SECRET))).toContain('user/ci');
    // 3. The journal goes along; the shard imports user and secret.
    await account.dynamo.send(new PutItemCommand({ TableName: 'iam-key-rotation-two', Item: journal }));
    await shard.synthesize(withUser!);
    expect(
      (await shard.terraform.run('import', '-input=false', 'aws_secretsmanager_secret.ci', arn!)).exitCode,
    ).toBe(0);
    await shard.terraform.apply();

    expect(await account.storedKey(SECRET)).toEqual(key);
    expect(await account.keysOf('ci')).toEqual(keys);
    expect((await shard.terraform.plan()).exitCode).toBe(0);
    expect((await own.terraform.plan()).exitCode).toBe(0);
  });
});
