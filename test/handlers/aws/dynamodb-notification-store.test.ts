import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockAws } from '../support/mock-aws';

import { DynamoDbNotificationStore } from '../../../handlers/aws/dynamodb-notification-store';
import type { FaultState } from '../../../handlers/core/notifications/fault-state';
import { NOON } from '../support/fixtures';

const client = new DynamoDBClient({ region: 'eu-west-1' });
const dynamodb = mockAws(client);
const store = new DynamoDbNotificationStore(client, 'iam-key-rotation');

const FAULT = { kind: 'rotationFailed', user: 'mailer' } as const;
const FORMER = { reporter: 'product', began: NOON, reportedAt: NOON } as const;
const FACTS = { began: NOON, reports: { others: NOON } } as const;
const TOLD: FaultState = { state: 'told', ...FACTS, ends: {}, toldAt: NOON + 1 };
const stored = (fields: object) => dynamodb.on(GetItemCommand).resolves({ Item: marshall(fields) });
const lastPut = () => dynamodb.commandCalls(PutItemCommand).at(-1)!.args[0].input;

afterEach(() => {
  dynamodb.reset();
});

describe('the record of a fault in DynamoDB', () => {
  it('the record of a fault is read as it was written last', async () => {
    dynamodb.on(GetItemCommand).resolves({});
    await store.load({ ...FAULT, about: 'MPLE' });
    expect(dynamodb.commandCalls(GetItemCommand)[0]!.args[0].input).toEqual({
      TableName: 'iam-key-rotation',
      Key: { pk: { S: 'notified#mailer#rotationFailed#MPLE' } },
      ConsistentRead: true,
    });
  });

  it('the record of a fault is made if there is none with a version', async () => {
    dynamodb.on(PutItemCommand).resolves({});
    const sweep = { kind: 'sweepFailed', user: undefined } as const;
    await expect(store.replace(sweep, { ...TOLD, since: undefined }, 0)).resolves.toBe(true);
    expect(lastPut()).toEqual({
      TableName: 'iam-key-rotation',
      Item: marshall({ pk: 'notified#*#sweepFailed', state: TOLD, version: 1 }),
      ConditionExpression: 'attribute_not_exists(version)',
    });
  });

  it('the record of a fault is replaced if it has the version that was read', async () => {
    dynamodb.on(PutItemCommand).resolves({});
    await store.replace(FAULT, TOLD, 7);
    expect(lastPut()).toMatchObject({
      Item: { version: { N: '8' } },
      ConditionExpression: 'version = :version',
      ExpressionAttributeValues: { ':version': { N: '7' } },
    });
  });

  it('the record of a fault is left to whoever was faster', async () => {
    const conditionFails = new ConditionalCheckFailedException({
      $metadata: { httpStatusCode: 400, attempts: 1 },
      message: 'The conditional request failed',
    });
    dynamodb.on(PutItemCommand).rejects(conditionFails);
    await expect(store.replace(FAULT, TOLD, 7)).resolves.toBe(false);
  });

  it('a table that does not answer is an error', async () => {
    dynamodb.on(PutItemCommand).rejects(new Error('no network'));
    await expect(store.replace(FAULT, TOLD, 0)).rejects.toThrow('no clear answer');
  });

  it('a record that cannot be read is an error, and not quiet', async () => {
    stored({ pk: 'x', version: 3, state: { state: 'told' } });
    await expect(store.load(FAULT)).rejects.toThrow('notified#mailer#rotationFailed');
  });
});

describe('a record that was stored before there were versions', () => {
  it('a record from before there were versions is a fault that people were told of, so that they hear of its end', async () => {
    stored({ pk: 'x', ...FORMER, toldAt: NOON + 1, endedAt: NOON - 5 });
    await expect(store.load(FAULT)).resolves.toEqual({
      state: { state: 'told', ...FACTS, toldAt: NOON + 1, ends: {} },
      version: 0,
    });
  });

  it.each([
    ['a claim that no message had followed', { ...FORMER, claimedBy: 'event-1', claimedAt: NOON }],
    ['the moment of the newest finding', { toldAt: NOON }],
  ])('a record from before there were versions is quiet where it was %s', async (_what, fields) => {
    stored({ pk: 'x', ...fields });
    await expect(store.load(FAULT)).resolves.toEqual({ state: { state: 'quiet', ends: {} }, version: 0 });
  });
});
