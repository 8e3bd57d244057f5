import type { Context } from 'aws-lambda';
import { marshall } from '@aws-sdk/util-dynamodb';

import type { handler as Handler } from '../../../handlers/retire-access-keys/index';
import { entryUnderTest } from '../support/entry';
import { settingsOf } from '../support/fixtures';
import { jsonError, MARK_OF_AWS, type Answer } from '../support/local-endpoint';

const { aws, handler, written } = entryUnderTest<typeof Handler>('retire-access-keys', {
  TABLE_NAME: 'iam-key-rotation',
  MODE: 'act',
  MAXIMUM_DELETIONS: '50',
  STACK: 'iam-key-rotation',
  METRICS_PER: 'user',
});

const run = (minutesLeft: number) =>
  handler({}, {
    awsRequestId: 'run-1',
    getRemainingTimeInMillis: () => minutesLeft * 60_000,
  } as Context);

const ANSWERS: Readonly<Record<string, object>> = {
  Scan: {
    Items: [
      marshall({ pk: 'settings#new-user', ...settingsOf({ stableKey: 'new-user' }) }),
      marshall({ pk: 'settings#broken', userName: 7 }),
    ],
  },
};

/** A table with a user that has no journal yet, and one whose settings cannot be read. */
const twoUsers: Answer = (response, request, _nth, body) => {
  const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
  const { ExpressionAttributeValues: values } = JSON.parse(body) as {
    ExpressionAttributeValues?: Record<string, unknown>;
  };
  const begun = { Attributes: { ...marshall({ pk: 'sweep' }), runHolder: values?.[':holder'] } };
  const answer = action === 'UpdateItem' ? begun : ANSWERS[action];
  response.writeHead(answer === undefined ? 500 : 200, {
    ...MARK_OF_AWS,
    'content-type': 'application/x-amz-json-1.0',
  });
  response.end(JSON.stringify(answer ?? {}));
};

test('the result of a sweep is returned and logged', async () => {
  aws.answerWith(twoUsers);
  const result = await run(15);
  expect(result).toEqual({
    anotherRunIsAtWork: false,
    users: 2,
    notReached: 0,
    deletionsRefused: 0,
    acts: {},
    holds: 0,
    failedUsers: ['broken'],
  });
  // Claim, table and end; and what of each user may pass by itself is written down, and told by the next run.
  expect(aws.requests).toBe(5);
  const lines = written
    .filter((text) => text.startsWith('{'))
    .map((text) => JSON.parse(text) as Record<string, unknown>);
  expect(lines).toContainEqual(
    expect.objectContaining({ message: 'the sweep is over', users: 2, run: 'run-1' }),
  );
  expect(lines).toContainEqual(expect.objectContaining({ level: 'ERROR', user: 'broken' }));
  expect(lines).toContainEqual(
    expect.objectContaining({
      Stack: 'iam-key-rotation',
      UsersWatched: 2,
      UsersFailed: 1,
      SweepCompleted: 1,
    }),
  );
  expect(lines).toContainEqual(expect.objectContaining({ User: 'broken', UnmanagedKeys: 0 }));
});

test('no visit begins where Lambda leaves less time than the longest visit takes', async () => {
  aws.answerWith(twoUsers);
  await expect(run(4)).resolves.toMatchObject({ users: 2, notReached: 2, failedUsers: [] });
});

test('where another sweep is running, nothing but the claim is asked for', async () => {
  aws.answerWith(jsonError(400, 'ConditionalCheckFailedException', 'The conditional request failed'));
  await expect(run(15)).resolves.toEqual({ anotherRunIsAtWork: true });
  expect(aws.requests).toBe(1);
});

test('a table that cannot be read fails the sweep, so that EventBridge Scheduler tries again', async () => {
  aws.answerWith(jsonError(400, 'AccessDeniedException', 'not authorized to perform: dynamodb:UpdateItem'));
  await expect(run(15)).rejects.toThrow('AccessDeniedException');
});
