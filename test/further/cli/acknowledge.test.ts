import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { unmarshall } from '@aws-sdk/util-dynamodb';

import { DAY, HOUR, SECOND } from '../../../contract/instant';
import type { LocalAws } from '../../../sandbox/local-aws';
import { type Finished, runCli } from '../../cli/sync/support/run-cli';
import { Stage } from '../../e2e/stack/support/stage';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { type Authorizer, createAuthorizer } from '../../support/iam-evaluation/authorizer';
import { Operator } from '../../published/commands/support/operator';

const TABLE = 'iam-key-rotation';
const BY_COMMAND = {
  by: 'command',
  remindAfterSeconds: (3 * DAY) / SECOND,
  atMaximumKeyAge: 'hold',
} as const;

/** The tests are one story: each begins where the one before ended. */
describeWithTools('somebody with the policy that is printed for acknowledge', () => {
  let stage: Stage;
  let aws: LocalAws;
  let authorizer: Authorizer;
  let roleArn: string;
  let credentials: Record<'accessKeyId' | 'secretAccessKey' | 'sessionToken', string>;
  let former: string;
  let current: string;

  beforeAll(async () => {
    authorizer = createAuthorizer(() => aws);
    stage = await Stage.open({ authorize: authorizer.authorize });
    ({ aws } = stage);
    await stage.stack.apply(
      aStack([aUser('vendor', { acknowledgement: BY_COMMAND }), aUser('plain')], { functions: 'shared' }),
    );
    former = (await stage.rotateAway('vendor')).AccessKeyId;
    current = (await stage.currentKey('vendor')).AccessKeyId;

    const printed = await runCli(['policy', 'acknowledge'], aws.environment);
    expect(printed).toMatchObject({ exitCode: 0 });
    const assume = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '111122223333' } };
    const { Role } = await stage.account.iam.send(
      new CreateRoleCommand({
        RoleName: 'vendor-manager',
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [assume] }),
      }),
    );
    roleArn = Role!.Arn!;
    await stage.account.iam.send(
      new PutRolePolicyCommand({
        ...{ RoleName: 'vendor-manager', PolicyName: 'acknowledge', PolicyDocument: printed.stdout },
      }),
    );
    const { Credentials } = await new STSClient(aws.clientConfig()).send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'jane' }),
    );
    credentials = {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    };
  });
  afterAll(() => stage.close());

  const say = (user: string, keyId: string): Promise<Finished> =>
    runCli(['acknowledge', '--user', user, '--key', keyId], {
      ...aws.environment,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
    });
  const words = async (): Promise<Record<string, unknown> | undefined> => {
    const item = await stage.account.item('acknowledgement#vendor');
    return (item as unknown) === undefined ? undefined : unmarshall(item);
  };
  const toldOf = (detailType: string): number =>
    aws.busEvents().filter((event) => event['detail-type'] === detailType).length;

  it.each([
    ['the key before', 'vendor', () => former, 'is not the current key of vendor; that is'],
    ['a key of nobody', 'vendor', () => 'AKIAIOSFODNN7EXAMPLE', 'is not the current key of vendor'],
    ['what is no key', 'vendor', () => 'the-new-one', 'It is the id of an access key'],
    [
      'a user who waits for no word',
      'plain',
      () => 'AKIAIOSFODNN7EXAMPLE',
      'its configuration has no acknowledgement',
    ],
    ['a user whom the stack does not have', 'nobody', () => 'AKIAIOSFODNN7EXAMPLE', 'nobody'],
  ])(
    'reads that a word about %s counts for nothing, and nothing is written',
    async (_what, user, key, why) => {
      const { exitCode, stdout, stderr } = await say(user, key());
      expect(exitCode).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toContain(why);
      expect(await words()).toBeUndefined();
      expect(toldOf('Key Acknowledged')).toBe(0);
    },
  );

  it('acknowledges the current key, and its name is in the table and in the event', async () => {
    const { exitCode, stdout } = await say('vendor', current);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    expect(stdout).toContain(`vendor: ${current} is acknowledged.`);
    expect(await words()).toMatchObject({
      [current]: { by: expect.stringContaining('assumed-role/vendor-manager/jane') as string },
    });
    await aws.eventsDelivered();
    expect(toldOf('Key Acknowledged')).toBe(1);
  });

  it('says it twice, and reads that nothing was changed', async () => {
    const before = await words();
    const { exitCode, stdout } = await say('vendor', current);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('was acknowledged before; nothing was changed');
    expect(await words()).toEqual(before);
    expect(toldOf('Key Acknowledged')).toBe(1);
  });

  it('was refused nothing, and has no right that the command does not need', async () => {
    expect(authorizer.refusals().filter((refusal) => refusal.startsWith(roleArn))).toEqual([]);
    expect(await authorizer.unusedGrants(roleArn)).toEqual([]);
  });

  it.each(['journal#vendor', 'settings#vendor', 'findings#vendor', 'delivery#vendor', 'sweep'])(
    'can not write %s, which the keys rest on (R14)',
    async (pk) => {
      const client = new DynamoDBClient(aws.clientConfig(credentials));
      const before = await stage.account.item(pk);
      const Key = { pk: { S: pk } };
      await expect(
        client.send(
          new UpdateItemCommand({
            ...{ TableName: TABLE, Key, UpdateExpression: 'SET broken = :yes' },
            ExpressionAttributeValues: { ':yes': { BOOL: true } },
          }),
        ),
      ).rejects.toThrow('not authorized to perform: dynamodb:UpdateItem');
      await expect(client.send(new PutItemCommand({ TableName: TABLE, Item: Key }))).rejects.toThrow(
        'not authorized to perform: dynamodb:PutItem',
      );
      expect(await stage.account.item(pk)).toEqual(before);
    },
  );

  it('the word makes the next sweep after the overlap retire the key before', async () => {
    const { replacedAt } = (await stage.journal('vendor')).previous[0]!;
    stage.goTo(replacedAt + 23 * HOUR);
    await stage.sweep();
    expect(await stage.account.keysOf('vendor')).toContain(`${former} Active`);
    stage.goTo(replacedAt + 25 * HOUR);
    await stage.sweep();
    expect(await stage.account.keysOf('vendor')).toContain(`${former} Inactive`);
  });

  it('says it again where it was killed, after each of its calls in turn', async () => {
    stage.goTo(stage.now() + 8 * DAY);
    await stage.sweep();
    await stage.rotateAway('vendor');
    current = (await stage.currentKey('vendor')).AccessKeyId;
    const operator = await Operator.in(aws);
    const command = ['acknowledge', '--user', 'vendor', '--key', current];
    let kills = 0;
    for (let nth = 1; nth < 20; nth += 1) {
      const killed = await operator.runKilledAtCall(nth, ...command);
      if (killed === undefined) break;
      kills += 1;
      expect(killed).toMatchObject({ exitCode: null });
      const { phase } = (await stage.journal('vendor')).previous[0]!;
      expect(phase).toBe('overlap');
    }
    expect(kills).toBeGreaterThan(2);
    const { stdout } = await operator.run(...command);
    expect(stdout).toContain('was acknowledged before');
    expect(Object.keys((await words())!)).toContain(current);
  });
});
