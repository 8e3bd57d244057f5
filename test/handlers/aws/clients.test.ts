import { createRotationPorts, createSweepPorts, type AwsRotationPorts } from '../../../handlers/aws/clients';
import { CallRefusedError, CallUnansweredError } from '../../../handlers/core/model/call-errors';
import { SecretMaterial } from '../../../contract/secret-material';
import { sdkAtLocalEndpoint } from '../support/environment';
import { ARN, keyId, secretText } from '../support/fixtures';
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

describe('CreateAccessKey is sent exactly once, because two answers are two keys (F 2.5)', () => {
  const cases: readonly [string, Answer, new (...args: never[]) => Error][] = [
    ['a 500', queryError(500, 'ServiceFailure', 'oops'), CallUnansweredError],
    ['a 503', queryError(503, 'ServiceUnavailable', 'oops'), CallUnansweredError],
    ['a cut connection', hangUp, CallUnansweredError],
    ['an answer that is no XML', respondWith(200, 'upstream said nothing'), CallUnansweredError],
    [
      'an answer that is cut short',
      respondAsAws(createdXml(keyId(), secretText()).slice(0, 150)),
      CallUnansweredError,
    ],
    ['an empty answer', respondWith(200, ''), CallUnansweredError],
    ['a redirection', respondWith(301, ''), CallUnansweredError],
    // The SDK's own model takes this for throttling, and would repeat it (F 3.3).
    [
      'LimitExceeded',
      queryError(409, 'LimitExceeded', 'Cannot exceed quota for AccessKeysPerUser: 2'),
      CallRefusedError,
    ],
    ['throttling', queryError(400, 'Throttling', 'Rate exceeded'), CallRefusedError],
  ];

  test.each(cases)('CreateAccessKey is sent once after %s', async (_name, answer, told) => {
    aws.answerWith(answer);
    await expect(ports.keys.create('a')).rejects.toThrow(told);
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
  [
    'the re-activation of a key',
    ({ keys }) => keys.activate('a', keyId()),
    queryError(400, 'Throttling', 'Rate exceeded'),
  ],
  [
    'the deactivation of a key',
    ({ keys }) => keys.deactivate('a', keyId()),
    queryError(400, 'Throttling', 'Rate exceeded'),
  ],
  [
    'the deletion of a key',
    ({ keys }) => keys.delete('a', keyId()),
    queryError(400, 'Throttling', 'Rate exceeded'),
  ],
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
  describe.each(changes)('%s', (_name, change, throttled) => {
    test.each([
      ['a cut connection', hangUp],
      ['a 500', respondWith(500, '')],
      ['a 503', queryError(503, 'ServiceUnavailable', 'oops')],
      ['an empty answer that has no request id', respondWith(200, '')],
    ])('is not sent again after %s, and counts as unanswered', async (_problem, answer) => {
      aws.answerWith(first(answer, madeIt));
      await expect(change(ports)).rejects.toThrow(CallUnansweredError);
      expect(aws.requests).toBe(1);
    });

    test('a change is sent again where AWS throttled it, because AWS then did nothing', async () => {
      aws.answerWith(first(throttled, madeIt));
      await expect(change(ports)).resolves.toBeUndefined();
      expect(aws.requests).toBe(2);
    });
  });

  test('a change that AWS goes on throttling is given up as one that was not made', async () => {
    aws.answerWith(queryError(400, 'Throttling', 'Rate exceeded'));
    await expect(ports.keys.deactivate('a', keyId())).rejects.toMatchObject({
      name: 'CallRefusedError',
      kind: 'throttled',
    });
    expect(aws.requests).toBe(3);
  });

  test('a sweep gets the throttling of a change at once, because its pacer has to slow down', async () => {
    aws.answerWith(first(queryError(400, 'Throttling', 'Rate exceeded'), madeIt));
    const { keys } = createSweepPorts('iam-key-rotation');
    await expect(keys.deactivate('a', keyId())).rejects.toMatchObject({ kind: 'throttled' });
    expect(aws.requests).toBe(1);
  });
});

describe('an answer without what was asked for is no answer', () => {
  test.each([
    ['the keys of a user', 'an empty answer', () => ports.keys.list('a'), respondWith(200, '')],
    [
      'the keys of a user',
      'a page of HTML',
      () => ports.keys.list('a'),
      respondWith(200, '<html><body>hello</body></html>'),
    ],
    ['the last use of a key', 'an empty answer', () => ports.keys.lastUsed(keyId()), respondWith(200, '')],
    ['the labels of a secret', 'an empty answer', () => ports.secrets.describe(ARN), respondWith(200, '')],
    [
      'the lease',
      'an empty answer',
      () => ports.journals.acquire('a', { holder: 'me', until: 1 }, 0),
      respondWith(200, ''),
    ],
  ] as const)('%s, of which %s tells nothing', async (_asked, _told, call, answer) => {
    aws.answerWith(answer);
    await expect(call()).rejects.toThrow(CallUnansweredError);
  });
});

describe('everything else is asked again', () => {
  test('a question that met a 500 is answered by the next try', async () => {
    aws.answerWith((response, request, nth, body) => {
      if (nth === 1) queryError(500, 'ServiceFailure', 'oops')(response, request, nth, body);
      else
        respondAsAws(
          '<ListAccessKeysResponse><ListAccessKeysResult><AccessKeyMetadata/><IsTruncated>false</IsTruncated>' +
            '</ListAccessKeysResult></ListAccessKeysResponse>',
        )(response, request, nth, body);
    });
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

  test('a value that was refused only at the second try may have been stored by the first', async () => {
    aws.answerWith(first(hangUp, jsonError(400, 'InvalidParameterException', 'no')));
    const version = {
      versionId: 'v'.repeat(32),
      text: new SecretMaterial('x'),
      label: 'AWSPENDING',
    } as const;
    await expect(ports.secrets.put(ARN, { ...version, rotationToken: undefined })).rejects.toThrow(
      CallUnansweredError,
    );
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
    await ports.secrets.put(ARN, {
      versionId: 'v'.repeat(32),
      text: new SecretMaterial(text),
      label: 'AWSPENDING',
      rotationToken: undefined,
    });
    expect(sent).toEqual({
      SecretId: ARN,
      ClientRequestToken: 'v'.repeat(32),
      SecretString: text,
      VersionStages: ['AWSPENDING'],
    });
  });
});

describe('the answer of a proxy is not an answer of AWS', () => {
  // A proxy's 4xx has no error code of AWS; whether AWS saw the request is not known.
  test.each([
    ['a page of HTML', respondWith(403, '<html><body>blocked</body></html>')],
    ['a line of text', respondWith(400, 'bad request')],
    ['nothing', respondWith(408, '')],
  ])('a 4xx with %s leaves it open whether a key was made', async (_name, answer) => {
    aws.answerWith(answer);
    await expect(ports.keys.create('a')).rejects.toThrow(CallUnansweredError);
  });
});

test('a key without its id or date leaves it open whether one was made', async () => {
  aws.answerWith(
    respondAsAws(createdXml('', secretText()).replace(/<(AccessKeyId|CreateDate)>.*?<\/\1>/g, '')),
  );
  await expect(ports.keys.create('a')).rejects.toThrow(CallUnansweredError);
});
