import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  DynamoDBServiceException,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { mockAws } from '../support/mock-aws';
import * as z from 'zod';

import { DynamoDbJournalStore } from '../../../handlers/aws/dynamodb-journal-store';
import { CallUnansweredError, UnreadableRecordError } from '../../../handlers/core/model/call-errors';
import { journalSchema } from '../../../handlers/core/model/journal';
import { NOON, journalWith, keyId } from '../support/fixtures';

const client = new DynamoDBClient({ region: 'eu-west-1' });
const dynamodb = mockAws(client);
const store = new DynamoDbJournalStore(client, 'iam-key-rotation');

const KEY = { pk: { S: 'journal#ci-deployer' } };
const LEASE = { holder: 'invocation-1', until: NOON + 60_000 };
const journal = journalWith({ current: { keyId: keyId(), versionId: 'v1', since: NOON } });
const stored = z.encode(journalSchema, journal);

/** The item as the table holds it. */
const itemOf = (content: object) => ({ ...KEY, ...marshall(content, { removeUndefinedValues: true }) });
const LEASED = itemOf({ journal: stored, leaseHolder: LEASE.holder, leaseUntil: LEASE.until });

const conditionFails = (attempts = 1) =>
  new ConditionalCheckFailedException({
    $metadata: { httpStatusCode: 400, attempts },
    message: 'The conditional request failed',
  });
const lastUpdate = () => dynamodb.commandCalls(UpdateItemCommand).at(-1)!.args[0].input;
const lastValues = () => unmarshall(lastUpdate().ExpressionAttributeValues!);

afterEach(() => {
  dynamodb.reset();
});

describe('reading the journal', () => {
  test('the journal is read consistently', async () => {
    dynamodb.on(GetItemCommand).resolves({ Item: LEASED });
    await expect(store.read('ci-deployer')).resolves.toEqual({ journal });
    expect(dynamodb.commandCalls(GetItemCommand)[0]?.args[0].input).toMatchObject({
      TableName: 'iam-key-rotation',
      Key: KEY,
      ConsistentRead: true,
    });
  });

  test('a user that never had a journal has none', async () => {
    dynamodb.on(GetItemCommand).resolves({});
    await expect(store.read('ci-deployer')).resolves.toEqual({ journal: undefined });
  });

  test.each([
    ['no journal at all', itemOf({ journal: 'by hand' })],
    // What else a journal may not be is held in core/model/journal.test.ts.
    [
      'a journal without a list of previous keys',
      itemOf({ journal: { userId: 'AIDA', secretArn: 'arn:x' } }),
    ],
    ['a lease that is no number', itemOf({ journal: stored, leaseHolder: 'x', leaseUntil: 'soon' })],
    ['a number that JavaScript has none for', { ...LEASED, leaseUntil: { N: '1E+200' } }],
  ])('an item with %s is unreadable, and the error names the item (R8)', async (_name, Item) => {
    dynamodb.on(GetItemCommand).resolves({ Item });
    const reading = store.read('ci-deployer');
    await expect(reading).rejects.toThrow(UnreadableRecordError);
    await expect(reading).rejects.toThrow(/journal#ci-deployer cannot be read: ./);
  });
});

describe('taking the lease', () => {
  test('taking the lease is one conditional write that also reads the journal', async () => {
    dynamodb.on(UpdateItemCommand).resolves({ Attributes: LEASED });
    await expect(store.acquire('ci-deployer', LEASE, NOON)).resolves.toEqual({ journal });
    expect(lastUpdate()).toMatchObject({
      Key: KEY,
      ConditionExpression:
        'attribute_not_exists(leaseHolder) OR leaseUntil < :now OR (leaseHolder = :holder AND leaseUntil <= :until)',
      ReturnValues: 'ALL_NEW',
    });
    expect(lastValues()).toEqual({ ':holder': LEASE.holder, ':until': LEASE.until, ':now': NOON });
  });

  test.each([1, 2])(
    'taking the lease is undefined while somebody else holds it (heard at try %i of the SDK)',
    async (attempts) => {
      dynamodb.on(UpdateItemCommand).rejects(conditionFails(attempts));
      await expect(store.acquire('ci-deployer', LEASE, NOON)).resolves.toBeUndefined();
    },
  );

  test.each([
    ['no item', {}],
    [
      'the lease of another',
      { Attributes: marshall({ leaseHolder: 'invocation-2', leaseUntil: LEASE.until }) },
    ],
  ])('taking the lease is uncertain where the answer holds %s', async (_what, answer) => {
    dynamodb.on(UpdateItemCommand).resolves(answer);
    await expect(store.acquire('ci-deployer', LEASE, NOON)).rejects.toThrow(CallUnansweredError);
  });

  test('taking the lease fails where the table fails', async () => {
    dynamodb.on(UpdateItemCommand).rejects(
      new DynamoDBServiceException({
        name: 'AccessDeniedException',
        $fault: 'client',
        $metadata: { httpStatusCode: 400, attempts: 1 },
        message: 'no',
      }),
    );
    await expect(store.acquire('ci-deployer', LEASE, NOON)).rejects.toMatchObject({ kind: 'accessDenied' });
  });
});

describe('writing the journal', () => {
  const shows = (leaseUntil: number) => ({ Attributes: marshall({ leaseUntil }) });

  test.each([
    ['nothing', {}],
    ['another write', shows(LEASE.until - 1)],
  ])('a write is uncertain where the answer shows %s', async (_what, answer) => {
    dynamodb.on(UpdateItemCommand).resolves(answer);
    await expect(store.write('ci-deployer', LEASE, journal)).rejects.toThrow(CallUnansweredError);
  });

  test('a write of the journal is fenced by the lease, and renews it', async () => {
    dynamodb.on(UpdateItemCommand).resolves(shows(LEASE.until));
    await store.write('ci-deployer', LEASE, journal);
    expect(lastUpdate()).toMatchObject({
      Key: KEY,
      UpdateExpression: 'SET journal = :journal, leaseUntil = :until',
      ConditionExpression: 'leaseHolder = :holder AND leaseUntil <= :until',
      ReturnValues: 'UPDATED_NEW',
    });
    expect(lastValues()).toMatchObject({ ':holder': LEASE.holder, ':until': LEASE.until });
  });

  test('a journal is stored with moments that a person can read, and is read back the same', async () => {
    dynamodb.on(UpdateItemCommand).resolves(shows(LEASE.until));
    await store.write('ci-deployer', LEASE, journal);
    const written = lastUpdate().ExpressionAttributeValues![':journal']!;
    expect(unmarshall({ journal: written })['journal']).toMatchObject({
      current: { since: '2026-01-15T12:00:00.000Z' },
    });

    dynamodb.on(GetItemCommand).resolves({ Item: { ...KEY, journal: written } });
    await expect(store.read('ci-deployer')).resolves.toMatchObject({ journal });
  });

  test('a field that is undefined is not stored', async () => {
    dynamodb.on(UpdateItemCommand).resolves(shows(LEASE.until));
    await store.write('ci-deployer', LEASE, { ...journal, attempt: undefined, wanted: undefined });
    const written = unmarshall(lastUpdate().ExpressionAttributeValues!)[':journal'] as object;
    expect(Object.keys(written)).not.toContain('attempt');
  });

  test('a write without the lease is refused as a conflict', async () => {
    dynamodb.on(UpdateItemCommand).rejects(conditionFails());
    await expect(store.write('ci-deployer', LEASE, journal)).rejects.toMatchObject({
      name: 'CallRefusedError',
      kind: 'conflict',
    });
  });

  test('a condition that fails at the second try leaves open what the first one did', async () => {
    dynamodb.on(UpdateItemCommand).rejects(conditionFails(2));
    await expect(store.write('ci-deployer', LEASE, journal)).rejects.toThrow(CallUnansweredError);
  });
});

describe('releasing the lease', () => {
  test('a release takes the lease off the item, if it is still ours, and leaves the journal alone', async () => {
    dynamodb.on(UpdateItemCommand).resolves({});
    await store.release('ci-deployer', LEASE.holder);
    expect(lastUpdate()).toMatchObject({
      Key: KEY,
      UpdateExpression: 'REMOVE leaseHolder, leaseUntil',
      ConditionExpression: 'leaseHolder = :holder',
    });
  });

  test('a release does nothing if another holder has the lease by now', async () => {
    dynamodb.on(UpdateItemCommand).rejects(conditionFails());
    await expect(store.release('ci-deployer', LEASE.holder)).resolves.toBeUndefined();
  });
});

describe('an announced removal', () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-deployer-AbCdEf';

  test.each([
    ['is written beside the journal, without a lease', arn],
    ['is taken back beside the journal', undefined],
  ])('%s', async (_, announced) => {
    const removalOf = announced ?? null;
    dynamodb.on(UpdateItemCommand).resolves({ Attributes: marshall({ removalOf }) });
    await store.announceRemoval('ci-deployer', announced);
    expect(lastUpdate()).toMatchObject({ Key: KEY, UpdateExpression: 'SET removalOf = :secret' });
    expect(lastUpdate().ConditionExpression).toBeUndefined();
    expect(lastValues()).toEqual({ ':secret': removalOf });
  });

  test.each([
    ['nothing', undefined],
    ['another secret', marshall({ removalOf: 'arn:other' })],
  ])('is not taken for written where the answer shows %s', async (_, Attributes) => {
    dynamodb.on(UpdateItemCommand).resolves({ Attributes });
    await expect(store.announceRemoval('ci-deployer', arn)).rejects.toThrow(CallUnansweredError);
    await expect(store.announceRemoval('ci-deployer', undefined)).rejects.toThrow(CallUnansweredError);
  });

  test('is read with the journal', async () => {
    dynamodb.on(GetItemCommand).resolves({ Item: itemOf({ journal: stored, removalOf: arn }) });
    await expect(store.read('ci-deployer')).resolves.toEqual({ journal, removalOf: arn });
    dynamodb.on(GetItemCommand).resolves({ Item: { ...KEY, removalOf: { NULL: true } } });
    await expect(store.read('ci-deployer')).resolves.toEqual({ journal: undefined });
  });
});
