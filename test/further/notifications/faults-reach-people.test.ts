import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient, type StatusType, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { DeleteFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueUrlCommand, PurgeQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

import { FAULTS, type FaultKind } from '../../../contract/faults';
import { DAY, HOUR } from '../../../contract/instant';
import { aStack, aUser } from '../../modules/support/configurations';
import { synthesize } from '../../modules/support/synthesize';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { Stage } from '../retirement/support/stage';
import { Inbox } from './support/inbox';
import { startTrailWithRule } from './support/trail';
import { Watch } from './support/watch';

jest.setTimeout(300_000);

const PREFIX = 'iam-key-rotation';
const RUNBOOK = 'https://wiki.example.com/runbook';
const CONFIGURATION = aStack(
  [
    aUser('failing', { owner: 'platform-team' }),
    aUser('foreign', { owner: 'data-team' }),
    ...['stuck', 'capped', 'broken', 'waiting'].map((user) => aUser(user)),
  ],
  {
    functions: 'shared',
    secretRecoveryDays: 0,
    maximumDeletionsPerRun: 1,
    alerts: {
      emails: ['oncall@example.com'],
      topicArns: [],
      runbookUrl: RUNBOOK,
      perFunctionAlarms: true,
    },
  },
);

/** What an alarm sees, too, where no run was made since the last look. */
const NOBODY_SWEPT = ['sweep-not-running'];

/**
 * Every fault of docs/runbook.md that can be made here is made, and has to breach its alarm and to reach people. The
 * tests share a stack and its time, which only goes forward.
 */
describeWithTools('what goes wrong reaches people', () => {
  let stage: Stage;
  let watch: Watch;
  let inbox: Inbox;
  let dataTeam: Inbox;

  beforeAll(async () => {
    stage = await Stage.open();
    await stage.stack.apply(CONFIGURATION);
    const topicArn = `arn:aws:sns:${stage.aws.region}:${stage.aws.accountId}:${PREFIX}-alerts`;
    inbox = await Inbox.subscribe(stage.aws, topicArn, 'everything');
    dataTeam = await Inbox.subscribe(stage.aws, topicArn, 'data-team', { owner: ['data-team'] });
    watch = new Watch(
      stage.aws,
      synthesize(CONFIGURATION),
      ['rotate', 'retire', 'notify'].map((name) => `${PREFIX}-${name}`),
      ['retire-failed', 'notify-failed'].map((name) => `${PREFIX}-${name}`),
    );
    await watch.look();
  });
  afterAll(() => stage.close());

  const sweep = async () => {
    const run = await stage.sweep();
    await stage.aws.rotationsSettled();
    await stage.aws.eventsDelivered();
    return run;
  };
  const rotate = async (user: string) => {
    const events = await stage.rotate(user);
    await stage.aws.eventsDelivered();
    return events;
  };
  const letPass = (time: number) => {
    stage.goTo(stage.now() + time);
  };
  const subjects = async (): Promise<readonly string[]> =>
    (await inbox.take()).map(({ subject }) => subject).sort();
  const about = (kind: FaultKind, user: string): string => `${FAULTS[kind].title} (${PREFIX}/${user})`;
  const ofStack = (kind: FaultKind): string => `${FAULTS[kind].title} (${PREFIX})`;

  it('first of all, nothing is wrong, and Terraform plans nothing more', async () => {
    await sweep();
    expect(await watch.look()).toEqual([]);
    expect(await subjects()).toEqual([]);
    expect(await stage.stack.changes(CONFIGURATION)).toEqual({});
  });

  it('rotation-failed: IAM refuses a new key, three times; people hear of it once, and once that it is over', async () => {
    const allowAgain = await stage.account.deny(`${PREFIX}-rotate`, 'iam:CreateAccessKey');
    expect(await rotate('failing')).toContain('RotationFailed');
    expect(await watch.look()).toEqual(['rotation-failed', ...NOBODY_SWEPT]);
    const [message, ...others] = await inbox.take();
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      subject: about('rotationFailed', 'failing'),
      attributes: { user: 'failing', owner: 'platform-team', kind: 'rotationFailed', severity: 'warning' },
    });
    expect(message!.text).toContain('AccessDenied');
    expect(message!.text).toContain('Owner:   platform-team');
    expect(message!.text).toContain(`Runbook: ${RUNBOOK}#rotation-failed`);

    await allowAgain();
    expect(await rotate('failing')).toContain('RotationSucceeded');
    expect(await watch.look()).not.toContain('rotation-failed');
    expect(await subjects()).toEqual([`Over: ${about('rotationFailed', 'failing')}`]);
  });

  it('unmanaged-key: somebody makes a key by hand; its owner hears of it, and of the end', async () => {
    const key = await stage.createKey('foreign');
    letPass(HOUR);
    await sweep();
    expect(await watch.look()).toEqual(['unmanaged-key']);
    expect(await subjects()).toEqual([about('unmanagedKey', 'foreign')]);
    const [message] = await dataTeam.take();
    expect(message!.text).toContain(`...${key.AccessKeyId.slice(-4)}`);
    expect(message!.text).not.toContain(key.AccessKeyId);

    letPass(HOUR);
    await sweep();
    expect(await watch.look()).toEqual(['unmanaged-key']);
    expect(await subjects()).toEqual([]);

    await stage.deleteKey('foreign', key);
    letPass(HOUR);
    await sweep();
    expect(await watch.look()).toEqual([]);
    expect(await subjects()).toEqual([`Over: ${about('unmanagedKey', 'foreign')}`]);
    expect(await dataTeam.take()).toHaveLength(1);
  });

  it('a rotation that waits for a free slot breaches nothing and is no failure', async () => {
    const key = await stage.createKey('waiting');
    expect(await rotate('waiting')).toContain('RotationFailed');
    expect(await watch.look()).toEqual(NOBODY_SWEPT);
    expect(await subjects()).toEqual([]);
    await stage.deleteKey('waiting', key);
  });

  it('rotation-stuck: Secrets Manager refuses to move the label, and a day goes by', async () => {
    const allowAgain = await stage.account.deny(
      `${PREFIX}-rotate`,
      'secretsmanager:UpdateSecretVersionStage',
    );
    expect(await rotate('stuck')).toContain('RotationFailed');
    await allowAgain();
    letPass(26 * HOUR);
    await sweep();
    expect(await watch.look()).toContain('rotation-stuck');
    expect(await subjects()).toEqual(
      expect.arrayContaining([about('rotationFailed', 'stuck'), about('rotationStuck', 'stuck')]),
    );
    await rotate('stuck');
    await inbox.take();
  });

  it('reactivated-by-person and current-not-working: somebody changes keys by hand', async () => {
    const iam = new IAMClient(stage.aws.clientConfig());
    const set = (user: string, { AccessKeyId }: { AccessKeyId: string }, Status: StatusType) =>
      iam.send(new UpdateAccessKeyCommand({ UserName: user, AccessKeyId, Status }));
    const [retired] = (await stage.journal('failing')).previous;
    const current = await stage.currentKey('foreign');
    await set('failing', { AccessKeyId: retired!.keyId }, 'Active');
    await set('foreign', current, 'Inactive');
    await sweep();
    expect(await subjects()).toEqual(
      expect.arrayContaining([
        about('reactivatedByPerson', 'failing'),
        about('currentNotWorking', 'foreign'),
      ]),
    );
    await set('failing', { AccessKeyId: retired!.keyId }, 'Inactive');
    await set('foreign', current, 'Active');
    letPass(HOUR);
    await sweep();
    expect(await subjects()).toEqual(
      expect.arrayContaining([
        `Over: ${about('reactivatedByPerson', 'failing')}`,
        `Over: ${about('currentNotWorking', 'foreign')}`,
      ]),
    );
  });

  it('visit-failed: a user’s settings cannot be read, in two runs', async () => {
    const dynamodb = new DynamoDBClient(stage.aws.clientConfig());
    const Key = { pk: { S: 'settings#broken' } };
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: PREFIX, Key }));
    await dynamodb.send(
      new PutItemCommand({ TableName: PREFIX, Item: { ...Item, overlapSeconds: { S: 'a day' } } }),
    );
    await sweep();
    letPass(HOUR);
    await sweep();
    expect(await watch.look()).toContain('visit-failed');
    expect(await subjects()).toContain(about('visitFailed', 'broken'));
    await dynamodb.send(new PutItemCommand({ TableName: PREFIX, Item: Item! }));
    letPass(HOUR);
    await sweep();
    expect(await watch.look()).not.toContain('visit-failed');
    expect(await subjects()).toContain(`Over: ${about('visitFailed', 'broken')}`);
  });

  it('deletion-cap-reached: two keys are due where one may be deleted', async () => {
    await rotate('capped');
    await rotate('broken');
    letPass(25 * HOUR);
    await sweep();
    letPass(8 * DAY);
    await watch.look();
    await sweep();
    expect(await watch.look()).toContain('deletion-cap-reached');
    await inbox.take();
    await watch.setState('deletion-cap-reached', 'ALARM');
    expect(await subjects()).toEqual([ofStack('deletionCapReached')]);
    await watch.setState('deletion-cap-reached', 'OK');
    expect(await subjects()).toEqual([`Over: ${ofStack('deletionCapReached')}`]);
  });

  it('rotation-overdue, held-past-maximum-age and key-past-maximum-age: months go by', async () => {
    const held = await stage.currentKey('failing');
    letPass(70 * DAY);
    // One run deletes one key; `failing` needs a free slot.
    for (let run = 0; run < 3; run += 1) await sweep();
    expect(await watch.look()).toContain('rotation-overdue');
    expect(await subjects()).toContain(about('rotationOverdue', 'capped'));

    await rotate('failing');
    letPass(20 * HOUR);
    await stage.account.whoIs(held);
    letPass(5 * HOUR);
    await sweep();
    letPass(21 * DAY - 2 * HOUR);
    await stage.account.whoIs(held);
    letPass(2 * HOUR);
    await sweep();
    const breached = await watch.look();
    expect(breached).toContain('key-past-maximum-age');
    expect(breached).toContain('held-past-maximum-age');
    const told = await subjects();
    expect(told).toContain(about('stillInUse', 'failing'));
    expect(told).toContain(about('heldPastMaximumAge', 'failing'));
    expect(told).toContain(about('keyPastMaximumAge', 'capped'));

    await watch.setState('key-past-maximum-age', 'ALARM');
    expect(await subjects()).toEqual([]); // Its findings were told, user by user.
  });

  it('sweep-failed and sweep-not-running: the table cannot be read', async () => {
    const allowAgain = await stage.account.deny(`${PREFIX}-retire`, 'dynamodb:Scan');
    await sweep();
    await allowAgain();
    expect(await watch.look()).toEqual(['sweep-failed', 'sweep-not-running']);
    await watch.setState('sweep-failed', 'ALARM');
    const [message] = await inbox.take();
    expect(message!.subject).toBe(ofStack('sweepFailed'));
    expect(message!.text).toContain('First: Read the log group `/aws/lambda/iam-key-rotation-retire`');
  });

  it('dead-letters: a run that could not be made is in the queue; it is read, and the queue purged', async () => {
    const sqs = new SQSClient(stage.aws.clientConfig());
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${PREFIX}-retire-failed` }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }));
    expect(await watch.look()).toContain('dead-letters');
    await watch.setState('dead-letters', 'ALARM');
    const [message] = await inbox.take();
    expect(message!.subject).toBe(ofStack('deadLetters'));
    expect(message!.text).toContain('First: Read the messages in the queue `iam-key-rotation-retire-failed`');

    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await watch.look()).not.toContain('dead-letters');
    await watch.setState('dead-letters', 'OK');
    expect(await subjects()).toEqual([`Over: ${ofStack('deadLetters')}`]);
  });

  it('notifications-failed: SNS refuses the message; it goes out once that is mended and the event comes again', async () => {
    const allowAgain = await stage.account.deny(`${PREFIX}-notify`, 'sns:Publish');
    await watch.setState('visit-failed', 'ALARM');
    await allowAgain();
    expect(await watch.look()).toContain('notifications-failed');
    expect(await subjects()).toEqual([]);
    await watch.setState('visit-failed', 'ALARM');
    expect(await subjects()).toEqual([ofStack('visitFailed')]);
  });

  it('the function is gone: Secrets Manager itself reports it, where a trail is logging', async () => {
    await startTrailWithRule(stage.aws);
    const config = stage.aws.clientConfig();
    await new SecretsManagerClient(config).send(new RotateSecretCommand({ SecretId: `${PREFIX}/foreign` }));
    await new LambdaClient(config).send(new DeleteFunctionCommand({ FunctionName: `${PREFIX}-rotate` }));
    await stage.aws.rotationsSettled();
    await stage.aws.eventsDelivered();
    const [message, ...others] = await inbox.take();
    expect(others).toEqual([]);
    expect(message!.subject).toBe(about('rotationFailed', 'foreign'));
    expect(message!.text).toContain('Error when executing lambda');
    expect(message!.text).toContain('run `terraform plan`');
  });
});
