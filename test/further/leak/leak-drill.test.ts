import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

import type { DrillDocument } from '../../../cli/drill/drill-document';
import { HOUR } from '../../../contract/instant';
import { DRILL_DETAIL_TYPE, DRILL_SOURCE } from '../../../contract/leak-drill';
import type { Stage } from '../../e2e/stack/support/stage';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { type Finished, runCli } from '../../cli/sync/support/run-cli';
import type { Inbox, ReceivedMessage } from '../notifications/support/inbox';
import { about, over, PREFIX, WatchedStage } from '../notifications/support/watched-stage';

const PARAMETER = '/drills/aws-key';

/** R15 of drills: the real command, with no rights but those that are printed for it, in a stack as synthesized, with real bundles and Terraform. */
describeWithTools('a leak is played', () => {
  let watched: WatchedStage;
  let stage: Stage;
  let inbox: Inbox;
  let environment: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const drills = aUser('drills', { deliver: [{ kind: 'parameter', name: PARAMETER }] });
    watched = await WatchedStage.open(
      aStack([drills, aUser('payments')], { secretRecoveryDays: 0, onLeak: 'replace', leakDrill: 'drills' }),
      { accessKeys: { propagation: { delaySeconds: 8, flapping: true } } },
    );
    ({ stage, inbox } = watched);
    environment = await somebodyWith('drill');
    await watched.settled();
    await inbox.take();
  });
  afterAll(() => stage.close());

  /** The environment of somebody who may do what is printed for a command, and nothing more. */
  const somebodyWith = async (command: string): Promise<Readonly<Record<string, string>>> => {
    const { stdout: PolicyDocument } = await runCli(['policy', command], stage.aws.environment);
    const assume = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: stage.aws.accountId } };
    const { Role } = await stage.account.iam.send(
      new CreateRoleCommand({
        RoleName: 'somebody',
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [assume] }),
      }),
    );
    await stage.account.iam.send(
      new PutRolePolicyCommand({ RoleName: 'somebody', PolicyName: command, PolicyDocument }),
    );
    const { Credentials } = await new STSClient(stage.aws.clientConfig()).send(
      new AssumeRoleCommand({ RoleArn: Role!.Arn, RoleSessionName: 'jane' }),
    );
    return {
      ...stage.aws.environment,
      AWS_ACCESS_KEY_ID: Credentials!.AccessKeyId!,
      AWS_SECRET_ACCESS_KEY: Credentials!.SecretAccessKey!,
      AWS_SESSION_TOKEN: Credentials!.SessionToken!,
    };
  };
  const messages = async (): Promise<readonly ReceivedMessage[]> => {
    await watched.settled();
    return inbox.take();
  };
  const drill = (...args: readonly string[]): Promise<Finished> =>
    runCli(['drill', 'leak', ...args], environment);
  const keys = async (): Promise<readonly (readonly string[])[]> =>
    Promise.all(['drills', 'payments'].map((user) => stage.account.keysOf(user)));

  it('for who is asked and does not type the name nothing is begun', async () => {
    const before = await keys();
    const { exitCode, stderr } = await drill('--user', 'drills');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Nothing was begun, because nobody typed drills');
    expect(await messages()).toEqual([]);
    expect(await keys()).toEqual(before);
  });

  it('of the user for drills: the key is Inactive, another one is current and delivered, and people read that it is a drill', async () => {
    const leaked = (await stage.currentKey('drills')).AccessKeyId;
    const { exitCode, stdout, stderr } = await drill('--user', 'drills', '--yes', '--json');
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const document = JSON.parse(stdout) as DrillDocument;
    const { untilInactive, untilCurrent, untilDelivered } = document.seconds;
    process.stdout.write(
      `drill: Inactive after ${untilInactive} s, another key current after ${untilCurrent} s, delivered after ${untilDelivered} s\n`,
    );
    expect(document).toMatchObject({
      ...{ user: 'drills', outcome: 'done', leakedKeyId: leaked, eventRegion: 'us-east-1' },
      seconds: {
        untilInactive: expect.any(Number),
        untilCurrent: expect.any(Number),
        untilDelivered: expect.any(Number),
      },
      targets: [`parameter ${PARAMETER}`],
    });
    const current = await stage.currentKey('drills');
    expect(document.currentKeyId).toBe(current.AccessKeyId);
    await stage.account.whoIs(current);
    expect(await stage.account.keysOf('drills')).toContain(`${leaked} Inactive`);

    const [message, ...others] = await messages();
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      subject: `Drill: ${about('keyLeaked', 'drills')}`,
      attributes: { user: 'drills', severity: 'critical', kind: 'keyLeaked', drill: 'true' },
    });
    expect(message!.text).toContain('This is a drill');
    watched.letPass(HOUR);
    await watched.sweep();
    expect((await messages()).map(({ subject }) => subject)).toEqual([
      `Drill: ${over('keyLeaked', 'drills')}`,
    ]);
  });

  it('a second time, within the grace period of the first one', async () => {
    const leaked = (await stage.currentKey('drills')).AccessKeyId;
    const { exitCode, stdout } = await drill('--user', 'drills', '--yes');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      new RegExp(
        `^drills: the leak was answered\\.\\n  Inactive   after [\\d.]+ s: ${leaked}\\n  current    after [\\d.]+ s: AKIA\\w+\\n  delivered  after [\\d.]+ s\\n$`,
      ),
    );
    expect((await messages()).map(({ subject }) => subject)).toEqual([
      `Drill: ${about('keyLeaked', 'drills')}`,
    ]);
  });

  it('of no other user: the command says so, and changes nothing', async () => {
    const before = await keys();
    const { exitCode, stderr } = await drill('--user', 'payments', '--yes');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('payments is not the user for drills of stack iam-key-rotation');
    expect(stderr).toContain('Nothing was changed.');
    expect(await messages()).toEqual([]);
    expect(await keys()).toEqual(before);
  });

  it.each(['us-east-1', 'eu-west-1'])(
    'of no other user, also where somebody puts the event into %s by hand: that is told',
    async (region) => {
      const before = await keys();
      const { AccessKeyId: keyId } = await stage.currentKey('payments');
      const Detail = JSON.stringify({
        ...{ stack: PREFIX, keyId, at: stage.aws.now().toISOString(), user: 'drills', drillUser: 'payments' },
      });
      await new EventBridgeClient({ ...stage.aws.clientConfig(), region }).send(
        new PutEventsCommand({
          Entries: [{ Source: DRILL_SOURCE, DetailType: DRILL_DETAIL_TYPE, Detail }],
        }),
      );
      const [message, ...others] = await messages();
      expect(others).toEqual([]);
      expect(message!.subject).toBe(`Drill: ${about('leakReported', 'payments')}`);
      expect(message!.text).toContain('(leakDrill), so nothing was changed');
      expect(await keys()).toEqual(before);
    },
  );

  it('where the key has not been replaced in time, the command says what is missing and where to look', async () => {
    const { exitCode, stdout, stderr } = await drill('--user', 'drills', '--yes', '--wait', '0.02');
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^drills: the drill is not finished\.\n {2}Inactive {3}not seen/);
    expect(stderr).toMatch(
      /is Active; AKIA\w+ is the current key\. 0\.02 min were waited\. What began goes on/,
    );
    expect(stderr).toContain('/aws/lambda/iam-key-rotation-respond');
    await messages();
  });
});

describeWithTools('where no leaked key is replaced', () => {
  let stage: Stage;

  beforeAll(async () => {
    const watched = await WatchedStage.open(aStack([aUser('drills')], { secretRecoveryDays: 0 }));
    ({ stage } = watched);
  });
  afterAll(() => stage.close());

  it('there is nothing to play, and the command says what a person does instead', async () => {
    const { exitCode, stderr } = await stage.command('drill', 'leak', '--user', 'drills', '--yes');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('it says onLeak: notify, so people are told of a leak and no key is replaced');
    expect(stderr).toContain(
      'set onLeak: replace and leakDrill: drills in the stack of rotation.yaml, and apply. Nothing was changed.',
    );
  });
});
