import { awsPlace, iamUserArn } from '../../../modules/aws/aws-place';
import { policyDocument } from '../../../modules/aws/policy-document';
import { readersOfKey, readerStatements, selfRenewalStatement } from '../../../modules/rotated-user/readers';
import type { Readers } from '../../../modules/rotated-user/readers';
import { isPublic } from '../../../sandbox/secrets-manager/public-policy';
import { type Decision, evaluate, type Policy } from '../../support/iam-evaluation/evaluate';

const ACCOUNT = '111122223333';
const place = awsPlace({ partition: 'aws', accountId: ACCOUNT, region: 'eu-west-1' });
const READ = 'secretsmanager:GetSecretValue';
const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci-AbCdEf';
const keyArn = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const role = (name: string, account = ACCOUNT): string => `arn:aws:iam::${account}:role/${name}`;
const user = (name: string): string => iamUserArn(place, '/service/', name);

const textOf = (readers: Readers): string => policyDocument(readerStatements(readers));

/** What IAM would say to somebody whose own policies allow the call, or say nothing of it. */
const decision = (
  policy: string,
  principal: string,
  { action = READ, own = [] as readonly Policy[] } = {},
): Promise<Decision> =>
  evaluate(
    {
      ...{ principal, action, resource: secretArn, accountId: ACCOUNT },
      context: { 'aws:PrincipalArn': principal },
    },
    { identity: own, resource: JSON.parse(policy) },
  );

const allowing = (Action: string, Resource: string): readonly Policy[] => [
  {
    name: 'own',
    document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] },
  },
];

const policy = textOf([role('ci'), user('app'), role('deploy', '444455556666')]);

it.each([role('ci'), user('app')])(
  'the policy of a secret lets the reader %s of the account read, with no policy of its own',
  async (arn) => {
    expect(await decision(policy, arn)).toBe('Allowed');
    expect(await decision(policy, arn, { action: 'secretsmanager:DescribeSecret' })).toBe('Allowed');
  },
);

it.each(['PutSecretValue', 'PutResourcePolicy', 'RotateSecret', 'DeleteSecret'])(
  'the policy of a secret lets no reader %s',
  async (call) => {
    expect(await decision(policy, role('ci'), { action: `secretsmanager:${call}` })).toBe('ImplicitlyDenied');
  },
);

it.each([
  ['another role of the account', role('other')],
  ['a role of the same name under a path', role('path/ci')],
  ['a user of a reader role’s name', user('ci')],
  ['a role of the same name in another account', role('ci', '444455556666')],
  ['the root user of the account', 'arn:aws:iam::111122223333:root'],
])('the policy of a secret lets %s not read', async (_who, arn) => {
  const own = arn.includes('444455556666') ? allowing(READ, secretArn) : [];
  expect(await decision(policy, arn, { own })).toBe('ImplicitlyDenied');
});

it('the policy of a secret lets a reader of another account read if a policy of its own allows it, too', async () => {
  const reader = role('deploy', '444455556666');

  expect(await decision(policy, reader)).toBe('ImplicitlyDenied');
  expect(await decision(policy, reader, { own: allowing(READ, secretArn) })).toBe('Allowed');
});

it('the policy of a secret names no role and no user as a principal, so that none has to exist', () => {
  expect(readerStatements([role('ci'), user('app')])).toEqual([
    {
      Sid: 'Readers',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalArn': [role('ci'), user('app')] } },
    },
  ]);
});

it('the policy of a secret leaves to an account, named as a principal, who of it may read', async () => {
  const root = 'arn:aws:iam::111122223333:root';
  const ofAccount = textOf([root, role('deploy', '444455556666')]);

  expect(readerStatements([root])).toEqual([
    expect.objectContaining({ Sid: 'ReaderAccounts', Principal: { AWS: [root] } }),
  ]);
  expect(await decision(ofAccount, role('other'))).toBe('ImplicitlyDenied');
  expect(await decision(ofAccount, role('other'), { own: allowing(READ, secretArn) })).toBe('Allowed');
});

it('the policy of a secret is not public by AWS’s measure', () => {
  expect(isPublic(policy)).toBe(false);
  expect(isPublic(policyDocument([selfRenewalStatement(user('ci'))]))).toBe(false);
});

it('the policy of a secret admits nobody by a wildcard that reached it unchecked, and is public by AWS’s measure, so it is refused', async () => {
  const everyRole = textOf([role('*')]);

  expect(await decision(everyRole, role('ci'))).toBe('ImplicitlyDenied');
  expect(isPublic(everyRole)).toBe(true);
});

it('the policy of a secret has no statements without readers', () => {
  expect(readerStatements([])).toEqual([]);
});

it('the policy of a secret has the statements for which Terraform finds readers, where Terraform alone knows them', () => {
  const statements = readerStatements({ identities: 'local.roles', accounts: 'local.accounts' });

  expect(policyDocument(statements)).toBe(
    '{"Version":"2012-10-17","Statement":[' +
      '%{ if length(local.roles) > 0 }{"Sid":"Readers","Effect":"Allow","Principal":{"AWS":"*"},' +
      '"Action":["secretsmanager:DescribeSecret","secretsmanager:GetSecretValue"],"Resource":"*",' +
      '"Condition":{"StringEquals":{"aws:PrincipalArn":${jsonencode(local.roles)}}}}%{ endif }' +
      '%{ if length(local.accounts) > 0 }%{ if length(local.roles) > 0 },%{ endif }' +
      '{"Sid":"ReaderAccounts","Effect":"Allow","Principal":{"AWS":${jsonencode(local.accounts)}},' +
      '"Action":["secretsmanager:DescribeSecret","secretsmanager:GetSecretValue"],"Resource":"*"}%{ endif }]}',
  );
});
const ownPolicy = policyDocument([selfRenewalStatement(user('ci'))]);

it('a user that may read its own secret may read its value, with no policy of its own', async () => {
  expect(await decision(ownPolicy, user('ci'))).toBe('Allowed');
});

it.each(['DescribeSecret', 'PutSecretValue', 'UpdateSecretVersionStage', 'RotateSecret', 'DeleteSecret'])(
  'a user that may read its own secret may not %s',
  async (call) => {
    expect(await decision(ownPolicy, user('ci'), { action: `secretsmanager:${call}` })).toBe(
      'ImplicitlyDenied',
    );
  },
);

it('a user that may read its own secret is the only one that is admitted', async () => {
  expect(await decision(ownPolicy, user('other'))).toBe('ImplicitlyDenied');
});
const statements = readersOfKey({
  stableKey: 'a-b',
  secretName: 'iam-key-rotation/ci',
  readers: [role('ci'), 'arn:aws:iam::444455556666:root'],
  regions: ['eu-west-1'],
  place,
});
const decrypting = (principal: string, context: Readonly<Record<string, string>>): Promise<Decision> =>
  evaluate(
    {
      ...{ principal, action: 'kms:Decrypt', resource: keyArn, accountId: ACCOUNT },
      context: { 'aws:PrincipalArn': principal, ...context },
    },
    { identity: [], resource: JSON.parse(policyDocument(statements)) },
  );
const forSecret = {
  'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com',
  'kms:EncryptionContext:SecretARN': secretArn,
};

it('the policy of a customer key lets a reader decrypt the secret alone, through Secrets Manager, and nobody else', async () => {
  expect(await decrypting(role('ci'), forSecret)).toBe('Allowed');
  expect(await decrypting(role('other'), forSecret)).toBe('ImplicitlyDenied');
  expect(
    await decrypting(role('ci'), { ...forSecret, 'kms:EncryptionContext:SecretARN': `${secretArn}x` }),
  ).toBe('ImplicitlyDenied');
  expect(await decrypting(role('ci'), { 'kms:EncryptionContext:SecretARN': secretArn })).toBe(
    'ImplicitlyDenied',
  );
});

it('the policy of a customer key has for every user’s readers a Sid of its own', () => {
  expect(statements.map(({ Sid }) => Sid)).toEqual(['ReadersaX2Db', 'ReaderAccountsaX2Db']);
});
