import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

import { DynamoDbEmergencyStore } from '../../../handlers/aws/dynamodb-emergency-store';
import { UnreadableRecordError } from '../../../handlers/core/model/call-errors';
import { NOON } from '../support/fixtures';
import { mockAws } from '../support/mock-aws';

const client = new DynamoDBClient({ region: 'eu-west-1', maxAttempts: 1 });
const dynamodb = mockAws(client);
const store = new DynamoDbEmergencyStore(client, 'iam-key-rotation');

const KEY = { pk: { S: 'emergency#all' } };
const [noon, later] = [NOON, NOON + 1].map((moment) => new Date(moment).toISOString());

afterEach(() => dynamodb.reset());

test('the beginning is read consistently, and may be absent', async () => {
  dynamodb
    .on(GetItemCommand)
    .resolvesOnce({ Item: { ...KEY, began: { S: noon! } } })
    .resolves({});
  await expect(store.read('all')).resolves.toBe(NOON);
  await expect(store.read('all')).resolves.toBeUndefined();
  expect(dynamodb.commandCalls(GetItemCommand)[0]?.args[0].input).toMatchObject({
    ...{ TableName: 'iam-key-rotation', Key: KEY, ConsistentRead: true },
  });
});

test.each<Record<string, AttributeValue>>([{}, { began: { S: 'yesterday' } }, { began: { N: '7' } }])(
  'an item with %j is unreadable, and the error names the item (R8)',
  async (attributes) => {
    dynamodb.on(GetItemCommand).resolves({ Item: { ...KEY, ...attributes } });
    const reading = store.read('all');
    await expect(reading).rejects.toThrow(UnreadableRecordError);
    await expect(reading).rejects.toThrow(/emergency#all cannot be read/);
  },
);

test.each([
  ['the first', undefined, 'attribute_not_exists(began) OR began = :since', { ':since': later }],
  ['a later one', NOON, 'began = :before OR began = :since', { ':since': later, ':before': noon }],
])('%s is begun only in the place of what was read', async (_what, before, condition, values) => {
  dynamodb.on(UpdateItemCommand).resolves({});
  await expect(store.begin('all', NOON + 1, before)).resolves.toBe(true);
  const { input } = dynamodb.commandCalls(UpdateItemCommand)[0]!.args[0];
  expect(input).toMatchObject({ Key: KEY, UpdateExpression: 'SET began = :since' });
  expect(input.ConditionExpression).toBe(condition);
  expect(unmarshall(input.ExpressionAttributeValues!)).toEqual(values);
});

test('another one that began meanwhile is an answer, and no failure', async () => {
  const failed = new ConditionalCheckFailedException({
    message: 'The conditional request failed',
    $metadata: { httpStatusCode: 400, requestId: 'some' },
  });
  dynamodb.on(UpdateItemCommand).rejects(failed);
  await expect(store.begin('all', NOON, undefined)).resolves.toBe(false);
});
