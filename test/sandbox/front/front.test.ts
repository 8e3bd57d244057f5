import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import { ApiError } from '../../../sandbox/front/api-call';
import { jsonAnswer } from '../../../sandbox/front/answers';
import { ACCOUNT, type FrontAlone, startFrontAlone } from '../support/front-alone';

const USER = { userId: 'AIDAEXAMPLE', userName: 'ci', arn: `arn:aws:iam::${ACCOUNT}:user/service/ci` };
const ROLE = { arn: `arn:aws:iam::${ACCOUNT}:role/rotation/fn`, id: 'AROAEXAMPLE' };

let front: FrontAlone;
let performed = 0;

beforeEach(async () => {
  performed = 0;
  front = await startFrontAlone({
    operations: {
      'dynamodb:ListTables': async () => {
        performed += 1;
        return jsonAnswer({ TableNames: ['t'] });
      },
    },
  });
});
afterEach(() => front.stop());

const whoAmI = (credentials: Parameters<FrontAlone['client']>[0]) =>
  new STSClient(front.client(credentials)).send(new GetCallerIdentityCommand({}));
const listTables = (more = {}) =>
  new DynamoDBClient({ ...front.client(), ...more }).send(new ListTablesCommand({}));
const keyOf = (key: { id: string; secretAccessKey: string }) => ({
  ...{ accessKeyId: key.id, secretAccessKey: key.secretAccessKey },
});

describe('who calls', () => {
  test("a user's key is the user, path included", async () => {
    const key = front.keys.create(USER);
    await expect(whoAmI(keyOf(key))).resolves.toMatchObject({
      ...{ Arn: USER.arn, UserId: USER.userId, Account: ACCOUNT },
    });
    expect(front.keys.lastKnownUse(key)).toMatchObject({ service: 'sts', region: 'eu-west-1' });
  });

  test("a function's session is its role's session", async () => {
    const credentials = front.sessions.open(ROLE, 'my-function', 'invocation-1');
    await expect(whoAmI(credentials)).resolves.toMatchObject({
      ...{ Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/fn/my-function`, UserId: 'AROAEXAMPLE:my-function' },
    });
    await expect(whoAmI({ ...credentials, sessionToken: 'another' })).rejects.toThrow(
      expect.objectContaining({ name: 'InvalidClientTokenId' }) as Error,
    );
  });

  test('a wrong secret does not match', async () => {
    const key = front.keys.create(USER);
    await expect(whoAmI({ accessKeyId: key.id, secretAccessKey: 'another' })).rejects.toMatchObject({
      ...{ name: 'SignatureDoesNotMatch', $metadata: { httpStatusCode: 403 } },
    });
    expect(front.keys.lastKnownUse(key)).toBeUndefined();
  });

  test('an inactive key is refused in the words of each service', async () => {
    const key = front.keys.create(USER);
    front.keys.setStatus(key, 'Inactive');
    const credentials = keyOf(key);
    const message = 'The security token included in the request is invalid.';
    await expect(whoAmI(credentials)).rejects.toMatchObject({
      ...{ name: 'InvalidClientTokenId', message, $metadata: { httpStatusCode: 403 } },
    });
    await expect(
      new LambdaClient(front.client(credentials)).send(new ListFunctionsCommand({})),
    ).rejects.toMatchObject({ name: 'UnrecognizedClientException', $metadata: { httpStatusCode: 403 } });
    await expect(listTables({ credentials })).rejects.toMatchObject({
      ...{ name: 'UnrecognizedClientException', $metadata: { httpStatusCode: 400 } },
    });
  });

  test('an unsigned request is refused', async () => {
    const answer = await fetch(front.endpoint, { method: 'POST', body: 'Action=GetCallerIdentity' });
    expect(answer.status).toBe(403);
  });
});

describe('what is recorded', () => {
  test('every call is recorded with its principal and result, refused ones too', async () => {
    const key = front.keys.create(USER);
    await whoAmI(keyOf(key));
    await expect(whoAmI({ accessKeyId: 'AKIANOBODYEXAMPLE', secretAccessKey: 'x' })).rejects.toThrow();
    const [first, second] = front.recorder.calls();
    expect(first).toMatchObject({
      ...{ service: 'sts', action: 'GetCallerIdentity', status: 200, errorCode: undefined },
      ...{ principal: { type: 'user', arn: USER.arn }, accessKeyId: key.id },
    });
    expect(second).toMatchObject({ principal: undefined, status: 403, errorCode: 'InvalidClientTokenId' });
  });

  test('no secret access key and no signature is recorded', async () => {
    const key = front.keys.create(USER);
    await whoAmI(keyOf(key));
    expect(JSON.stringify(front.recorder.calls())).not.toContain(key.secretAccessKey);
  });
});

describe('faults', () => {
  const match = { service: 'dynamodb', action: 'ListTables' };

  test('loseAnswer: the call is done, and the caller gets no answer', async () => {
    front.faults.inject({ match, fault: { kind: 'loseAnswer' } });
    await expect(listTables()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(performed).toBe(1);
    expect(front.recorder.calls()).toMatchObject([{ status: undefined }]);
  });

  test('cut: the call is not done', async () => {
    front.faults.inject({ match, fault: { kind: 'cut' } });
    await expect(listTables()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(performed).toBe(0);
  });

  test.each([
    [false, 0],
    [true, 1],
  ])('status500, done: %s', async (done, times) => {
    front.faults.inject({ match, fault: { kind: 'status500', done } });
    await expect(listTables()).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
    expect(performed).toBe(times);
  });

  test('throttle: the SDK recognizes the refusal as throttling', async () => {
    const fault = front.faults.inject({ match, fault: { kind: 'throttle' }, times: 2 });
    await expect(listTables({ maxAttempts: 3 })).resolves.toMatchObject({ TableNames: ['t'] });
    expect(fault.hits).toBe(2);
    expect(performed).toBe(1);
  });

  test('slow: the call is done, and answered after the client has given up', async () => {
    front.faults.inject({ match, fault: { kind: 'slow', ms: 60_000 } });
    const impatient = { requestHandler: { requestTimeout: 3_000, throwOnRequestTimeout: true } };
    await expect(listTables(impatient)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(performed).toBe(1);
  });

  test('killFunction kills the invocation that calls, and no other', async () => {
    front.faults.inject({ match: { byFunction: true }, fault: { kind: 'killFunction', when: 'after' } });
    await listTables();
    expect(front.killed).toEqual([]);
    const credentials = front.sessions.open(ROLE, 'my-function', 'invocation-1');
    await expect(listTables({ credentials })).rejects.toThrow();
    expect(front.killed).toEqual(['invocation-1']);
    expect(performed).toBe(2);
  });

  test('nth and times choose the calls that a fault meets, and remove ends the fault', async () => {
    const fault = front.faults.inject({ match, nth: 2, times: 5, fault: { kind: 'cut' } });
    await listTables();
    await expect(listTables()).rejects.toThrow();
    fault.remove();
    await listTables();
    expect(fault.hits).toBe(1);
  });
});

test('authorize refuses a call before it is done', async () => {
  await front.stop();
  const refused = new ApiError('AccessDeniedException', 'not you');
  front = await startFrontAlone({ authorize: () => Promise.reject(refused) });
  await expect(listTables()).rejects.toMatchObject({ name: 'AccessDeniedException', message: 'not you' });
});

test('every answer tells the time of the sandbox, so that SDKs set their clocks by it', async () => {
  const answer = await fetch(front.endpoint);
  expect(Math.abs(Date.parse(answer.headers.get('date') ?? '') - Date.now())).toBeLessThan(5_000);
});
