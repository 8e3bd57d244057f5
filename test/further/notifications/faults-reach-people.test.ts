import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type StatusType, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { GetQueueUrlCommand, PurgeQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

import { DAY, HOUR } from '../../../contract/instant';
import { aStack, aUser } from '../../modules/support/configurations';
import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import type { Stage } from '../../e2e/stack/support/stage';
import { Inbox } from './support/inbox';
import { startTrailWithRule } from './support/trail';
import type { Watch } from './support/watch';
import { about, over, PREFIX, WatchedStage } from './support/watched-stage';

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
  let watched: WatchedStage;
  let stage: Stage;
  let watch: Watch;
  let inbox: Inbox;
  let dataTeam: Inbox;

  beforeAll(async () => {
    watched = await WatchedStage.open(CONFIGURATION);
    ({ stage, watch, inbox } = watched);
    dataTeam = await Inbox.subscribe(stage.aws, watched.topicArn, 'data-team', { owner: ['data-team'] });
  });
  afterAll(() => stage.close());

  it('first of all, nothing is wrong, and Terraform plans nothing more', async () => {
    await watched.sweep();
    expect(await watch.look()).toEqual([]);
    expect(await watched.subjects()).toEqual([]);
    expect(await stage.stack.changes(CONFIGURATION)).toEqual({});
  });

  it('rotation-failed: IAM refuses a new key, three times; people hear of it once, and once that it is over', async () => {
    const allowAgain = await stage.account.deny(`${PREFIX}-rotate`, 'iam:CreateAccessKey');
    expect(await watched.rotate('failing')).toContain('RotationFailed');
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
    expect(await watched.rotate('failing')).toContain('RotationSucceeded');
    expect(await watch.look()).not.toContain('rotation-failed');
    expect(await watched.subjects()).toEqual([over('rotationFailed', 'failing')]);
  });

  it('unmanaged-key: somebody makes a key by hand; its owner hears of it, and of the end', async () => {
    const key = await stage.account.createKey('foreign');
    watched.letPass(HOUR);
    await watched.sweep();
    expect(await watch.look()).toEqual(['unmanaged-key']);
    expect(await watched.subjects()).toEqual([about('unmanagedKey', 'foreign')]);
    const [message] = await dataTeam.take();
    expect(message!.text).toContain(`...${key.AccessKeyId.slice(-4)}`);
    expect(message!.text).not.toContain(key.AccessKeyId);

    watched.letPass(HOUR);
    await watched.sweep();
    expect(await watch.look()).toEqual(['unmanaged-key']);
    expect(await watched.subjects()).toEqual([]);

    await stage.account.deleteKey('foreign', key);
    watched.letPass(HOUR);
    await watched.sweep();
    expect(await watch.look()).toEqual([]);
    expect(await watched.subjects()).toEqual([over('unmanagedKey', 'foreign')]);
    expect(await dataTeam.take()).toHaveLength(1);
  });

  it('a rotation that waits for a free slot breaches nothing and is no failure', async () => {
    const key = await stage.account.createKey('waiting');
    expect(await watched.rotate('waiting')).toContain('RotationFailed');
    expect(await watch.look()).toEqual(NOBODY_SWEPT);
    expect(await watched.subjects()).toEqual([]);
    await stage.account.deleteKey('waiting', key);
  });

  it('rotation-stuck: Secrets Manager refuses to move the label, and a day goes by', async () => {
    const allowAgain = await stage.account.deny(
      `${PREFIX}-rotate`,
      'secretsmanager:UpdateSecretVersionStage',
    );
    expect(await watched.rotate('stuck')).toContain('RotationFailed');
    await allowAgain();
    watched.letPass(26 * HOUR);
    await watched.sweep();
    expect(await watch.look()).toContain('rotation-stuck');
    expect(await watched.subjects()).toEqual(
      expect.arrayContaining([about('rotationFailed', 'stuck'), about('rotationStuck', 'stuck')]),
    );
    await watched.rotate('stuck');
    await inbox.take();
  });

  it('reactivated-by-person and current-not-working: somebody changes keys by hand', async () => {
    const { iam } = stage.account;
    const set = (user: string, { AccessKeyId }: { AccessKeyId: string }, Status: StatusType) =>
      iam.send(new UpdateAccessKeyCommand({ UserName: user, AccessKeyId, Status }));
    const [retired] = (await stage.journal('failing')).previous;
    const current = await stage.currentKey('foreign');
    await set('failing', { AccessKeyId: retired!.keyId }, 'Active');
    await set('foreign', current, 'Inactive');
    await watched.sweep();
    expect(await watched.subjects()).toEqual(
      expect.arrayContaining([
        about('reactivatedByPerson', 'failing'),
        about('currentNotWorking', 'foreign'),
      ]),
    );
    await set('failing', { AccessKeyId: retired!.keyId }, 'Inactive');
    await set('foreign', current, 'Active');
    watched.letPass(HOUR);
    await watched.sweep();
    expect(await watched.subjects()).toEqual(
      expect.arrayContaining([over('reactivatedByPerson', 'failing'), over('currentNotWorking', 'foreign')]),
    );
  });

  it('visit-failed: a user’s settings cannot be read, in two runs', async () => {
    const Item = await stage.account.item('settings#broken');
    const put = (item: typeof Item) =>
      stage.account.dynamo.send(new PutItemCommand({ TableName: PREFIX, Item: item }));
    await put({ ...Item, overlapSeconds: { S: 'a day' } });
    await watched.sweep();
    watched.letPass(HOUR);
    await watched.sweep();
    expect(await watch.look()).toContain('visit-failed');
    expect(await watched.subjects()).toContain(about('visitFailed', 'broken'));
    await put(Item);
    watched.letPass(HOUR);
    await watched.sweep();
    expect(await watch.look()).not.toContain('visit-failed');
    expect(await watched.subjects()).toContain(over('visitFailed', 'broken'));
  });

  it('deletion-cap-reached: two keys are due where one may be deleted', async () => {
    await watched.rotate('capped');
    await watched.rotate('broken');
    watched.letPass(25 * HOUR);
    await watched.sweep();
    watched.letPass(8 * DAY);
    await watch.look();
    await watched.sweep();
    expect(await watch.look()).toContain('deletion-cap-reached');
    await inbox.take();
    await watch.setState('deletion-cap-reached', 'ALARM');
    expect(await watched.subjects()).toEqual([about('deletionCapReached')]);
    await watch.setState('deletion-cap-reached', 'OK');
    expect(await watched.subjects()).toEqual([over('deletionCapReached')]);
  });

  it('rotation-overdue, held-past-maximum-age and key-past-maximum-age: months go by', async () => {
    const held = await stage.currentKey('failing');
    watched.letPass(70 * DAY);
    // One run deletes one key; `failing` needs a free slot.
    for (let run = 0; run < 3; run += 1) await watched.sweep();
    expect(await watch.look()).toContain('rotation-overdue');
    expect(await watched.subjects()).toContain(about('rotationOverdue', 'capped'));

    await watched.rotate('failing');
    watched.letPass(20 * HOUR);
    await stage.account.whoIs(held);
    watched.letPass(5 * HOUR);
    await watched.sweep();
    watched.letPass(21 * DAY - 2 * HOUR);
    await stage.account.whoIs(held);
    watched.letPass(2 * HOUR);
    await watched.sweep();
    const breached = await watch.look();
    expect(breached).toContain('key-past-maximum-age');
    expect(breached).toContain('held-past-maximum-age');
    const told = await watched.subjects();
    expect(told).toContain(about('stillInUse', 'failing'));
    expect(told).toContain(about('heldPastMaximumAge', 'failing'));
    expect(told).toContain(about('keyPastMaximumAge', 'capped'));

    await watch.setState('key-past-maximum-age', 'ALARM');
    expect(await watched.subjects()).toEqual([]); // Its findings were told, user by user.
  });

  it('sweep-failed and sweep-not-running: the table cannot be read', async () => {
    const allowAgain = await stage.account.deny(`${PREFIX}-retire`, 'dynamodb:Scan');
    await watched.sweep();
    await allowAgain();
    expect(await watch.look()).toEqual(['sweep-failed', 'sweep-not-running']);
    await watch.setState('sweep-failed', 'ALARM');
    const [message] = await inbox.take();
    expect(message!.subject).toBe(about('sweepFailed'));
    expect(message!.text).toContain('First: Read the log group `/aws/lambda/iam-key-rotation-retire`');
  });

  it('dead-letters: a run that could not be made is in the queue; it is read, and the queue purged', async () => {
    const sqs = new SQSClient(stage.aws.clientConfig());
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${PREFIX}-retire-failed` }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }));
    expect(await watch.look()).toContain('dead-letters');
    await watch.setState('dead-letters', 'ALARM');
    const [message] = await inbox.take();
    expect(message!.subject).toBe(about('deadLetters'));
    expect(message!.text).toContain('First: Read the messages in the queue `iam-key-rotation-retire-failed`');

    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await watch.look()).not.toContain('dead-letters');
    await watch.setState('dead-letters', 'OK');
    expect(await watched.subjects()).toEqual([over('deadLetters')]);
  });

  it('notifications-failed: SNS refuses the message; it goes out once that is mended and the event comes again', async () => {
    const allowAgain = await stage.account.deny(`${PREFIX}-notify`, 'sns:Publish');
    await watch.setState('visit-failed', 'ALARM');
    await allowAgain();
    expect(await watch.look()).toContain('notifications-failed');
    expect(await watched.subjects()).toEqual([]);
    await watch.setState('visit-failed', 'ALARM');
    expect(await watched.subjects()).toEqual([about('visitFailed')]);
  });

  it('the function is gone: Secrets Manager itself reports it, where a trail is logging', async () => {
    await startTrailWithRule(stage.aws);
    const { secrets, lambda } = stage.account;
    await secrets.send(new RotateSecretCommand({ SecretId: `${PREFIX}/foreign` }));
    await lambda.send(new DeleteFunctionCommand({ FunctionName: `${PREFIX}-rotate` }));
    await watched.settled();
    const [message, ...others] = await inbox.take();
    expect(others).toEqual([]);
    expect(message!.subject).toBe(about('rotationFailed', 'foreign'));
    expect(message!.text).toContain('Error when executing lambda');
    expect(message!.text).toContain('run `terraform plan`');
  });
});
