import {
  createLifecycle,
  createRotationPorts,
  createSweepPorts,
  type AwsRotationPorts,
} from '../../../handlers/aws/clients';
import { CallUnansweredError } from '../../../handlers/core/model/call-errors';
import { LONGEST_CALL } from '../../../handlers/core/model/timing';
import { sdkAtLocalEndpoint } from '../support/environment';
import { eventOf } from '../../../handlers/core/telemetry/emit';
import { ARN, keyId, secretText, settingsOf } from '../support/fixtures';
import { stallHalfway, stayMute } from '../support/local-endpoint';
import { SecretMaterial } from '../../../contract/secret-material';

// Every time limit of the product keeps its proportions here, with a second of 20 ms.
jest.mock('../../../contract/instant', () => ({
  SECOND: 20,
  MINUTE: 60 * 20,
  HOUR: 3600 * 20,
  DAY: 24 * 3600 * 20,
}));

const aws = sdkAtLocalEndpoint();
let ports: AwsRotationPorts;
beforeAll(() => {
  ports = createRotationPorts('iam-key-rotation');
});

const credentials = { accessKeyId: keyId(), secretAccessKey: new SecretMaterial(secretText()) };

/** Far above LONGEST_CALL, so that only a call without any limit reaches it. */
const PATIENCE = 100 * LONGEST_CALL;

async function endOf(call: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise((resolve) => {
    timer = setTimeout(() => {
      resolve('still waiting');
    }, PATIENCE);
  });
  try {
    return await Promise.race([call.catch((error: unknown) => error), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

test('CreateAccessKey gives up a server that never answers, without asking twice', async () => {
  aws.answerWith(stayMute);
  expect(await endOf(ports.keys.create('a'))).toBeInstanceOf(CallUnansweredError);
  expect(aws.requests).toBeLessThanOrEqual(1);
});

test.each([
  ['never answers', stayMute],
  ['begins to answer and never ends', stallHalfway],
])('an event bus that %s is given up, and nothing fails because of it', async (_name, answer) => {
  aws.answerWith(answer);
  const warnings: string[] = [];
  const lifecycle = createLifecycle('iam-key-rotation')({
    info: () => undefined,
    warn: (message) => warnings.push(message),
    error: () => undefined,
  });
  lifecycle.note(eventOf(settingsOf(), 0, 'Rotation Deferred', { reason: 'both slots are taken' }));
  expect(await endOf(lifecycle.flush())).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining('did not accept')]);
});

test.each<[call: string, make: () => Promise<unknown>]>([
  ['CreateAccessKey', () => ports.keys.create('a')],
  ['DeleteAccessKey', () => ports.keys.delete('a', keyId())],
  ['GetSecretValue', () => ports.secrets.read(ARN, { label: 'AWSCURRENT' })],
  ['UpdateItem', () => ports.journals.release('a', 'me')],
  ['GetCallerIdentity', () => ports.probe.callerIdentity(credentials)],
  // Both are cut into pages by the SDK, which is not given the time limit.
  ['ListAccessKeys', () => ports.keys.list('a')],
  ['Scan', () => createSweepPorts('iam-key-rotation').directory.list()],
])('%s does not outlive LONGEST_CALL, whether the answer never begins or never ends', async (_call, make) => {
  for (const answer of [stayMute, stallHalfway]) {
    aws.answerWith(answer);
    expect(await endOf(make())).toBeInstanceOf(CallUnansweredError);
  }
});
