import { evaluate, type Policy } from './evaluate';

const ROLE = 'arn:aws:iam::111122223333:role/rotation/deployer';
const TABLE = 'arn:aws:dynamodb:eu-west-1:111122223333:table/journal';
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prefix/deployer-a1b2c3';

const policy = (...Statement: readonly Readonly<Record<string, unknown>>[]): Policy => ({
  name: 'policy',
  document: { Version: '2012-10-17', Statement },
});
const request = (
  action: string,
  resource: string,
  context: Readonly<Record<string, string | readonly string[]>> = {},
) => ({ principal: ROLE, action, resource, accountId: '111122223333', context });

describe('the evaluation of policies', () => {
  const ownJournal = policy({
    Effect: 'Allow',
    Action: 'dynamodb:UpdateItem',
    Resource: TABLE,
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['journal#deployer'] } },
  });

  it.each([
    ['Allowed', 'dynamodb:UpdateItem', TABLE, 'journal#deployer'],
    ['ImplicitlyDenied', 'dynamodb:UpdateItem', TABLE, 'journal#mailer'],
    ['ImplicitlyDenied', 'dynamodb:PutItem', TABLE, 'journal#deployer'],
    ['ImplicitlyDenied', 'dynamodb:UpdateItem', `${TABLE}s`, 'journal#deployer'],
  ])('IAM says %s to %s of %s, item %s', async (decision, action, table, item) => {
    const asked = request(action, table, { 'dynamodb:LeadingKeys': [item] });

    expect(await evaluate(asked, { identity: [ownJournal] })).toBe(decision);
  });

  it('IAM’s decision depends on the tags of a user', async () => {
    const identity = [
      policy({
        Effect: 'Allow',
        Action: 'iam:CreateAccessKey',
        Resource: 'arn:aws:iam::111122223333:user/*',
        Condition: { StringEquals: { 'aws:ResourceTag/stack': 'production' } },
      }),
    ];
    const asked = (stack: string) =>
      request('iam:CreateAccessKey', 'arn:aws:iam::111122223333:user/deployer', {
        'aws:ResourceTag/stack': stack,
      });

    expect(await evaluate(asked('production'), { identity })).toBe('Allowed');
    expect(await evaluate(asked('staging'), { identity })).toBe('ImplicitlyDenied');
  });

  it('IAM allows only what both the policy and the boundary allow', async () => {
    const asked = request('iam:ListAccessKeys', 'arn:aws:iam::111122223333:user/deployer');
    const everything = policy({ Effect: 'Allow', Action: '*', Resource: '*' });
    const secretsOnly = policy({ Effect: 'Allow', Action: 'secretsmanager:*', Resource: '*' });

    expect(await evaluate(asked, { identity: [everything], boundary: everything })).toBe('Allowed');
    expect(await evaluate(asked, { identity: [everything], boundary: secretsOnly })).toBe('ImplicitlyDenied');
    expect(await evaluate(asked, { identity: [], boundary: everything })).toBe('ImplicitlyDenied');
  });

  it('IAM says no where a statement denies, whatever else allows', async () => {
    const identity = [
      policy(
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: 'iam:Delete*', Resource: '*' },
      ),
    ];
    const asked = request('iam:DeleteAccessKey', 'arn:aws:iam::111122223333:user/deployer');

    expect(await evaluate(asked, { identity })).toBe('ExplicitlyDenied');
  });

  it.each([
    ['Allowed', 'secretsmanager.eu-west-1.amazonaws.com', SECRET],
    ['ImplicitlyDenied', 's3.eu-west-1.amazonaws.com', SECRET],
    ['ImplicitlyDenied', 'secretsmanager.eu-west-1.amazonaws.com', SECRET.replace('deployer', 'mailer')],
  ])('IAM says %s to the use of a key by %s for %s', async (decision, service, secretArn) => {
    const identity = [
      policy({
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: KEY,
        Condition: {
          StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' },
          StringLike: { 'kms:EncryptionContext:SecretARN': SECRET },
        },
      }),
    ];
    const keyPolicy = policy({
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: 'kms:*',
      Resource: '*',
    }).document;
    const asked = request('kms:Decrypt', KEY, {
      'kms:ViaService': service,
      'kms:EncryptionContext:SecretARN': secretArn,
    });

    expect(await evaluate(asked, { identity, resource: keyPolicy })).toBe(decision);
    expect(await evaluate(asked, { identity })).toBe('ImplicitlyDenied');
  });

  it('an action that AWS does not have is an error', async () => {
    const asked = request('iam:CreateAccessKeys', 'arn:aws:iam::111122223333:user/deployer');

    await expect(evaluate(asked, { identity: [ownJournal] })).rejects.toThrow('cannot be evaluated');
  });
});
