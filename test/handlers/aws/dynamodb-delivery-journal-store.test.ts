import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

import { DynamoDbDeliveryJournalStore } from '../../../handlers/aws/dynamodb-delivery-journal-store';
import { UnreadableRecordError } from '../../../handlers/core/model/call-errors';
import type { DeliveryJournal } from '../../../handlers/core/model/delivery-journal';
import { keyId, NOON } from '../support/fixtures';
import { mockAws } from '../support/mock-aws';

// What a lease does is held in dynamodb-journal-store.test.ts: both are the same kind of item.

const client = new DynamoDBClient({ region: 'eu-west-1' });
const dynamodb = mockAws(client);
const store = new DynamoDbDeliveryJournalStore(client, 'iam-key-rotation');

const KEY = { pk: { S: 'delivery#ci-deployer' } };
const LEASE = { holder: 'invocation-1', until: NOON + 60_000 };
const key = { keyId: keyId(), versionId: 'v1', at: NOON };
const deliveries: DeliveryJournal = {
  targets: [
    { target: 'parameter /a', delivered: { ...key, shape: '' }, announced: [] },
    { target: 'secret b', announced: [key], failing: { since: NOON, attempts: 2, error: 'It said no.' } },
  ],
};
const iso = new Date(NOON).toISOString();
const STORED = {
  targets: [
    { target: 'parameter /a', delivered: { ...key, at: iso, shape: '' }, announced: [] },
    {
      target: 'secret b',
      announced: [{ ...key, at: iso }],
      failing: { since: iso, attempts: 2, error: 'It said no.' },
    },
  ],
};
const itemOf = (content: object) => ({ ...KEY, ...marshall(content) });
const LEASED = itemOf({ deliveries: STORED, leaseHolder: LEASE.holder, leaseUntil: LEASE.until });

afterEach(() => dynamodb.reset());

test('deliveries are read consistently, from an item of their own', async () => {
  dynamodb.on(GetItemCommand).resolves({ Item: LEASED });
  await expect(store.read('ci-deployer')).resolves.toEqual(deliveries);
  expect(dynamodb.commandCalls(GetItemCommand)[0]?.args[0].input).toMatchObject({
    Key: KEY,
    ConsistentRead: true,
  });
});

test('a user that nothing was ever delivered for has none', async () => {
  dynamodb.on(GetItemCommand).resolves({});
  await expect(store.read('ci-deployer')).resolves.toBeUndefined();
});

test.each([
  ['a field that only a newer version knows', { targets: [], more: 1 }],
  ['a target without its announcements', { targets: [{ target: 'secret b' }] }],
])('an item with %s is unreadable, and the error names the item (R8)', async (_what, content) => {
  dynamodb.on(GetItemCommand).resolves({ Item: itemOf({ deliveries: content }) });
  const reading = store.read('ci-deployer');
  await expect(reading).rejects.toThrow(UnreadableRecordError);
  await expect(reading).rejects.toThrow(/delivery#ci-deployer cannot be read/);
});

test('taking the lease also reads the deliveries', async () => {
  dynamodb.on(UpdateItemCommand).resolves({ Attributes: LEASED });
  await expect(store.acquire('ci-deployer', LEASE, NOON)).resolves.toEqual({ content: deliveries });
});

test('deliveries are written by the holder of the lease alone', async () => {
  dynamodb.on(UpdateItemCommand).resolves({ Attributes: LEASED });
  await store.write('ci-deployer', LEASE, deliveries);
  const { input } = dynamodb.commandCalls(UpdateItemCommand)[0]!.args[0];
  expect(input).toMatchObject({
    Key: KEY,
    UpdateExpression: 'SET deliveries = :deliveries, leaseUntil = :until',
    ConditionExpression: 'leaseHolder = :holder AND leaseUntil <= :until',
  });
  expect(unmarshall(input.ExpressionAttributeValues!)).toEqual({
    ':deliveries': STORED,
    ':holder': LEASE.holder,
    ':until': LEASE.until,
  });
});

test('a lease is given back by its holder alone', async () => {
  dynamodb.on(UpdateItemCommand).resolves({});
  await store.release('ci-deployer', LEASE.holder);
  expect(dynamodb.commandCalls(UpdateItemCommand)[0]?.args[0].input).toMatchObject({
    Key: KEY,
    UpdateExpression: 'REMOVE leaseHolder, leaseUntil',
    ConditionExpression: 'leaseHolder = :holder',
  });
});
