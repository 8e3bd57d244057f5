import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

import { DynamoDbAcknowledgementStore } from '../../../handlers/aws/dynamodb-acknowledgement-store';
import { CallRefusedError, UnreadableRecordError } from '../../../handlers/core/model/call-errors';
import { keyId, NOON } from '../support/fixtures';
import { mockAws } from '../support/mock-aws';

const client = new DynamoDBClient({ region: 'eu-west-1', maxAttempts: 1 });
const dynamodb = mockAws(client);
const store = new DynamoDbAcknowledgementStore(client, 'iam-key-rotation');

const KEY = { pk: { S: 'acknowledgement#ci-deployer' } };
const VENDOR = 'arn:aws:iam::111122223333:role/vendor-manager';
const [first, second] = [keyId(), keyId()];
const iso = new Date(NOON).toISOString();
const itemOf = (words: object) => ({ ...KEY, ...marshall(words) });

afterEach(() => dynamodb.reset());

test('words are read consistently, each by the key that it is about', async () => {
  dynamodb.on(GetItemCommand).resolves({
    Item: itemOf({ [first]: { at: iso, by: VENDOR }, [second]: { at: iso, by: VENDOR } }),
  });
  await expect(store.read('ci-deployer')).resolves.toEqual(
    new Map([
      [first, NOON],
      [second, NOON],
    ]),
  );
  expect(dynamodb.commandCalls(GetItemCommand)[0]?.args[0].input).toMatchObject({
    TableName: 'iam-key-rotation',
    Key: KEY,
    ConsistentRead: true,
  });
});

test('of a user that nobody has said a word about there are none', async () => {
  dynamodb.on(GetItemCommand).resolves({});
  await expect(store.read('ci-deployer')).resolves.toEqual(new Map());
});

test.each<[string, object]>([
  ['a word without its moment', { [first]: { by: VENDOR } }],
  ['a moment that is none', { [first]: { at: 'yesterday', by: VENDOR } }],
  ['a word of nobody', { [first]: { at: iso, by: '' } }],
  ['a word that is only a text', { [first]: 'yes' }],
  ['one word that can be read, and one that cannot', { [first]: { at: iso, by: VENDOR }, [second]: true }],
])('an item with %s is unreadable, and the error names the item (R8)', async (_what, words) => {
  dynamodb.on(GetItemCommand).resolves({ Item: itemOf(words) });
  const reading = store.read('ci-deployer');
  await expect(reading).rejects.toThrow(UnreadableRecordError);
  await expect(reading).rejects.toThrow(/acknowledgement#ci-deployer cannot be read/);
});

test('a word is written unless there is one about the key, and touches no other', async () => {
  dynamodb.on(UpdateItemCommand).resolves({});
  await store.add('ci-deployer', { keyId: first, at: NOON, by: VENDOR });
  const { input } = dynamodb.commandCalls(UpdateItemCommand)[0]!.args[0];
  expect(input).toMatchObject({
    TableName: 'iam-key-rotation',
    Key: KEY,
    UpdateExpression: 'SET #key = :word',
    ExpressionAttributeNames: { '#key': first },
  });
  expect(unmarshall(input.ExpressionAttributeValues!)).toEqual({ ':word': { at: iso, by: VENDOR } });
});

test('a word that AWS refuses was not said', async () => {
  const denied = Object.assign(new Error('not allowed'), {
    name: 'AccessDeniedException',
    $fault: 'client',
    $metadata: { httpStatusCode: 400, requestId: 'some' },
  });
  (dynamodb.on(UpdateItemCommand) as unknown as { rejects(error: Error): void }).rejects(denied);
  await expect(store.add('ci-deployer', { keyId: first, at: NOON, by: VENDOR })).rejects.toThrow(
    CallRefusedError,
  );
});
