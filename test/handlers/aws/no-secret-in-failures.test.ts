import { inspect } from 'node:util';

import { createRotationPorts, type AwsRotationPorts } from '../../../handlers/aws/clients';
import { createLog } from '../../../handlers/aws/powertools-log';
import { explain } from '../../../handlers/core/model/explain';
import { SecretMaterial } from '../../../contract/secret-material';
import { sdkAtLocalEndpoint } from '../support/environment';
import { ARN, keyId, secretText, settingsOf } from '../support/fixtures';
import { linesOf } from '../support/log-lines';
import { jsonError, respondWith, type Answer } from '../support/local-endpoint';

/* R7: whatever goes wrong with a call that carries a secret, no message and no log line shows any of it. */

const SECRET = secretText();
/** An error that quotes what it could not parse cuts it short, so a part is a leak already. */
const PART = SECRET.slice(0, 6);

const aws = sdkAtLocalEndpoint();
let ports: AwsRotationPorts;
beforeAll(() => {
  ports = createRotationPorts('iam-key-rotation');
});

const calls = {
  CreateAccessKey: () => ports.keys.create('a'),
  GetSecretValue: () => ports.secrets.read(ARN, { label: 'AWSCURRENT' }),
  PutSecretValue: () =>
    ports.secrets.put(ARN, {
      versionId: 'v'.repeat(32),
      text: new SecretMaterial(SECRET),
      label: 'AWSPENDING',
      rotationToken: new SecretMaterial(`${SECRET}-rotation-token`),
    }),
  GetCallerIdentity: () =>
    ports.probe.callerIdentity({ accessKeyId: keyId(), secretAccessKey: new SecretMaterial(SECRET) }),
} as const;

/** Everything that anybody could get to see of the failure: error, cause, log line. */
async function shown(call: keyof typeof calls, answer: Answer): Promise<string> {
  aws.answerWith(answer);
  const error: unknown = await calls[call]().then(
    () => new Error('the call did not fail'),
    (thrown: unknown) => thrown,
  );
  const told = explain(error, { step: 'createSecret', secretArn: ARN, settings: settingsOf() });
  const lines = linesOf(() => {
    createLog({ user: 'ci-deployer' }).error('the step failed', { error: told });
  });
  expect(lines.join('')).toContain('the step failed');
  return [inspect(error, { depth: 20 }), inspect(told, { depth: 20 }), JSON.stringify(told), ...lines].join(
    '\n',
  );
}

const echo =
  (status: number): Answer =>
  (response, request, nth, body) => {
    respondWith(status, body)(response, request, nth, body);
  };
const createdOn = (date: string): string =>
  `<CreateAccessKeyResponse><CreateAccessKeyResult><AccessKey><AccessKeyId>${keyId()}</AccessKeyId>` +
  `<SecretAccessKey>${SECRET}</SecretAccessKey><CreateDate>${date}</CreateDate>` +
  '</AccessKey></CreateAccessKeyResult></CreateAccessKeyResponse>';

test.each<[answer: string, call: keyof typeof calls, answer: Answer]>([
  ['a new key in XML that is cut off', 'CreateAccessKey', respondWith(200, createdOn('x').slice(0, 160))],
  [
    'a new key in XML whose tags do not match',
    'CreateAccessKey',
    respondWith(200, `<a><b>${SECRET}</a></b>`),
  ],
  ['a new key in a 500', 'CreateAccessKey', respondWith(500, createdOn('x'))],
  ['the secret in place of the date', 'CreateAccessKey', respondWith(200, createdOn(SECRET))],
  ['a value in JSON that is cut off', 'GetSecretValue', respondWith(200, `{"SecretString":"${SECRET}`)],
  ['a value in a 400 that does not parse', 'GetSecretValue', respondWith(400, `{"SecretString":"${SECRET}"`)],
  ['a value in JSON without its quotes', 'GetSecretValue', respondWith(200, `{"SecretString":${SECRET}}`)],
  ['a value in a 500 that parses', 'GetSecretValue', respondWith(500, `{"SecretString":"${SECRET}"}`)],
  ['a 500 that echoes the request', 'GetCallerIdentity', echo(500)],
  ['a 500 that echoes the request', 'PutSecretValue', echo(500)],
  ['a 400 that echoes the request', 'PutSecretValue', echo(400)],
  [
    'a refusal whose message quotes what it refuses',
    'PutSecretValue',
    jsonError(
      400,
      'ValidationException',
      `Value '${SECRET}-rotation-token' at 'rotationToken' failed to satisfy constraint`,
    ),
  ],
])('no part of a secret is shown where the answer is %s to %s', async (_name, call, answer) => {
  expect(await shown(call, answer)).not.toContain(PART);
});
