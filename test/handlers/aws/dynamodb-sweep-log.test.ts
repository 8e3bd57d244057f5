import { ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { mockAws } from '../support/mock-aws';

import { DynamoDbSweepLog } from '../../../handlers/aws/dynamodb-sweep-log';
import { CallUnansweredError } from '../../../handlers/core/model/call-errors';
import { NOON } from '../support/fixtures';

const client = new DynamoDBClient({ region: 'eu-west-1' });
const dynamodb = mockAws(client);
const sweeps = new DynamoDbSweepLog(client, 'iam-key-rotation');

const RUN = { holder: 'run-1', until: NOON + 900_000 };
const conditionFails = new ConditionalCheckFailedException({
  $metadata: { httpStatusCode: 400, attempts: 1 },
  message: 'The conditional request failed',
});
const lastUpdate = () => dynamodb.commandCalls(UpdateItemCommand).at(-1)!.args[0].input;

afterEach(() => {
  dynamodb.reset();
});

describe('beginning a sweep', () => {
  test('beginning a sweep takes the item, if no sweep is running', async () => {
    dynamodb.on(UpdateItemCommand).resolves({ Attributes: marshall({ pk: 'sweep', runHolder: 'run-1' }) });
    await expect(sweeps.begin(RUN, NOON)).resolves.toEqual({ resumeAfter: undefined });
    expect(lastUpdate()).toMatchObject({
      TableName: 'iam-key-rotation',
      Key: { pk: { S: 'sweep' } },
      ConditionExpression: 'attribute_not_exists(runHolder) OR runUntil < :now OR runHolder = :holder',
    });
    expect(unmarshall(lastUpdate().ExpressionAttributeValues!)).toEqual({
      ':holder': RUN.holder,
      ':until': RUN.until,
      ':now': NOON,
    });
  });

  test('beginning a sweep returns where the sweep before had to stop', async () => {
    dynamodb
      .on(UpdateItemCommand)
      .resolves({ Attributes: marshall({ pk: 'sweep', runHolder: 'run-1', resumeAfter: 'mailer' }) });
    await expect(sweeps.begin(RUN, NOON)).resolves.toEqual({ resumeAfter: 'mailer' });
  });

  test('beginning a sweep is uncertain where the answer does not show the run that began', async () => {
    dynamodb.on(UpdateItemCommand).resolves({ Attributes: marshall({ pk: 'sweep', runHolder: 'run-2' }) });
    await expect(sweeps.begin(RUN, NOON)).rejects.toThrow(CallUnansweredError);
  });

  test('beginning a sweep returns undefined while another one is running', async () => {
    dynamodb.on(UpdateItemCommand).rejects(conditionFails);
    await expect(sweeps.begin(RUN, NOON)).resolves.toBeUndefined();
  });
});

describe('ending a sweep', () => {
  test('ending a sweep frees the item, and forgets where to go on if it visited all', async () => {
    dynamodb.on(UpdateItemCommand).resolves({});
    await sweeps.end(RUN.holder, undefined);
    expect(lastUpdate()).toMatchObject({
      UpdateExpression: 'REMOVE runHolder, runUntil, resumeAfter',
      ConditionExpression: 'runHolder = :holder',
    });
  });

  test('ending a sweep keeps where the next one begins', async () => {
    dynamodb.on(UpdateItemCommand).resolves({});
    await sweeps.end(RUN.holder, 'mailer');
    expect(lastUpdate().UpdateExpression).toBe('SET resumeAfter = :resumeAfter REMOVE runHolder, runUntil');
    expect(unmarshall(lastUpdate().ExpressionAttributeValues!)).toEqual({
      ':holder': RUN.holder,
      ':resumeAfter': 'mailer',
    });
  });

  test('ending a sweep does nothing if another one has the item by now', async () => {
    dynamodb.on(UpdateItemCommand).rejects(conditionFails);
    await expect(sweeps.end(RUN.holder, undefined)).resolves.toBeUndefined();
  });
});
