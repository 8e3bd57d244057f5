import { forUser } from '../../../cli/commands/user-options';
import { MINUTE } from '../../../contract/instant';
import { SecretMaterial } from '../../../contract/secret-material';
import { pointSdkAt } from '../../handlers/support/environment';
import { keyId, secretText, settingsOf } from '../../handlers/support/fixtures';
import {
  jsonError,
  openEndpoint,
  queryError,
  type Answer,
  type LocalEndpoint,
} from '../../handlers/support/local-endpoint';
import { marshall } from '@aws-sdk/util-dynamodb';

const USER = { user: 'ci-deployer', prefix: 'iam-key-rotation' };
const credentials = { accessKeyId: keyId(), secretAccessKey: new SecretMaterial(secretText()) };

let aws: LocalEndpoint;
beforeAll(async () => {
  aws = await openEndpoint();
  pointSdkAt(aws.url);
});
afterAll(() => aws.close());

/** `20260115T120000Z` */
const signedAt = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** AWS with a clock that is ahead of this machine's; it refuses what was signed more than five minutes before or after. */
const awsAhead =
  (ahead: number, table: Answer = settingsItem): Answer =>
  (response, request, nth, body) => {
    const now = Date.now() + ahead;
    response.setHeader('date', new Date(now).toUTCString());
    response.setHeader('x-amzn-requestid', '00000000-0000-0000-0000-000000000000');
    const isDynamoDb = request.headers['x-amz-target'] !== undefined;
    const late = now - signedAt(String(request.headers['x-amz-date']));
    if (Math.abs(late) > 5 * MINUTE) {
      const message = late > 0 ? 'Signature expired: …' : 'Signature not yet current: …';
      const refuse = isDynamoDb
        ? jsonError(400, 'InvalidSignatureException', message)
        : queryError(403, 'SignatureDoesNotMatch', message);
      refuse(response, request, nth, body);
      return;
    }
    if (isDynamoDb) {
      table(response, request, nth, body);
      return;
    }
    response.end(
      '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/a</Arn>' +
        '<UserId>AIDA</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
    );
  };

const settingsItem: Answer = (response) => {
  response.end(JSON.stringify({ Item: marshall({ pk: 'settings#ci-deployer', ...settingsOf() }) }));
};

describe.each([
  ['ten minutes behind', 10 * MINUTE],
  ['as AWS has it', 0],
  ['ten minutes ahead', -10 * MINUTE],
])('on a machine whose clock is %s', (_clock, ahead) => {
  test('a key can be proved, whose question is asked once by a client of its own', async () => {
    aws.answerWith(awsAhead(ahead));
    const identity = forUser(USER, 'rollback', ({ probe }) => probe.callerIdentity(credentials));
    await expect(identity).resolves.toMatchObject({ userId: 'AIDA' });
  });

  test('a key can be changed, which is asked once', async () => {
    aws.answerWith(awsAhead(ahead));
    const changed = forUser(USER, 'rollback', ({ keys }) => keys.activate('a', keyId()));
    await expect(changed).resolves.toBeUndefined();
  });

  test('leases are compared with AWS’s time', async () => {
    aws.answerWith(awsAhead(ahead));
    const now = await forUser(USER, 'rollback', ({ clock }) => Promise.resolve(clock.now()));
    expect(Math.abs(now - (Date.now() + ahead))).toBeLessThan(MINUTE / 4);
  });
});

test.each([
  [
    'the table is not there: another region, account or prefix',
    jsonError(400, 'ResourceNotFoundException', 'Requested resource not found'),
    'This account has no table iam-key-rotation in eu-west-1.',
  ],
  [
    'the table does not hold the user',
    ((response) => response.end('{}')) satisfies Answer,
    'Table iam-key-rotation of this account, in eu-west-1, holds no user ci-deployer.',
  ],
])(
  'where the user is not found, the person reads where to look because %s',
  async (_cause, table, finding) => {
    aws.answerWith(awsAhead(0, table));
    const asked = forUser(USER, 'rollback', () => Promise.resolve());
    await expect(asked).rejects.toThrow(finding);
    await expect(asked).rejects.toThrow(
      /--prefix, and check the region \(--region\) and the credentials in use \(--profile\)/,
    );
  },
);

test('an error speaks of the credentials in use, not of the role of a function', async () => {
  aws.answerWith(awsAhead(0));
  const asked = forUser(USER, 'emergency', ({ secrets }) => {
    aws.answerWith(jsonError(400, 'AccessDeniedException', 'not authorized'));
    return secrets.describe(settingsOf().secretArn);
  });
  await expect(asked).rejects.toThrow('The credentials that you use may not do this.');
});
