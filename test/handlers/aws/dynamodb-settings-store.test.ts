import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockAws } from '../support/mock-aws';

import { DynamoDbSettingsStore } from '../../../handlers/aws/dynamodb-settings-store';
import { UnreadableRecordError } from '../../../handlers/core/model/call-errors';
import { settingsOf } from '../support/fixtures';

const client = new DynamoDBClient({ region: 'eu-west-1' });
const dynamodb = mockAws(client);
const store = new DynamoDbSettingsStore(client, 'iam-key-rotation');
const settings = settingsOf({ owner: 'platform-team' });

afterEach(() => {
  dynamodb.reset();
});

test('the settings of one user are read consistently', async () => {
  dynamodb.on(GetItemCommand).resolves({ Item: marshall({ pk: 'settings#ci-deployer', ...settings }) });
  await expect(store.read('ci-deployer')).resolves.toMatchObject(settings);
  expect(dynamodb.commandCalls(GetItemCommand)[0]?.args[0].input).toEqual({
    TableName: 'iam-key-rotation',
    Key: { pk: { S: 'settings#ci-deployer' } },
    ConsistentRead: true,
  });
});

test('a user that Terraform does not know has no settings', async () => {
  dynamodb.on(GetItemCommand).resolves({});
  await expect(store.read('ci-deployer')).resolves.toBeUndefined();
});

test.each([
  ['an account id that is a number', { accountId: 111122223333 }],
  ['an overlap below zero', { overlapSeconds: -1 }],
  ['an overlap that is a text', { overlapSeconds: '1d' }],
  ['no secret', { secretArn: undefined }],
  ['no user', { userName: '' }],
  ['another word than hold and retire', { whenStillInUse: 'delete' }],
  ['a key to take over that is no key', { takeOver: ['x'] }],
  ['an exemption without a reason', { exemption: { until: '2027-02-01T00:00:00.000Z' } }],
  ['an exemption without an end', { exemption: { reason: 'audit' } }],
  ['an exemption until a day that nobody knows', { exemption: { reason: 'audit', until: 'spring' } }],
])(
  'settings with %s are unreadable, and the error names the item and the field (R8)',
  async (_name, wrong) => {
    dynamodb
      .on(GetItemCommand)
      .resolves({ Item: marshall({ ...settings, ...wrong }, { removeUndefinedValues: true }) });
    const reading = store.read('ci-deployer');
    await expect(reading).rejects.toThrow(UnreadableRecordError);
    await expect(reading).rejects.toThrow(
      new RegExp(`settings#ci-deployer[^]*${Object.keys(wrong)[0] ?? ''}`),
    );
  },
);

test('a number that JavaScript has none for makes settings unreadable, and the error names the item (R8)', async () => {
  const Item = { ...marshall(settings), overlapSeconds: { N: '1E+200' } };
  dynamodb.on(GetItemCommand).resolves({ Item });
  const reading = store.read('ci-deployer');
  await expect(reading).rejects.toThrow(UnreadableRecordError);
  await expect(reading).rejects.toThrow(/settings#ci-deployer cannot be read: .*1E\+200/);
});

test('settings of another user are unreadable, and the error names both (R8)', async () => {
  dynamodb.on(GetItemCommand).resolves({ Item: marshall({ ...settings, stableKey: 'other' }) });
  const reading = store.read('ci-deployer');
  await expect(reading).rejects.toThrow(UnreadableRecordError);
  await expect(reading).rejects.toThrow(/settings#ci-deployer cannot be read: its stableKey is other/);
});
