import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  IAMClient,
  IAMServiceException,
  ListAccessKeysCommand,
  NoSuchEntityException,
  UpdateAccessKeyCommand,
  type AccessKeyLastUsed,
} from '@aws-sdk/client-iam';
import { mockAws } from '../support/mock-aws';

import { IamAccessKeyStore } from '../../../handlers/aws/iam-access-key-store';
import { CallRefusedError, CallUnansweredError } from '../../../handlers/core/model/call-errors';
import { NOON, keyId, secretText } from '../support/fixtures';

const client = new IAMClient({ region: 'us-east-1' });
const onceOnly = new IAMClient({ region: 'us-east-1', maxAttempts: 1 });
const iam = mockAws(client);
const iamOnce = mockAws(onceOnly);
const store = new IamAccessKeyStore(client, onceOnly);
/** What the SDK gives for a change that AWS made. */
const done = { $metadata: { requestId: '00000000-0000-0000-0000-000000000000' } };

const USER = 'ci-deployer-user';
const created = new Date(NOON);

const listed = { AccessKeyId: keyId(), Status: 'Active' as const, CreateDate: created };

const exception = (name: string, status: number, attempts = 1) =>
  new IAMServiceException({
    name,
    $fault: status < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: status, attempts },
    message: 'as IAM puts it',
  });

afterEach(() => {
  iam.reset();
  iamOnce.reset();
});

describe('listing a user’s keys', () => {
  test('a list has id, status and creation date of every key, and the call always names the user', async () => {
    const [first, second] = [keyId(), keyId()];
    iam.on(ListAccessKeysCommand).resolves({
      AccessKeyMetadata: [
        { AccessKeyId: first, Status: 'Active', CreateDate: created, UserName: USER },
        { AccessKeyId: second, Status: 'Inactive', CreateDate: created, UserName: USER },
      ],
      IsTruncated: false,
    });

    await expect(store.list(USER)).resolves.toEqual([
      { id: first, status: 'Active', createdAt: NOON },
      { id: second, status: 'Inactive', createdAt: NOON },
    ]);
    expect(iam.commandCalls(ListAccessKeysCommand)[0]?.args[0].input).toMatchObject({ UserName: USER });
  });

  test('a list is read on where IAM cuts it into pages', async () => {
    const [first, second] = [keyId(), keyId()];
    const page = (id: string) => [{ AccessKeyId: id, Status: 'Active' as const, CreateDate: created }];
    iam
      .on(ListAccessKeysCommand)
      .resolvesOnce({ AccessKeyMetadata: page(first), IsTruncated: true, Marker: 'more' })
      .resolvesOnce({ AccessKeyMetadata: page(second), IsTruncated: false });

    await expect(store.list(USER)).resolves.toMatchObject([{ id: first }, { id: second }]);
    expect(iam.commandCalls(ListAccessKeysCommand)[1]?.args[0].input).toMatchObject({ Marker: 'more' });
  });

  test('a status that IAM may add one day is Unknown, never Active (F 2.4)', async () => {
    iam.on(ListAccessKeysCommand).resolves({
      AccessKeyMetadata: [
        { AccessKeyId: keyId(), Status: 'Expired', CreateDate: created },
        { AccessKeyId: keyId(), CreateDate: created },
      ],
      IsTruncated: false,
    });
    await expect(store.list(USER)).resolves.toMatchObject([{ status: 'Unknown' }, { status: 'Unknown' }]);
  });

  test('only a list that says so is empty', async () => {
    iam.on(ListAccessKeysCommand).resolves({ AccessKeyMetadata: [], IsTruncated: false });
    await expect(store.list(USER)).resolves.toEqual([]);
  });

  test.each([
    ['nothing at all', {}],
    ['no list', { IsTruncated: false }],
    ['a list that does not say whether more follow', { AccessKeyMetadata: [] }],
    ['a list that goes on and does not say where', { AccessKeyMetadata: [], IsTruncated: true }],
    ['a list that never ends', { AccessKeyMetadata: [], IsTruncated: true, Marker: 'more' }],
    [
      'a list of another user',
      { AccessKeyMetadata: [{ ...listed, UserName: 'mailer' }], IsTruncated: false },
    ],
    ['a key without an id', { AccessKeyMetadata: [{ CreateDate: created }], IsTruncated: false }],
    ['a key without a date', { AccessKeyMetadata: [{ AccessKeyId: keyId() }], IsTruncated: false }],
  ])('an answer with %s is no answer, rather than no keys', async (_name, answer) => {
    iam.on(ListAccessKeysCommand).resolves(answer);
    await expect(store.list(USER)).rejects.toMatchObject({
      name: 'CallUnansweredError',
      code: 'IncompleteAnswer',
    });
  });

  test('listing the keys of a missing user is refused as notFound', async () => {
    iam.on(ListAccessKeysCommand).rejects(exception('NoSuchEntityException', 404));
    await expect(store.list(USER)).rejects.toMatchObject({ name: 'CallRefusedError', kind: 'notFound' });
  });
});

describe('creating a key', () => {
  test('a key is created through the client that never repeats a call, and its secret does not print', async () => {
    const [id, secret] = [keyId(), secretText()];
    const AccessKey = {
      AccessKeyId: id,
      SecretAccessKey: secret,
      Status: 'Active',
      CreateDate: created,
    } as const;
    iamOnce.on(CreateAccessKeyCommand).resolves({ AccessKey: { ...AccessKey, UserName: USER } });

    const key = await store.create(USER);

    expect(key).toMatchObject({ id, status: 'Active', createdAt: NOON });
    expect(key.secretAccessKey.reveal()).toBe(secret);
    expect(JSON.stringify(key)).not.toContain(secret);
    expect(iamOnce.commandCalls(CreateAccessKeyCommand)[0]?.args[0].input).toEqual({ UserName: USER });
    expect(iam.calls()).toHaveLength(0);
  });

  test('creating a key of a full user is refused, and it is certain that no key was made', async () => {
    iamOnce.on(CreateAccessKeyCommand).rejects(exception('LimitExceededException', 409));
    await expect(store.create(USER)).rejects.toMatchObject({
      name: 'CallRefusedError',
      kind: 'limitExceeded',
    });
  });

  test('an answer without a key leaves it open whether one was made', async () => {
    iamOnce.on(CreateAccessKeyCommand).resolves({});
    await expect(store.create(USER)).rejects.toThrow(CallUnansweredError);
  });

  test('a 500 leaves it open whether a key was made', async () => {
    iamOnce.on(CreateAccessKeyCommand).rejects(exception('ServiceFailureException', 500));
    await expect(store.create(USER)).rejects.toThrow(CallUnansweredError);
  });
});

describe('changing a key', () => {
  const id = keyId();

  test.each([
    ['activate', 'Active'],
    ['deactivate', 'Inactive'],
  ] as const)('to %s a key sets the status %s of that key of that user', async (verb, Status) => {
    iamOnce.on(UpdateAccessKeyCommand).resolves(done);
    await store[verb](USER, id);
    expect(iamOnce.commandCalls(UpdateAccessKeyCommand)[0]?.args[0].input).toEqual({
      UserName: USER,
      AccessKeyId: id,
      Status,
    });
  });

  test('a deletion names that key of that user', async () => {
    iamOnce.on(DeleteAccessKeyCommand).resolves(done);
    await store.delete(USER, id);
    expect(iamOnce.commandCalls(DeleteAccessKeyCommand)[0]?.args[0].input).toEqual({
      UserName: USER,
      AccessKeyId: id,
    });
  });

  test('a key that was gone before counts as deleted', async () => {
    const $metadata = { httpStatusCode: 404, attempts: 1 };
    iamOnce.on(DeleteAccessKeyCommand).rejects(new NoSuchEntityException({ $metadata, message: 'gone' }));
    await expect(store.delete(USER, id)).resolves.toBeUndefined();
  });

  test.each(['activate', 'deactivate', 'delete'] as const)(
    'to %s a key is not done where the answer has no request id of AWS',
    async (verb) => {
      iamOnce.onAnyCommand().resolves({ $metadata: {} });
      await expect(store[verb](USER, id)).rejects.toMatchObject({
        name: 'CallUnansweredError',
        code: 'IncompleteAnswer',
      });
    },
  );

  test('any other refusal of a change is passed on', async () => {
    iamOnce.on(DeleteAccessKeyCommand).rejects(exception('AccessDenied', 403));
    await expect(store.delete(USER, id)).rejects.toThrow(CallRefusedError);
  });
});

describe('when a key was last used', () => {
  test.each([
    [
      'has time, service and region',
      { LastUsedDate: created, ServiceName: 's3', Region: 'eu-west-1' },
      { at: NOON, service: 's3', region: 'eu-west-1' },
    ],
    [
      'is undefined where IAM says N/A',
      { LastUsedDate: undefined, ServiceName: 'N/A', Region: 'N/A' },
      undefined,
    ],
  ])('a last use %s', async (_what, AccessKeyLastUsed, use) => {
    iam.on(GetAccessKeyLastUsedCommand).resolves({ UserName: USER, AccessKeyLastUsed });
    await expect(store.lastUsed(keyId())).resolves.toEqual(use);
  });

  test.each([
    ['does not have it', {}],
    ['has a service and no date', { ServiceName: 's3', Region: 'eu-west-1' }],
    ['has a region and no date', { ServiceName: 'N/A', Region: 'eu-west-1' }],
    ['has a date that is none', { LastUsedDate: new Date(NaN), ServiceName: 's3', Region: 'eu-west-1' }],
  ])('a last use is unknown, rather than none, where the answer %s', async (_what, use) => {
    const answer = Object.keys(use).length === 0 ? {} : { AccessKeyLastUsed: use as AccessKeyLastUsed };
    iam.on(GetAccessKeyLastUsedCommand).resolves({ UserName: USER, ...answer });
    await expect(store.lastUsed(keyId())).rejects.toThrow(CallUnansweredError);
  });
});
