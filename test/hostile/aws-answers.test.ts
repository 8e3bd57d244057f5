import { marshall } from '@aws-sdk/util-dynamodb';
import * as fc from 'fast-check';

import { createSweepPorts } from '../../handlers/aws/clients';
import {
  CallRefusedError,
  CallUnansweredError,
  UnreadableRecordError,
} from '../../handlers/core/model/call-errors';
import { sdkAtLocalEndpoint } from '../handlers/support/environment';
import { ARN, keyId, secretText, settingsOf } from '../handlers/support/fixtures';
import { respondAsAws } from '../handlers/support/local-endpoint';
import { damaged, hostileTexts, outcomeOf } from './support/hostile';

/*
 * What answers for AWS may be a proxy, a broken box in between, or an AWS that is newer than this: no answer is believed that has not
 * what it should (R8). What comes is read by the SDK, as in the function.
 */

const CLEAR = [CallRefusedError, CallUnansweredError, UnreadableRecordError];
const SECRET = secretText();
const ID = keyId();

const aws = sdkAtLocalEndpoint();
let ports: ReturnType<typeof createSweepPorts>;
beforeAll(() => {
  ports = createSweepPorts('iam-key-rotation');
});

const ITEM = { ...marshall(settingsOf()), pk: { S: 'settings#ci-deployer' } };
const NOON_IN_SECONDS = 1_768_478_400;

const READS: readonly (readonly [call: string, answer: object, read: () => Promise<unknown>])[] = [
  [
    'DescribeSecret',
    {
      ...{ ARN, RotationEnabled: true, VersionIdsToStages: { a: ['AWSCURRENT'], b: ['AWSPREVIOUS'] } },
      ...{
        DeletedDate: NOON_IN_SECONDS,
        NextRotationDate: NOON_IN_SECONDS,
        Tags: [{ Key: 'a', Value: 'b' }],
      },
      ReplicationStatus: [{ Region: 'us-east-1', Status: 'InSync', StatusMessage: 'x' }],
    },
    () => ports.secrets.describe(ARN),
  ],
  [
    'GetSecretValue',
    { ARN, VersionId: 'v', SecretString: SECRET },
    () => ports.secrets.read(ARN, { label: 'AWSCURRENT' }),
  ],
  ['GetItem', { Item: ITEM }, () => ports.settings.read('ci-deployer')],
  ['Scan', { Items: [ITEM], Count: 1 }, () => ports.directory.list()],
  [
    'LookupEvents',
    { Events: [{ EventName: 'x', EventTime: NOON_IN_SECONDS, CloudTrailEvent: '{}' }] },
    () => ports.trail.recentUses(ID),
  ],
];

it.each(READS)('a damaged answer to %s is read, or counts as none', async (_call, answer, read) => {
  aws.answerWith(respondAsAws(JSON.stringify(answer)));
  await read();
  await fc.assert(
    fc.asyncProperty(damaged(answer), async (changed) => {
      let body: string;
      try {
        body = JSON.stringify(changed);
      } catch {
        body = '['.repeat(60_000);
      }
      aws.answerWith(respondAsAws(body));
      await outcomeOf(read, { errors: CLEAR, secrets: [SECRET] });
    }),
    { numRuns: 40 },
  );
});

it('an answer of IAM, which is XML, with whatever text in it is read, or counts as none', async () => {
  const keyOf = (id: string, status: string, created: string): string =>
    `<member><UserName>a</UserName><AccessKeyId>${id}</AccessKeyId><Status>${status}</Status><CreateDate>${created}</CreateDate></member>`;
  const text = fc.oneof(
    hostileTexts,
    fc.constantFrom(ID, 'Active', '2026-01-15T12:00:00Z', '<a/>', '&x;', '<!DOCTYPE a [<!ENTITY b "c">]>&b;'),
  );
  await fc.assert(
    fc.asyncProperty(text, text, text, text, async (id, status, created, rest) => {
      const list = `<AccessKeyMetadata>${keyOf(id, status, created)}</AccessKeyMetadata>${rest}`;
      aws.answerWith(
        respondAsAws(
          `<ListAccessKeysResponse><ListAccessKeysResult><IsTruncated>false</IsTruncated>${list}</ListAccessKeysResult></ListAccessKeysResponse>`,
        ),
      );
      await outcomeOf(() => ports.keys.list('a'), { errors: CLEAR });
    }),
    { numRuns: 50 },
  );
});
