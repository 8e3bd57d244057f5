import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { mockAws } from '../support/mock-aws';

import { DynamoDbFindingStore, findingsItemSchema } from '../../../handlers/aws/dynamodb-finding-store';
import type { OpenFinding } from '../../../handlers/core/model/open-finding';
import { keyId, NOON } from '../support/fixtures';

const client = mockAws(DynamoDBClient);
const store = new DynamoDbFindingStore(new DynamoDBClient({}), 'iam-key-rotation');

beforeEach(() => {
  client.reset();
  client.on(UpdateItemCommand).resolves({});
});

const OPEN: readonly OpenFinding[] = [
  { kind: 'unmanagedKey', keyId: keyId(), what: 'not ours', since: NOON, told: true },
  { kind: 'visitFailed', keyId: undefined, what: 'IAM was away', since: NOON, told: false },
];

test('findings that were written are read by the directory', async () => {
  await store.write('ci-deployer', OPEN);
  const { input } = client.commandCalls(UpdateItemCommand)[0]!.args[0];
  expect(input).toMatchObject({ TableName: 'iam-key-rotation', Key: { pk: { S: 'findings#ci-deployer' } } });
  const { ':findings': findings } = unmarshall(input.ExpressionAttributeValues!);
  expect(findingsItemSchema.parse({ findings }).findings).toEqual(OPEN);
});

test('an empty list of findings is written as well', async () => {
  await store.write('ci-deployer', []);
  const { input } = client.commandCalls(UpdateItemCommand)[0]!.args[0];
  expect(unmarshall(input.ExpressionAttributeValues!)).toEqual({ ':findings': [] });
});

test('findings that were written are read, one user’s at a time, with nothing older in their place', async () => {
  await store.write('ci-deployer', OPEN);
  const written = client.commandCalls(UpdateItemCommand)[0]!.args[0].input.ExpressionAttributeValues!;
  client
    .on(GetItemCommand)
    .resolves({ Item: { pk: { S: 'findings#ci-deployer' }, findings: written[':findings']! } });
  expect(await store.read('ci-deployer')).toEqual(OPEN);
  expect(client.commandCalls(GetItemCommand)[0]!.args[0].input).toEqual({
    TableName: 'iam-key-rotation',
    Key: { pk: { S: 'findings#ci-deployer' } },
    ConsistentRead: true,
  });
});

test('of a user whom no run has visited there are none, and what is no list is an error', async () => {
  client.on(GetItemCommand).resolves({});
  expect(await store.read('ci-deployer')).toEqual([]);
  client.on(GetItemCommand).resolves({ Item: marshall({ pk: 'findings#ci-deployer', findings: 'none' }) });
  await expect(store.read('ci-deployer')).rejects.toThrow('findings#ci-deployer');
});
