import { isPublic } from '../../../sandbox/secrets-manager/public-policy';

const ROLE = 'arn:aws:iam::111122223333:role/ci';

const policy = (own: object): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*', ...own }],
  });
const forEverybody = (Condition: object): string => policy({ Principal: { AWS: '*' }, Condition });

describe('a policy of a secret', () => {
  it.each([
    ['everybody as a text', policy({ Principal: '*' })],
    ['everybody as an AWS principal', policy({ Principal: { AWS: '*' } })],
    ['everybody beside a role', policy({ Principal: { AWS: [ROLE, '*'] } })],
    ['everybody but a role', policy({ NotPrincipal: { AWS: ROLE } })],
    ['everybody whose ARN fits a pattern', forEverybody({ ArnLike: { 'aws:PrincipalArn': `${ROLE}*` } })],
    ['everybody of a list with one pattern', forEverybody({ ArnLike: { 'aws:PrincipalArn': [ROLE, '*'] } })],
    ['whoever a variable names', forEverybody({ StringEquals: { 'aws:PrincipalArn': '${aws:userid}' } })],
    ['everybody but a role, in a condition', forEverybody({ StringNotEquals: { 'aws:PrincipalArn': ROLE } })],
    [
      'everybody of whom nothing is known',
      forEverybody({ StringEqualsIfExists: { 'aws:PrincipalArn': ROLE } }),
    ],
    ['everybody over TLS', forEverybody({ Bool: { 'aws:SecureTransport': 'true' } })],
    ['everybody in a region', forEverybody({ StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } })],
  ])('that admits %s is public', (_whom, text) => {
    expect(isPublic(text)).toBe(true);
  });

  it.each([
    ['a role', policy({ Principal: { AWS: ROLE } })],
    ['a service', policy({ Principal: { Service: 'backup.amazonaws.com' } })],
    ['a role by a condition', forEverybody({ StringEquals: { 'aws:PrincipalArn': [ROLE] } })],
    ['an account by a condition', forEverybody({ StringEquals: { 'AWS:principalaccount': '111122223333' } })],
    ['nobody, but denies everybody something', policy({ Effect: 'Deny', Principal: '*' })],
  ])('that admits %s is not public', (_whom, text) => {
    expect(isPublic(text)).toBe(false);
  });
});
