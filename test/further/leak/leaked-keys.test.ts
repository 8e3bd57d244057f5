import { AttachUserPolicyCommand, CreatePolicyCommand, CreateUserCommand } from '@aws-sdk/client-iam';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand } from '@aws-sdk/client-lambda';

import { HOUR } from '../../../contract/instant';
import { LEAK_CODES } from '../../../contract/leaks';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import type { Stage } from '../../e2e/stack/support/stage';
import type { Inbox, ReceivedMessage } from '../notifications/support/inbox';
import { startTrail } from '../notifications/support/trail';
import { about, over, PREFIX, WatchedStage } from '../notifications/support/watched-stage';

const USERS = ['leaky', 'busy', 'quarantined', 'by_hand'];

/** Health's event as AWS documents it, but for what nobody reads. */
const health = (key: string, at: Date, code = LEAK_CODES[0]!) => ({
  source: 'aws.health',
  detailType: 'AWS Health Event',
  detail: {
    eventArn: `arn:aws:health:global::event/RISK/${code}/${code}_1234`,
    service: 'RISK',
    eventTypeCode: code,
    eventTypeCategory: 'issue',
    communicationId: '1234',
    startTime: at.toUTCString(),
    affectedEntities: [{ entityValue: key }],
    affectedAccount: '111122223333',
  },
});

/** R15 with real bundles under the policies of their roles as synthesized; AWS reports as a service does. */
describeWithTools('a leaked key is replaced by itself', () => {
  let watched: WatchedStage;
  let stage: Stage;
  let inbox: Inbox;

  beforeAll(async () => {
    watched = await WatchedStage.open(
      aStack(
        USERS.map((user) => aUser(user)),
        { secretRecoveryDays: 0, onLeak: 'replace', functions: 'shared' },
      ),
      { callsReachEventBus: true, accessKeys: { propagation: { delaySeconds: 8, flapping: true } } },
    );
    ({ stage, inbox } = watched);
    await startTrail(stage.aws);
    await watched.settled();
    await inbox.take();
  });
  afterAll(() => stage.close());

  const messages = async (): Promise<readonly ReceivedMessage[]> => {
    await watched.settled();
    return inbox.take();
  };
  /** Waits for it, and says how long it took. */
  const secondsUntil = async (what: string, isSo: () => Promise<boolean>, begun: number): Promise<void> => {
    while (!(await isSo())) {
      if (Date.now() > begun + 120_000) throw new Error(`Not within two minutes: ${what}.`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    process.stdout.write(`leak: ${what} after ${((Date.now() - begun) / 1000).toFixed(1)} s\n`);
  };

  it('key-leaked: AWS Health reports the current key; it is Inactive and another one is current; it is over when no more is left', async () => {
    const leaked = (await stage.currentKey('leaky')).AccessKeyId;
    const begun = Date.now();
    // Where Health sends the events of IAM; a rule brings it to the region of the stack.
    stage.aws.putServiceEvent('us-east-1', health(leaked, stage.aws.now()));
    await secondsUntil(
      'the new key is current',
      async () => (await stage.currentKey('leaky')).AccessKeyId !== leaked,
      begun,
    );
    await secondsUntil(
      'the leaked key is Inactive',
      async () => (await stage.account.keysOf('leaky')).includes(`${leaked} Inactive`),
      begun,
    );
    const current = await stage.currentKey('leaky');
    await stage.account.whoIs(current);
    const [message, ...others] = await messages();
    await secondsUntil('people are told', () => Promise.resolve(message !== undefined), begun);
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      subject: about('keyLeaked', 'leaky'),
      attributes: { user: 'leaky', severity: 'critical', kind: 'keyLeaked' },
    });
    expect(message!.text).toContain(`key ...${leaked.slice(-4)}`);
    expect(message!.text).toContain(`The new key ...${current.AccessKeyId.slice(-4)} is current`);
    expect(message!.text).toContain('AWSCompromisedKeyQuarantine');
    expect(message!.text).not.toContain(leaked);

    // The same report by way of Health's second region, and once more.
    for (const region of ['us-west-2', 'us-east-1'])
      stage.aws.putServiceEvent(region, health(leaked, new Date(begun)));
    expect(await messages()).toEqual([]);
    expect((await stage.currentKey('leaky')).AccessKeyId).toBe(current.AccessKeyId);

    watched.letPass(HOUR);
    await watched.sweep();
    expect((await messages()).map(({ subject }) => subject)).toEqual([over('keyLeaked', 'leaky')]);
  });

  it('with both slots taken the previous key is current again', async () => {
    const previous = await stage.rotateAway('busy');
    await messages();
    const leaked = await stage.currentKey('busy');
    stage.aws.putServiceEvent('us-east-1', health(leaked.AccessKeyId, stage.aws.now(), LEAK_CODES.at(-1)));
    const [message] = await messages();
    expect(message!.text).toContain(`the previous key ...${previous.AccessKeyId.slice(-4)} is current again`);
    expect((await stage.currentKey('busy')).AccessKeyId).toBe(previous.AccessKeyId);
    expect(await stage.account.keysOf('busy')).toContain(`${leaked.AccessKeyId} Inactive`);
  });

  it('AWS puts a user into quarantine: its key is replaced, and the policy stays', async () => {
    const leaked = (await stage.currentKey('quarantined')).AccessKeyId;
    const at = stage.aws
      .now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
    const policyArn = 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV9';
    stage.aws.putServiceEvent('us-east-1', {
      source: 'aws.iam',
      detailType: 'AWS API Call via CloudTrail',
      detail: {
        ...{ eventSource: 'iam.amazonaws.com', eventName: 'AttachUserPolicy', eventTime: at, eventID: 'one' },
        requestParameters: { userName: 'quarantined', policyArn },
      },
    });
    const [message] = await messages();
    expect(message!.subject).toBe(about('keyLeaked', 'quarantined'));
    expect((await stage.currentKey('quarantined')).AccessKeyId).not.toBe(leaked);
    expect(await stage.account.keysOf('quarantined')).toContain(`${leaked} Inactive`);
  });

  it('leak-reported: a key that is not ours is told, and nobody touches it; the first step says whose it is', async () => {
    const { iam } = stage.account;
    await iam.send(new CreateUserCommand({ UserName: 'somebody' }));
    const { AccessKeyId: theirs } = await stage.account.createKey('somebody');
    stage.aws.putServiceEvent('us-east-1', health(theirs, stage.aws.now()));
    const [message, ...others] = await messages();
    expect(others).toEqual([]);
    expect(message).toMatchObject({ subject: about('leakReported'), attributes: { severity: 'critical' } });
    expect(message!.text).toContain('No journal of this stack names it');
    expect(await stage.account.keysOf('somebody')).toEqual([`${theirs} Active`]);
  });

  it('a code that is not known yet is told, and starts nothing', async () => {
    const { AccessKeyId } = await stage.currentKey('by_hand');
    stage.aws.putServiceEvent('us-east-1', health(AccessKeyId, stage.aws.now(), 'AWS_RISK_SOMETHING_NEW'));
    expect((await messages())[0]!.text).toContain('does not know that word');
    expect((await stage.currentKey('by_hand')).AccessKeyId).toBe(AccessKeyId);
  });

  it('nobody but AWS starts it: an event that somebody puts, and a policy of their own that is called alike', async () => {
    const { AccessKeyId } = await stage.currentKey('by_hand');
    const { source: Source, detailType: DetailType, detail } = health(AccessKeyId, stage.aws.now());
    const { Entries } = await new EventBridgeClient(stage.aws.clientConfig()).send(
      new PutEventsCommand({ Entries: [{ Source, DetailType, Detail: JSON.stringify(detail) }] }),
    );
    expect(Entries?.[0]?.ErrorCode).toBe('NotAuthorizedForSourceException');
    const { Policy } = await stage.account.iam.send(
      new CreatePolicyCommand({
        PolicyName: 'AWSCompromisedKeyQuarantineV3',
        PolicyDocument:
          '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}',
      }),
    );
    await stage.account.iam.send(
      new AttachUserPolicyCommand({ UserName: 'by_hand', PolicyArn: Policy!.Arn }),
    );
    await watched.settled();
    expect((await stage.currentKey('by_hand')).AccessKeyId).toBe(AccessKeyId);
  });

  it('a person who has nothing but the AWS CLI starts the same', async () => {
    const { AccessKeyId: LeakedKeyId } = await stage.currentKey('by_hand');
    const { secretArn: SecretId } = await stage.journal('by_hand');
    const { FunctionError, Payload } = await stage.account.lambda.send(
      new InvokeCommand({
        FunctionName: `${PREFIX}-rotate`,
        Payload: JSON.stringify({ Step: 'replaceLeakedKey', SecretId, LeakedKeyId }),
      }),
    );
    expect(FunctionError).toBeUndefined();
    expect(JSON.parse(Buffer.from(Payload!).toString())).toMatchObject({ leaked: [{ outcome: 'replaced' }] });
    expect(await stage.account.keysOf('by_hand')).toContain(`${LeakedKeyId} Inactive`);
  });
});
