import { createRotationPorts, type AwsRotationPorts } from '../../../handlers/aws/clients';
import { CallRefusedError, CallUnansweredError } from '../../../handlers/core/errors';
import { SecretMaterial } from '../../../handlers/core/secret-material';
import { pointSdkAt } from '../support/environment';
import { ARN, keyId, secretText } from '../support/fixtures';
import {
  hangUp,
  jsonError,
  openEndpoint,
  queryError,
  respondWith,
  type Answer,
  type LocalEndpoint,
} from '../support/local-endpoint';

/* The SDK clients exactly as the functions use them, against a server that behaves badly. */

let aws: LocalEndpoint;
let ports: AwsRotationPorts;

beforeAll(async () => {
  aws = await openEndpoint();
  pointSdkAt(aws.url);
  ports = createRotationPorts('iam-key-rotation');
});
afterAll(() => aws.close());

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
      respondWith(200, createdXml(keyId(), secretText()).slice(0, 150)),
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

  test.each(cases)('after %s', async (_name, answer, told) => {
    aws.answerWith(answer);
    await expect(ports.keys.create('a')).rejects.toThrow(told);
    expect(aws.requests).toBe(1);
  });

  test('and its answer is read', async () => {
    const [id, secret] = [keyId(), secretText()];
    aws.answerWith(respondWith(200, createdXml(id, secret)));
    const key = await ports.keys.create('a');
    expect(key).toMatchObject({ id, status: 'Active', createdAt: Date.UTC(2026, 0, 15, 12) });
    expect(key.secretAccessKey.reveal()).toBe(secret);
  });
});

describe('everything else is asked again', () => {
  test('a question that met a 500 is answered by the next try', async () => {
    aws.answerWith((response, request, nth, body) => {
      if (nth === 1) queryError(500, 'ServiceFailure', 'oops')(response, request, nth, body);
      else
        respondWith(200, '<ListAccessKeysResponse><ListAccessKeysResult/></ListAccessKeysResponse>')(
          response,
          request,
          nth,
          body,
        );
    });
    await expect(ports.keys.list('a')).resolves.toEqual([]);
    expect(aws.requests).toBe(2);
  });

  test('and given up after three tries', async () => {
    aws.answerWith(jsonError(500, 'InternalServiceError', 'oops'));
    await expect(ports.secrets.describe(ARN)).rejects.toThrow(CallUnansweredError);
    expect(aws.requests).toBe(3);
  });

  test('a refusal is heard at once', async () => {
    aws.answerWith(jsonError(400, 'AccessDeniedException', 'Access to KMS is not allowed'));
    await expect(ports.secrets.describe(ARN)).rejects.toMatchObject({
      kind: 'kms',
      code: 'AccessDeniedException',
    });
    expect(aws.requests).toBe(1);
  });

  test('a deletion whose first answer was lost, and whose second finds no key, is done', async () => {
    aws.answerWith((response, request, nth, body) => {
      (nth === 1 ? hangUp : queryError(404, 'NoSuchEntity', 'gone'))(response, request, nth, body);
    });
    await expect(ports.keys.delete('a', keyId())).resolves.toBeUndefined();
    expect(aws.requests).toBe(2);
  });

  test('a change that was refused only at its second try may have been made by the first', async () => {
    aws.answerWith((response, request, nth, body) => {
      (nth === 1 ? hangUp : jsonError(400, 'InvalidParameterException', 'it is elsewhere'))(
        response,
        request,
        nth,
        body,
      );
    });
    await expect(ports.secrets.removeLabel(ARN, 'AWSPENDING', 'v'.repeat(32))).rejects.toThrow(
      CallUnansweredError,
    );
  });

  test('a condition of the table is told from the full type name that DynamoDB sends', async () => {
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
      respondWith(200, '{}')(response, request, nth, body);
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

describe('what a machine in between says is not what AWS says', () => {
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
    respondWith(200, createdXml('', secretText()).replace(/<(AccessKeyId|CreateDate)>.*?<\/\1>/g, '')),
  );
  await expect(ports.keys.create('a')).rejects.toThrow(CallUnansweredError);
});
