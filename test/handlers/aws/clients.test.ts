import { createRotationPorts, createSweepPorts, type AwsRotationPorts } from '../../../handlers/aws/clients';
import { CallRefusedError, CallUnansweredError } from '../../../handlers/core/model/call-errors';
import { SecretMaterial } from '../../../contract/secret-material';
import { sdkAtLocalEndpoint } from '../support/environment';
import { ARN, journalWith, keyId, secretText } from '../support/fixtures';
import {
  hangUp,
  jsonError,
  queryError,
  respondAsAws,
  respondWith,
  type Answer,
} from '../support/local-endpoint';

/* The SDK clients exactly as the functions use them, against a server that behaves badly. */

const aws = sdkAtLocalEndpoint();
let ports: AwsRotationPorts;
beforeAll(() => {
  ports = createRotationPorts('iam-key-rotation');
});

const createdXml = (id: string, secret: string): string =>
  '<CreateAccessKeyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><CreateAccessKeyResult><AccessKey>' +
  `<UserName>a</UserName><AccessKeyId>${id}</AccessKeyId><Status>Active</Status>` +
  `<SecretAccessKey>${secret}</SecretAccessKey><CreateDate>2026-01-15T12:00:00Z</CreateDate>` +
  '</AccessKey></CreateAccessKeyResult></CreateAccessKeyResponse>';

const createdWithoutIdAndDate = createdXml('', secretText()).replace(
  /<(AccessKeyId|CreateDate)>.*?<\/\1>/g,
  '',
);
const throttledQuery = queryError(400, 'Throttling', 'Rate exceeded');

describe('CreateAccessKey is sent exactly once, because two answers are two keys (F 2.5)', () => {
  test.each([
    ['a 500', queryError(500, 'ServiceFailure', 'oops')],
    ['a 503', queryError(503, 'ServiceUnavailable', 'oops')],
    ['a cut connection', hangUp],
    ['an answer that is no XML', respondWith(200, 'upstream said nothing')],
    ['an answer that is cut short', respondAsAws(createdXml(keyId(), secretText()).slice(0, 150))],
    ['an answer without the key’s id and date', respondAsAws(createdWithoutIdAndDate)],
    ['an empty answer', respondWith(200, '')],
    ['a redirection', respondWith(301, '')],
    // A proxy's 4xx has no error code of AWS; whether AWS saw the request is not known.
    ['a 4xx with a page of HTML', respondWith(403, '<html><body>blocked</body></html>')],
    ['a 4xx with a line of text', respondWith(400, 'bad request')],
    ['a 4xx with nothing', respondWith(408, '')],
  ])(
    'CreateAccessKey is sent once after %s, which leaves it open whether a key was made',
    async (_name, answer) => {
      aws.answerWith(answer);
      await expect(ports.keys.create('a')).rejects.toThrow(CallUnansweredError);
      expect(aws.requests).toBe(1);
    },
  );

  test.each([
    // The SDK's own model takes this for throttling, and would repeat it (F 3.3).
    ['LimitExceeded', queryError(409, 'LimitExceeded', 'Cannot exceed quota for AccessKeysPerUser: 2')],
    ['throttling', throttledQuery],
  ])('CreateAccessKey is sent once after %s, which says that no key was made', async (_name, answer) => {
    aws.answerWith(answer);
    await expect(ports.keys.create('a')).rejects.toThrow(CallRefusedError);
    expect(aws.requests).toBe(1);
  });

  test('the answer to CreateAccessKey is read', async () => {
    const [id, secret] = [keyId(), secretText()];
    aws.answerWith(respondAsAws(createdXml(id, secret)));
    const key = await ports.keys.create('a');
    expect(key).toMatchObject({ id, status: 'Active', createdAt: Date.UTC(2026, 0, 15, 12) });
    expect(key.secretAccessKey.reveal()).toBe(secret);
  });
});

/** What AWS answers to a change that it made. */
const madeIt: Answer = (response) => {
  response.setHeader('x-amzn-requestid', '00000000-0000-0000-0000-000000000000');
  response.end('');
};

const first =
  (answer: Answer, then: Answer): Answer =>
  (response, request, nth, body) => {
    (nth === 1 ? answer : then)(response, request, nth, body);
  };

const changes: readonly [string, (ports: AwsRotationPorts) => Promise<void>, Answer][] = [
  ['the re-activation of a key', ({ keys }) => keys.activate('a', keyId()), throttledQuery],
  ['the deactivation of a key', ({ keys }) => keys.deactivate('a', keyId()), throttledQuery],
  ['the deletion of a key', ({ keys }) => keys.delete('a', keyId()), throttledQuery],
  [
    'the move of a label',
    ({ secrets }) => secrets.moveLabel(ARN, 'AWSCURRENT', { from: 'u'.repeat(32), to: 'v'.repeat(32) }),
    jsonError(400, 'ThrottlingException', 'Rate exceeded'),
  ],
  [
    'the removal of a label',
    ({ secrets }) => secrets.removeLabel(ARN, 'AWSPENDING', 'v'.repeat(32)),
    jsonError(400, 'ThrottlingException', 'Rate exceeded'),
  ],
];

describe('R1: the lease is given back only when no try of a change can still be performed', () => {
  test.each(
    changes.flatMap(([name, change]) => [
      { name, change, problem: 'a cut connection', answer: hangUp },
      { name, change, problem: 'a 500', answer: respondWith(500, '') },
      { name, change, problem: 'a 503', answer: queryError(503, 'ServiceUnavailable', 'oops') },
      { name, change, problem: 'an empty answer that has no request id', answer: respondWith(200, '') },
    ]),
  )('$name is not sent again after $problem, and counts as unanswered', async ({ change, answer }) => {
    aws.answerWith(first(answer, madeIt));
    await expect(change(ports)).rejects.toThrow(CallUnansweredError);
    expect(aws.requests).toBe(1);
  });

  test.each(changes)(
    '%s is sent again where AWS throttled it, because AWS then did nothing',
    async (_name, change, throttled) => {
      aws.answerWith(first(throttled, madeIt));
      await expect(change(ports)).resolves.toBeUndefined();
      expect(aws.requests).toBe(2);
    },
  );

  test('a change that AWS goes on throttling is given up as one that was not made', async () => {
    // Each try takes 500 ms here, on however busy a machine: a fourth would not fit into LONGEST_CALL.
    let now = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    try {
      aws.answerWith((...exchange) => {
        now += 500;
        throttledQuery(...exchange);
      });
      await expect(ports.keys.deactivate('a', keyId())).rejects.toMatchObject({
        name: 'CallRefusedError',
        kind: 'throttled',
      });
    } finally {
      jest.restoreAllMocks();
    }
    expect(aws.requests).toBe(3);
  });

  test.each<[what: string, call: (keys: AwsRotationPorts['keys']) => Promise<unknown>]>([
    ['change', (keys) => keys.deactivate('a', keyId())],
    ['question', (keys) => keys.list('a')],
  ])(
    'a sweep gets the throttling of a %s at once, because its pacer has to slow down',
    async (_what, call) => {
      aws.answerWith(first(throttledQuery, madeIt));
      await expect(call(createSweepPorts('iam-key-rotation').keys)).rejects.toMatchObject({
        kind: 'throttled',
      });
      expect(aws.requests).toBe(1);
    },
  );
});

test.each<[asked: string, call: () => Promise<unknown>, answer?: string]>([
  ['empty instead of the keys of a user', () => ports.keys.list('a')],
  [
    'a page of HTML instead of the keys of a user',
    () => ports.keys.list('a'),
    '<html><body>hello</body></html>',
  ],
  ['empty instead of the last use of a key', () => ports.keys.lastUsed(keyId())],
  ['empty instead of the labels of a secret', () => ports.secrets.describe(ARN)],
  ['empty instead of the lease', () => ports.journals.acquire('a', { holder: 'me', until: 1 }, 0)],
  [
    'empty instead of a write of the journal',
    () => ports.journals.write('a', { holder: 'me', until: 1 }, journalWith()),
  ],
  ['empty instead of the end of the lease', () => ports.journals.release('a', 'me')],
  ['empty instead of the journal of a user', () => ports.journals.read('a')],
  ['empty instead of the settings of a user', () => ports.settings.read('a')],
  ['empty instead of all users', () => createSweepPorts('iam-key-rotation').directory.list()],
])('an answer that is %s is no answer', async (_asked, call, answer = '') => {
  aws.answerWith(respondWith(200, answer));
  await expect(call()).rejects.toThrow(CallUnansweredError);
});

describe('everything else is asked again', () => {
  test('a question that met a 500 is answered by the next try', async () => {
    const noKeys =
      '<ListAccessKeysResponse><ListAccessKeysResult><AccessKeyMetadata/><IsTruncated>false</IsTruncated>' +
      '</ListAccessKeysResult></ListAccessKeysResponse>';
    aws.answerWith(first(queryError(500, 'ServiceFailure', 'oops'), respondAsAws(noKeys)));
    await expect(ports.keys.list('a')).resolves.toEqual([]);
    expect(aws.requests).toBe(2);
  });

  test('a question is given up after three tries', async () => {
    aws.answerWith(jsonError(500, 'InternalServiceError', 'oops'));
    await expect(ports.secrets.describe(ARN)).rejects.toThrow(CallUnansweredError);
    expect(aws.requests).toBe(3);
  });

  test('a refusal is passed on at once', async () => {
    aws.answerWith(jsonError(400, 'AccessDeniedException', 'Access to KMS is not allowed'));
    await expect(ports.secrets.describe(ARN)).rejects.toMatchObject({
      kind: 'kms',
      code: 'AccessDeniedException',
    });
    expect(aws.requests).toBe(1);
  });

  const version = { versionId: 'v'.repeat(32), label: 'AWSPENDING', rotationToken: undefined } as const;

  test('a value that was refused only at the second try may have been stored by the first', async () => {
    aws.answerWith(first(hangUp, jsonError(400, 'InvalidParameterException', 'no')));
    const putting = ports.secrets.put(ARN, { ...version, text: new SecretMaterial('x') });
    await expect(putting).rejects.toThrow(CallUnansweredError);
    expect(aws.requests).toBe(2);
  });

  test('a failed condition of the table is recognized by the full type name that DynamoDB sends', async () => {
    aws.answerWith(
      jsonError(
        400,
        'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
        'The conditional request failed',
      ),
    );
    await expect(ports.journals.acquire('a', { holder: 'me', until: 1 }, 0)).resolves.toBeUndefined();
    expect(aws.requests).toBe(1);
  });

  test('a stored value arrives as it was sent', async () => {
    const text = JSON.stringify({ SecretAccessKey: secretText() });
    let sent: unknown;
    aws.answerWith((response, request, nth, body) => {
      sent = JSON.parse(body);
      respondAsAws(JSON.stringify({ VersionId: 'v'.repeat(32) }))(response, request, nth, body);
    });
    await ports.secrets.put(ARN, { ...version, text: new SecretMaterial(text) });
    expect(sent).toEqual({
      SecretId: ARN,
      ClientRequestToken: 'v'.repeat(32),
      SecretString: text,
      VersionStages: ['AWSPENDING'],
    });
  });
});
