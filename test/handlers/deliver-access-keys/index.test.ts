import type { Context } from 'aws-lambda';

import type { handler as Handler } from '../../../handlers/deliver-access-keys/index';
import { entryUnderTest } from '../support/entry';
import { jsonError, respondAsAws } from '../support/local-endpoint';

const { aws, handler, written } = entryUnderTest<typeof Handler>('deliver-access-keys', {
  TABLE_NAME: 'iam-key-rotation',
  STACK: 'iam-key-rotation',
  SECRET_NAME_PREFIX: 'iam-key-rotation',
});

const context = { awsRequestId: 'run-1', getRemainingTimeInMillis: () => 900_000 } as Context;
const promotion = {
  source: 'iam-key-rotation',
  'detail-type': 'Key Promoted',
  detail: { user: 'ci-deployer' },
};

test('a run over a table without users says so', async () => {
  aws.answerWith(respondAsAws('{"Items": []}'));
  await expect(handler({ deliver: 'all' }, context)).resolves.toEqual({
    users: 0,
    delivered: 0,
    pending: 0,
    failed: 0,
    usersFailed: 0,
    notReached: 0,
  });
  expect(written.join('')).toContain('the run is over');
});

test('an event about a user of another stack is passed over', async () => {
  aws.answerWith(respondAsAws('{}'));
  await expect(handler(promotion, context)).resolves.toEqual({ ignored: 'no user of this stack' });
});

test('a failure is logged, and thrown without a stack trace, so that Lambda tries again', async () => {
  aws.answerWith(jsonError(400, 'AccessDeniedException', 'not authorized to perform: dynamodb:GetItem'));
  await expect(handler(promotion, context)).rejects.toMatchObject({
    name: 'CallRefusedError',
    stack: 'CallRefusedError',
  });
  expect(written.join('')).toContain('may not have reached its targets');
});
