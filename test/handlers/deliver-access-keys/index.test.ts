import { marshall } from '@aws-sdk/util-dynamodb';
import type { Context } from 'aws-lambda';

import type { handler as Handler } from '../../../handlers/deliver-access-keys/index';
import { entryUnderTest } from '../support/entry';
import { settingsItem } from '../../../modules/journal-table/settings-item';
import { ARN, keyId, secretText, settingsOf } from '../support/fixtures';
import { jsonError, respondAsAws, type Answer } from '../support/local-endpoint';

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

type Item = Readonly<Record<string, unknown>>;

/** A user whose key goes to an address of this machine, which is not allowed, with what AWS answers of it. */
function answersOf(secretAccessKey: string, token: string): Answer {
  const key = keyId();
  const versionId = 'v'.repeat(32);
  const settings = settingsOf({
    deliver: [
      {
        kind: 'https',
        url: 'https://127.0.0.1/variables/1',
        method: 'PUT',
        headers: { authorization: 'Bearer {token}' },
        body: { format: 'json', template: '{"value":"{SecretAccessKey}"}' },
        tokenSecret: 'ci/token',
      },
    ],
  });
  const { userId, secretArn } = settings;
  const current = { keyId: key, versionId, since: '2026-11-29T12:00:00.000Z' };
  const items = new Map<string, Item>([
    ['settings#ci-deployer', JSON.parse(settingsItem({ ...settings, exemption: undefined })) as Item],
    ['journal#ci-deployer', marshall({ journal: { userId, secretArn, current, previous: [] } })],
  ]);
  const answerTo = (input: Item): object => {
    if (input['SecretId'] === 'ci/token') return { SecretString: token, VersionId: versionId };
    if (input['SecretId'] === ARN) {
      const value = { Version: 1, AccessKeyId: key, SecretAccessKey: secretAccessKey };
      return { ARN, VersionId: versionId, SecretString: JSON.stringify(value) };
    }
    const name = ((input['Key'] as Item | undefined)?.['pk'] as Item | undefined)?.['S'];
    if (typeof name !== 'string') return {};
    const {
      ':holder': leaseHolder,
      ':until': leaseUntil,
      ':deliveries': deliveries,
    } = (input['ExpressionAttributeValues'] ?? {}) as Item;
    const changed = Object.entries({ leaseHolder, leaseUntil, deliveries }).filter(
      ([, value]) => value !== undefined,
    );
    const item = { ...items.get(name), ...Object.fromEntries(changed) };
    items.set(name, item);
    return input['UpdateExpression'] === undefined ? { Item: item } : { Attributes: item };
  };
  return (response, request, nth, body) => {
    respondAsAws(JSON.stringify(answerTo(JSON.parse(body) as Item)))(response, request, nth, body);
  };
}

test('a target outside AWS is reached by the guarded client, which tells neither the key nor the token', async () => {
  const [secretAccessKey, token] = [secretText(), `glpat-${secretText()}`];
  aws.answerWith(answersOf(secretAccessKey, token));
  await expect(handler(promotion, context)).resolves.toEqual({
    delivered: [],
    pending: [],
    failed: ['address https://127.0.0.1/variables/1'],
  });
  const told = written.join('');
  expect(told).toMatch(/has an address that is not public \(loopback\).*Nothing was sent/);
  expect(told).not.toContain(secretAccessKey.slice(0, 20));
  expect(told).not.toContain(token.slice(0, 20));
});
