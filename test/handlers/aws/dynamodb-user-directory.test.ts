import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockAws } from '../support/mock-aws';
import * as z from 'zod';

import { DynamoDbUserDirectory } from '../../../handlers/aws/dynamodb-user-directory';
import { UnreadableRecordError } from '../../../handlers/core/model/call-errors';
import { journalSchema } from '../../../handlers/core/model/journal';
import { settingsSchema } from '../../../contract/settings';
import { NOON, journalWith, keyId, settingsOf } from '../support/fixtures';

const client = new DynamoDBClient({ region: 'eu-west-1' });
const dynamodb = mockAws(client);
const directory = new DynamoDbUserDirectory(client, 'iam-key-rotation');

const journal = journalWith({ current: { keyId: keyId(), versionId: 'v1', since: NOON } });
const settingsOfUser = (stableKey: string) => ({
  ...settingsOf({ stableKey }),
  maximumKeyAgeSeconds: 90 * 86_400,
  whenStillInUse: 'hold' as const,
});
const item = (pk: string, content: object) => marshall({ pk, ...content }, { removeUndefinedValues: true });
const settingsItem = (stableKey: string) =>
  item(`settings#${stableKey}`, z.encode(settingsSchema, settingsOfUser(stableKey)));
const journalItem = (stableKey: string) =>
  item(`journal#${stableKey}`, {
    journal: z.encode(journalSchema, journal),
    leaseHolder: 'x',
    leaseUntil: 1,
  });

afterEach(() => {
  dynamodb.reset();
});

test('the directory lists every user with settings, and the journal of each, in one consistent read', async () => {
  dynamodb.on(ScanCommand).resolves({ Items: [journalItem('a'), settingsItem('a'), settingsItem('b')] });
  await expect(directory.list()).resolves.toEqual([
    { stableKey: 'a', settings: settingsOfUser('a'), journal },
    { stableKey: 'b', settings: settingsOfUser('b'), journal: undefined },
  ]);
  expect(dynamodb.commandCalls(ScanCommand)[0]?.args[0].input).toMatchObject({
    TableName: 'iam-key-rotation',
    ConsistentRead: true,
  });
});

test('the directory reads on where DynamoDB cuts the table into pages, also between a user’s two items', async () => {
  const LastEvaluatedKey = { pk: { S: 'journal#a' } };
  dynamodb
    .on(ScanCommand)
    .resolvesOnce({ Items: [journalItem('a')], LastEvaluatedKey })
    .resolvesOnce({ Items: [settingsItem('a')] });
  await expect(directory.list()).resolves.toMatchObject([{ stableKey: 'a', journal }]);
  expect(dynamodb.commandCalls(ScanCommand)[1]?.args[0].input).toMatchObject({
    ExclusiveStartKey: LastEvaluatedKey,
  });
});

test.each([
  ['holds no list', {}],
  ['goes on where it began', { Items: [], LastEvaluatedKey: { pk: { S: 'journal#a' } } }],
])('a table whose page %s is not taken for all of it (R8)', async (_what, page) => {
  dynamodb.on(ScanCommand).resolves(page);
  await expect(directory.list()).rejects.toThrow('DynamoDB Scan got no clear answer');
});

test('open findings come with their user, and an item that cannot be read stops nothing', async () => {
  const open = {
    kind: 'rotationOverdue',
    what: 'it did not come',
    since: new Date(NOON).toISOString(),
    told: true,
  };
  dynamodb.on(ScanCommand).resolves({
    Items: [
      settingsItem('a'),
      item('findings#a', { findings: [open] }),
      settingsItem('b'),
      item('findings#b', { findings: [{ kind: 'of a later version' }] }),
      item('findings#removed', { findings: [open] }),
    ],
  });
  const [a, b, ...others] = await directory.list();
  expect(a?.findings).toEqual([{ ...open, since: NOON }]);
  expect(b?.settings).toMatchObject({ stableKey: 'b' });
  expect(b?.findings).toBeInstanceOf(UnreadableRecordError);
  expect(others).toEqual([]);
});

test('a journal without settings is left out, because Terraform decides who is rotated', async () => {
  dynamodb.on(ScanCommand).resolves({ Items: [journalItem('removed')] });
  await expect(directory.list()).resolves.toEqual([]);
});

test('other items of the table are not users', async () => {
  dynamodb.on(ScanCommand).resolves({ Items: [item('sweep', { resumeAfter: 'a' }), settingsItem('a')] });
  await expect(directory.list()).resolves.toMatchObject([{ stableKey: 'a' }]);
});

test('R8: an item that cannot be read concerns its user alone', async () => {
  dynamodb.on(ScanCommand).resolves({
    Items: [
      item('settings#broken', { userName: 7 }),
      settingsItem('unknown-past'),
      item('journal#unknown-past', { journal: 'by hand' }),
      settingsItem('fine'),
      journalItem('fine'),
    ],
  });
  const [broken, unknownPast, fine] = await directory.list();
  expect(broken).toMatchObject({
    stableKey: 'broken',
    settings: expect.any(UnreadableRecordError) as unknown,
  });
  expect(unknownPast?.settings).toMatchObject({ stableKey: 'unknown-past' });
  expect(unknownPast?.journal).toBeInstanceOf(UnreadableRecordError);
  expect((unknownPast?.journal as Error).message).toContain('journal#unknown-past');
  expect(fine).toMatchObject({ stableKey: 'fine', journal });
});

test('R8: a number that JavaScript has none for concerns the user of its item alone', async () => {
  const huge = { N: '1E+200' };
  dynamodb.on(ScanCommand).resolves({
    Items: [
      { ...settingsItem('a'), overlapSeconds: huge },
      settingsItem('b'),
      { ...journalItem('b'), leaseUntil: huge },
      settingsItem('c'),
      journalItem('c'),
    ],
  });
  const [a, b, c] = await directory.list();
  expect(a).toMatchObject({ stableKey: 'a', settings: expect.any(UnreadableRecordError) as unknown });
  expect(b).toMatchObject({ stableKey: 'b', journal: expect.any(UnreadableRecordError) as unknown });
  expect(c).toMatchObject({ stableKey: 'c', journal });
});

test('R8: settings that name another user than their item concern the user of the item alone', async () => {
  const copied = { ...settingsItem('a'), ...marshall({ pk: 'settings#b' }) };
  dynamodb.on(ScanCommand).resolves({ Items: [settingsItem('a'), copied, journalItem('b')] });
  const [a, b] = await directory.list();
  expect(a).toMatchObject({ stableKey: 'a', settings: { stableKey: 'a' } });
  expect(b).toMatchObject({ stableKey: 'b', settings: expect.any(UnreadableRecordError) as unknown });
  expect((b?.settings as Error).message).toContain('settings#b cannot be read: its stableKey is a');
});
