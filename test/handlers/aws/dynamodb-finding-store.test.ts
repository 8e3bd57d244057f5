import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { mockAws } from '../support/mock-aws';

import { DynamoDbFindingStore, findingsItemSchema } from '../../../handlers/aws/dynamodb-finding-store';
import type { OpenFinding } from '../../../handlers/core/retirement/finding';
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
