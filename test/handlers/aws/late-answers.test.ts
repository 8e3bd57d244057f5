import { createRotationPorts, type AwsRotationPorts } from '../../../handlers/aws/clients';
import { SECOND } from '../../../contract/instant';
import { sdkAtLocalEndpoint } from '../support/environment';
import { ARN, keyId, secretText } from '../support/fixtures';
import { respondAsAws } from '../support/local-endpoint';

// Every time limit of the product keeps its proportions here, with a second of 500 ms.
jest.mock('../../../contract/instant', () => ({
  SECOND: 500,
  MINUTE: 60 * 500,
  HOUR: 3600 * 500,
  DAY: 24 * 3600 * 500,
}));

/** Later than a question is waited for, which may be asked again. */
const LATE = 5 * SECOND;

const aws = sdkAtLocalEndpoint();
let ports: AwsRotationPorts;
beforeAll(() => {
  ports = createRotationPorts('iam-key-rotation');
});

const createdXml =
  `<CreateAccessKeyResponse><CreateAccessKeyResult><AccessKey><AccessKeyId>${keyId()}</AccessKeyId>` +
  `<SecretAccessKey>${secretText()}</SecretAccessKey><CreateDate>2026-01-15T12:00:00Z</CreateDate>` +
  '</AccessKey></CreateAccessKeyResult></CreateAccessKeyResponse>';

test.each([
  ['CreateAccessKey', () => ports.keys.create('a'), createdXml],
  ['UpdateAccessKey', () => ports.keys.deactivate('a', keyId()), ''],
  [
    'UpdateSecretVersionStage',
    () => ports.secrets.removeLabel(ARN, 'AWSPENDING', 'v'.repeat(32)),
    JSON.stringify({ ARN }),
  ],
])('a late answer to %s is waited for, because it is asked once', async (_name, call, answer) => {
  aws.answerWith((response, request, nth, body) => {
    response.setHeader('x-amzn-requestid', '00000000-0000-0000-0000-000000000000');
    setTimeout(() => {
      respondAsAws(answer)(response, request, nth, body);
    }, LATE);
  });
  await call();
  expect(aws.requests).toBe(1);
});
