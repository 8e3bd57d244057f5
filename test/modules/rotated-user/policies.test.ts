import { awsPlace, iamUserArn } from '../../../modules/aws/aws-place';
import {
  decryptSecret,
  listedUsers,
  oneUser,
  rotationStatements,
  taggedUsers,
} from '../../../modules/rotated-user/policies';
import { evaluate } from '../../support/iam-evaluation/evaluate';
import { simulateCall as may } from '../support/simulate-call';

const place = awsPlace({ partition: 'aws', accountId: '111122223333', region: 'eu-west-1' });
const userArn = iamUserArn(place, '/service/', 'ci-deployer');
const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-deployer-AbCdEf';
const otherSecretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/other-AbCdEf';
const tableArn = 'arn:aws:dynamodb:eu-west-1:111122223333:table/iam-key-rotation';
const kmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';

const ofUser = { place, users: [oneUser(userArn)], secretArn, tableArn, stableKey: 'ci-deployer' };
const ofOneUser = rotationStatements({ ...ofUser, kmsKeyArns: [] });

/** The policy of a customer key that leaves it to the account's own policies who may use it. */
const LEFT_TO_IAM = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
};

it.each(['Create', 'Delete', 'Update'])(
  'R9: the role of a per-user function may %s access keys of its user alone',
  async (verb) => {
    const action = `iam:${verb}AccessKey`;

    expect(await may(ofOneUser, action, userArn)).toBe(true);
    expect(await may(ofOneUser, action, iamUserArn(place, '/service/', 'ci-deployer-2'))).toBe(false);
    expect(await may(ofOneUser, action, iamUserArn(place, '/', 'ci-deployer'))).toBe(false);
  },
);

const record = (key: string): Record<string, string[]> => ({ 'dynamodb:LeadingKeys': [key] });
const otherUserArn = iamUserArn(place, '/service/', 'other');

it.each([
  ['iam:ListAccessKeys', 'user', userArn, otherUserArn],
  ['iam:GetAccessKeyLastUsed', 'user', userArn, otherUserArn],
  ['secretsmanager:DescribeSecret', 'secret', secretArn, otherSecretArn],
  ['secretsmanager:GetSecretValue', 'secret', secretArn, otherSecretArn],
  ['secretsmanager:PutSecretValue', 'secret', secretArn, otherSecretArn],
  ['secretsmanager:UpdateSecretVersionStage', 'secret', secretArn, otherSecretArn],
])('R9: the role of a per-user function may call %s of its %s alone', async (action, _what, own, other) => {
  expect(await may(ofOneUser, action, own)).toBe(true);
  expect(await may(ofOneUser, action, other)).toBe(false);
});

it.each([
  ...['iam:DeleteUser', 'iam:AttachUserPolicy', 'iam:CreateLoginProfile', 'iam:UpdateUser'],
  ...['secretsmanager:DeleteSecret', 'secretsmanager:PutResourcePolicy', 'secretsmanager:RotateSecret'],
])('R9: the role of a per-user function may not call %s, not even of its own', async (action) => {
  expect(await may(ofOneUser, action, action.startsWith('iam:') ? userArn : secretArn)).toBe(false);
});

it.each([
  ['GetItem', 'settings#ci-deployer', true],
  ['GetItem', 'journal#ci-deployer', true],
  ['GetItem', 'settings#other', false],
  ['GetItem', 'journal#ci-deployer-2', false],
  ['UpdateItem', 'journal#ci-deployer', true],
  ['UpdateItem', 'settings#ci-deployer', false],
  ['UpdateItem', 'journal#other', false],
  ['Scan', 'journal#ci-deployer', false],
  ['Query', 'journal#ci-deployer', false],
  ['DeleteItem', 'journal#ci-deployer', false],
  ['PutItem', 'journal#ci-deployer', false],
  ['BatchGetItem', 'journal#ci-deployer', false],
])('R9: the role of a per-user function is allowed %s of %s: %s', async (call, key, allowed) => {
  expect(await may(ofOneUser, `dynamodb:${call}`, tableArn, record(key))).toBe(allowed);
});

it('R9: the role of a per-user function may tell events of its own source on the default bus alone', async () => {
  const bus = 'arn:aws:events:eu-west-1:111122223333:event-bus/default';
  const of = (source: string): Record<string, string[]> => ({ 'events:source': [source] });

  expect(await may(ofOneUser, 'events:PutEvents', bus, of('iam-key-rotation'))).toBe(true);
  expect(await may(ofOneUser, 'events:PutEvents', bus, of('aws.iam'))).toBe(false);
  expect(
    await may(ofOneUser, 'events:PutEvents', bus.replace('default', 'orders'), of('iam-key-rotation')),
  ).toBe(false);
});

it('R9: the role of a per-user function touches no key of KMS where AWS manages the key', () => {
  expect(JSON.stringify(ofOneUser)).not.toContain('kms');
});

it('R9: the role of a per-user function may use the customer key for its secret, through Secrets Manager in its region', () => {
  const withKey = rotationStatements({ ...ofUser, kmsKeyArns: [kmsKeyArn] });

  // As a value: the simulator knows no `kms:EncryptionContext:…`.
  expect(withKey.filter(({ Sid }) => Sid === 'EncryptSecret')).toEqual([
    {
      Sid: 'EncryptSecret',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: kmsKeyArn,
      Condition: {
        StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' },
        StringLike: { 'kms:EncryptionContext:SecretARN': secretArn },
      },
    },
  ]);
});

const pool = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:pool/*';
const tag = { key: 'iam-key-rotation:stack', value: 'pooled' };
const shared = rotationStatements({
  place,
  users: [listedUsers([userArn]), taggedUsers([iamUserArn(place, '/team/', '*')], tag)],
  secretArn: pool,
  tableArn,
  stableKey: '*',
  kmsKeyArns: [kmsKeyArn],
});
const tagged = (value: string): Record<string, string> => ({
  'aws:ResourceTag/iam-key-rotation:stack': value,
});

it('the role of a shared function may work on listed users whatever their tags', async () => {
  expect(await may(shared, 'iam:CreateAccessKey', userArn)).toBe(true);
});

it('the role of a shared function may work on users of a path with the tag of the stack alone', async () => {
  const inTeam = iamUserArn(place, '/team/', 'somebody');

  expect(await may(shared, 'iam:CreateAccessKey', inTeam, tagged('pooled'))).toBe(true);
  expect(await may(shared, 'iam:CreateAccessKey', inTeam, tagged('other'))).toBe(false);
  expect(await may(shared, 'iam:CreateAccessKey', inTeam)).toBe(false);
  expect(await may(shared, 'iam:CreateAccessKey', iamUserArn(place, '/', 'x'), tagged('pooled'))).toBe(false);
});

it('the role of a shared function may read the secrets of the stack alone', async () => {
  const secret = (name: string): string =>
    `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf`;

  expect(await may(shared, 'secretsmanager:GetSecretValue', secret('pool/anybody'))).toBe(true);
  expect(await may(shared, 'secretsmanager:GetSecretValue', secret('pools/anybody'))).toBe(false);
});

it('the role of a shared function may write journals alone', async () => {
  expect(await may(shared, 'dynamodb:UpdateItem', tableArn, record('journal#anybody'))).toBe(true);
  expect(await may(shared, 'dynamodb:UpdateItem', tableArn, record('settings#anybody'))).toBe(false);
});

it('a user that may read its own secret may decrypt what the customer key encrypts for its secret alone, through Secrets Manager', async () => {
  const document = { Version: '2012-10-17', Statement: [decryptSecret(kmsKeyArn, secretArn, place)] };
  const viaService = { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' };
  const ofSecret = (arn: string) => ({ 'kms:EncryptionContext:SecretARN': arn });
  const decision = (call: string, context: Record<string, string>): Promise<string> =>
    evaluate(
      {
        ...{ principal: userArn, action: `kms:${call}`, resource: kmsKeyArn },
        ...{ accountId: '111122223333', context },
      },
      { identity: [{ name: 'own', document }], resource: LEFT_TO_IAM },
    );

  expect(await decision('Decrypt', { ...viaService, ...ofSecret(secretArn) })).toBe('Allowed');
  for (const [call, context] of [
    ['GenerateDataKey', { ...viaService, ...ofSecret(secretArn) }],
    ['Decrypt', ofSecret(secretArn)],
    ['Decrypt', { ...viaService, ...ofSecret(otherSecretArn) }],
  ] as const) {
    expect(await decision(call, context)).toBe('ImplicitlyDenied');
  }
});
