import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';

import { DynamoDbNotificationLog } from '../../../handlers/aws/dynamodb-notification-log';
import { REPORTERS } from '../../../handlers/core/notifications/fault-report';
import { NOON } from '../support/fixtures';

const client = new DynamoDBClient({ region: 'eu-west-1' });
const dynamodb = mockClient(client);
const notifications = new DynamoDbNotificationLog(client, 'iam-key-rotation');

const FAULT = { kind: 'rotationFailed', user: 'mailer' } as const;
const CLAIMANT = { claimedBy: 'event-1', claimedAt: NOON, freeBefore: NOON - 10 } as const;
const REPORT = { reporter: 'product', at: NOON, since: undefined, retellBefore: NOON - 1000 } as const;
const CLAIM = { ...CLAIMANT, ...REPORT };
const IS_FREE = 'attribute_not_exists(claimedAt) OR claimedBy = :claimedBy OR claimedAt < :freeBefore';
const IS_NEW = `attribute_not_exists(toldAt) AND (${IS_FREE}) OR toldAt < :retellBefore OR endedAt >= reportedAt AND endedAt <= :reportedAt`;
const conditionFails = new ConditionalCheckFailedException({
  $metadata: { httpStatusCode: 400, attempts: 1 },
  message: 'The conditional request failed',
});
/** As it is in the table. */
const TOLD = { pk: 'x', reporter: 'product', began: NOON, reportedAt: NOON, toldAt: NOON + 1 };
const lastUpdate = () => dynamodb.commandCalls(UpdateItemCommand).at(-1)!.args[0].input;

afterEach(() => {
  dynamodb.reset();
});

describe('claiming a fault', () => {
  test('takes the item unless it was told since, or another event has it', async () => {
    dynamodb.on(UpdateItemCommand).resolves({});
    await expect(notifications.claim(FAULT, CLAIM)).resolves.toBe(true);
    expect(lastUpdate()).toMatchObject({
      TableName: 'iam-key-rotation',
      Key: { pk: { S: 'notified#mailer#rotationFailed' } },
      UpdateExpression:
        'SET reporter = :reporter, reportedAt = :reportedAt, began = :began, claimedBy = :claimedBy, claimedAt = :claimedAt REMOVE since, toldAt',
      ConditionExpression: IS_NEW,
    });
    expect(unmarshall(lastUpdate().ExpressionAttributeValues!)).toEqual({
      ':reporter': 'product',
      ':reportedAt': NOON,
      ':began': NOON,
      ':claimedBy': 'event-1',
      ':claimedAt': NOON,
      ':freeBefore': NOON - 10,
      ':retellBefore': NOON - 1000,
    });
  });

  test('takes it from an earlier fault of the kind, where the reporter knows when this one began', async () => {
    dynamodb.on(UpdateItemCommand).resolves({});
    await notifications.claim({ kind: 'sweepFailed', user: undefined }, { ...CLAIM, since: NOON - 5 });
    expect(lastUpdate()).toMatchObject({
      Key: { pk: { S: 'notified#*#sweepFailed' } },
      ConditionExpression: `${IS_NEW} OR since < :since`,
    });
    expect(unmarshall(lastUpdate().ExpressionAttributeValues!)).toMatchObject({
      ':began': NOON - 5,
      ':since': NOON - 5,
    });
  });

  test('is about one key where the fault is', async () => {
    dynamodb.on(UpdateItemCommand).resolves({});
    await notifications.claim({ ...FAULT, keyIdSuffix: 'MPLE' }, CLAIM);
    expect(lastUpdate().Key).toEqual({ pk: { S: 'notified#mailer#rotationFailed#MPLE' } });
  });

  test('is false where it was told already', async () => {
    dynamodb.on(UpdateItemCommand).rejects(conditionFails);
    await expect(notifications.claim(FAULT, CLAIM)).resolves.toBe(false);
  });

  test('fails where the table cannot be asked', async () => {
    dynamodb.on(UpdateItemCommand).rejects(new Error('no network'));
    await expect(notifications.claim(FAULT, CLAIM)).rejects.toThrow('no clear answer');
  });
});

describe('claiming the end of a fault', () => {
  test('takes what was told, unless another event has it', async () => {
    dynamodb.on(UpdateItemCommand).resolves({});
    await expect(notifications.claimEnd(FAULT, { ...CLAIMANT, at: NOON })).resolves.toBe(true);
    expect(lastUpdate()).toMatchObject({
      Key: { pk: { S: 'notified#mailer#rotationFailed' } },
      UpdateExpression: 'SET claimedBy = :claimedBy, claimedAt = :claimedAt, endedAt = :at',
      ConditionExpression: `attribute_exists(toldAt) AND reportedAt <= :at AND (${IS_FREE})`,
    });
    expect(unmarshall(lastUpdate().ExpressionAttributeValues!)).toEqual({
      ':claimedBy': 'event-1',
      ':claimedAt': NOON,
      ':freeBefore': NOON - 10,
      ':at': NOON,
    });
  });

  test('is false where it was told already', async () => {
    dynamodb.on(UpdateItemCommand).rejects(conditionFails);
    await expect(notifications.claimEnd(FAULT, { ...CLAIMANT, at: NOON })).resolves.toBe(false);
  });
});

describe('an end that comes before anybody was told', () => {
  test('is noted, and read once the beginning is told', async () => {
    dynamodb.on(UpdateItemCommand).resolves({});
    await expect(notifications.noteEnd(FAULT, { reporter: 'product', at: NOON + 1 })).resolves.toBe(true);
    expect(lastUpdate()).toMatchObject({
      UpdateExpression: 'SET endedAt = :at',
      ConditionExpression: 'reportedAt <= :at AND attribute_not_exists(toldAt)',
    });
    dynamodb.on(GetItemCommand).resolves({ Item: marshall({ ...TOLD, endedAt: NOON + 1 }) });
    await expect(notifications.read(FAULT)).resolves.toMatchObject({ endedAt: NOON + 1 });
  });

  test('is noted for an alarm only where an alarm has reported it', async () => {
    dynamodb.on(UpdateItemCommand).rejects(conditionFails);
    await expect(notifications.noteEnd(FAULT, { reporter: 'alarm', at: NOON })).resolves.toBe(false);
    expect(lastUpdate()).toMatchObject({
      ConditionExpression: 'reportedAt <= :at AND attribute_not_exists(toldAt) AND reporter = :reporter',
      ExpressionAttributeValues: { ':reporter': { S: 'alarm' } },
    });
  });

  test('of a fault before is none', async () => {
    dynamodb.on(GetItemCommand).resolves({ Item: marshall({ ...TOLD, endedAt: NOON - 1 }) });
    await expect(notifications.read(FAULT)).resolves.not.toHaveProperty('endedAt');
  });
});

describe('giving a claim back', () => {
  test('leaves the item to whoever comes next', async () => {
    dynamodb.on(UpdateItemCommand).resolves({});
    await notifications.release(FAULT, 'event-1');
    expect(lastUpdate()).toMatchObject({
      UpdateExpression: 'REMOVE claimedBy, claimedAt',
      ConditionExpression: 'claimedBy = :claimedBy',
      ExpressionAttributeValues: { ':claimedBy': { S: 'event-1' } },
    });
  });

  test('changes nothing where another event has it meanwhile', async () => {
    dynamodb.on(UpdateItemCommand).rejects(conditionFails);
    await expect(notifications.release(FAULT, 'event-1')).resolves.toBeUndefined();
  });
});

describe('what was told', () => {
  test('is marked on the event’s own claim, and makes no item of its own', async () => {
    dynamodb.on(UpdateItemCommand).rejects(conditionFails);
    await expect(notifications.told(FAULT, 'event-1', NOON)).resolves.toBeUndefined();
    expect(lastUpdate()).toMatchObject({
      UpdateExpression: 'SET toldAt = :at REMOVE claimedBy, claimedAt',
      ConditionExpression: 'claimedBy = :claimedBy',
      ExpressionAttributeValues: { ':claimedBy': { S: 'event-1' }, ':at': { N: String(NOON) } },
    });
  });

  test('is who reported it, and since when', async () => {
    for (const reporter of REPORTERS) {
      const item = { ...TOLD, reporter };
      dynamodb.on(GetItemCommand).resolves({ Item: marshall(item) });
      await expect(notifications.read(FAULT)).resolves.toEqual({ reporter, began: NOON });
    }
  });

  test.each([
    ['there is no item', undefined],
    [
      'the claim was never followed by a message',
      { pk: 'x', reporter: 'alarm', began: NOON, reportedAt: NOON },
    ],
  ])('is nothing where %s', async (_why, item) => {
    dynamodb.on(GetItemCommand).resolves(item === undefined ? {} : { Item: marshall(item) });
    await expect(notifications.read(FAULT)).resolves.toBeUndefined();
  });

  test('is forgotten with its end, unless the fault has begun anew', async () => {
    dynamodb.on(DeleteItemCommand).resolvesOnce({}).rejects(conditionFails);
    await notifications.forget(FAULT, 'event-1');
    await expect(notifications.forget(FAULT, 'event-2')).resolves.toBeUndefined();
    expect(dynamodb.commandCalls(DeleteItemCommand)[0]!.args[0].input).toEqual({
      TableName: 'iam-key-rotation',
      Key: { pk: { S: 'notified#mailer#rotationFailed' } },
      ConditionExpression: 'claimedBy = :claimedBy',
      ExpressionAttributeValues: { ':claimedBy': { S: 'event-1' } },
    });
  });

  test('is remembered by kind, too', async () => {
    dynamodb.on(UpdateItemCommand).resolves({});
    await notifications.noteTold('unmanagedKey', NOON);
    expect(lastUpdate().Key).toEqual({ pk: { S: 'notified#*#unmanagedKey#last' } });

    dynamodb
      .on(GetItemCommand)
      .resolvesOnce({ Item: marshall({ toldAt: NOON }) })
      .resolves({});
    await expect(notifications.lastTold('unmanagedKey')).resolves.toBe(NOON);
    await expect(notifications.lastTold('unmanagedKey')).resolves.toBeUndefined();
  });
});
