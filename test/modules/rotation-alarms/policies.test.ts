import { awsPlace } from '../../../modules/aws/aws-place';
import { notificationStatements, type NotificationScope } from '../../../modules/rotation-alarms/policies';
import { simulateCall } from '../support/simulate-call';

const place = awsPlace({ partition: 'aws', accountId: '111122223333', region: 'eu-west-1' });
const tableArn = 'arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation';
const topicArn = 'arn:aws:sns:eu-west-1:111122223333:iam-key-rotation-alerts';
const elsewhere = 'arn:aws:sns:eu-west-1:444455556666:oncall';
const keyArn = 'arn:aws:kms:eu-west-1:111122223333:key/22222222-3333-4444-5555-666666666666';

const statementsOf = (own: Partial<NotificationScope> = {}) =>
  notificationStatements({
    ...{ place, tableArn, topicArn, everyTopicArn: [topicArn, elsewhere], existingTopicArns: [elsewhere] },
    queueArn: 'arn:aws:sqs:eu-west-1:111122223333:iam-key-rotation-notify-failed',
    ...own,
  });
const may = (action: string, resource: string, context: Record<string, string | string[]> = {}) =>
  simulateCall(statementsOf(), action, resource, context);

it('R9: the role of the notification function may publish to the topics of its stack alone', async () => {
  expect(await may('sns:Publish', topicArn)).toBe(true);
  expect(await may('sns:Publish', elsewhere)).toBe(true);
  expect(await may('sns:Publish', 'arn:aws:sns:eu-west-1:111122223333:another')).toBe(false);
  expect(await may('sns:Subscribe', topicArn)).toBe(false);
});

it.each([
  ['GetItem', 'settings#ci', true],
  ['GetItem', 'journal#ci', true],
  ['GetItem', 'findings#ci', false],
  ['PutItem', 'notified#ci#rotationFailed', true],
  ['UpdateItem', 'notified#ci#rotationFailed', false],
  ['DeleteItem', 'notified#ci#rotationFailed', false],
  ['PutItem', 'journal#ci', false],
  ['PutItem', 'settings#ci', false],
  ['PutItem', 'sweep', false],
])(
  'R9: the role of the notification function is allowed DynamoDB %s of %s: %s',
  async (action, key, allowed) => {
    expect(await may(`dynamodb:${action}`, tableArn, { 'dynamodb:LeadingKeys': [key] })).toBe(allowed);
  },
);

it.each([
  ['iam:UpdateAccessKey', 'arn:aws:iam::111122223333:user/ci'],
  [
    'secretsmanager:GetSecretValue',
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-AbCdEf',
  ],
  ['dynamodb:Scan', tableArn],
])('R9: the role of the notification function may not %s', async (action, resource) => {
  expect(await may(action, resource)).toBe(false);
});

// As values: the simulator knows no `kms:EncryptionContext:…`.
it('R9: the role of the notification function may use the key of its own topic, and whatever key encrypts another, for these topics through SNS alone', () => {
  const useOf = (topics: readonly string[]) => ({
    StringEquals: {
      'kms:ViaService': 'sns.eu-west-1.amazonaws.com',
      'kms:EncryptionContext:aws:sns:topicArn': topics,
    },
  });
  const withKeys = statementsOf({ kmsKeyArn: keyArn }).filter(({ Sid }) => Sid.startsWith('Encrypt'));
  expect(withKeys).toMatchObject([
    { Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: keyArn, Condition: useOf([topicArn]) },
    { Resource: 'arn:aws:kms:eu-west-1:*:key/*', Condition: useOf([elsewhere]) },
  ]);
});

it('R9: the role of the notification function touches no key of KMS where AWS manages that of its own topic, and there is no other', () => {
  expect(
    JSON.stringify(statementsOf({ everyTopicArn: [topicArn], existingTopicArns: undefined })),
  ).not.toContain('kms');
});
