import { resourcePolicyAllows } from '../../../sandbox/lambda/resource-policy';

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:a/b-AbCdEf';
const CALLER = { service: 'secretsmanager.amazonaws.com', sourceArn: SECRET, sourceAccount: '111122223333' };

const policy = (statement: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        ...{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: 'x' },
        ...{ Principal: { Service: 'secretsmanager.amazonaws.com' } },
        ...statement,
      },
    ],
  });

test.each<[string, object, boolean]>([
  ['without a condition', {}, true],
  ['with the ARN of the secret', { Condition: { ArnLike: { 'AWS:SourceArn': SECRET } } }, true],
  [
    'with a pattern',
    { Condition: { StringLike: { 'aws:SourceArn': SECRET.replace('AbCdEf', '??????') } } },
    true,
  ],
  ['with another secret', { Condition: { ArnLike: { 'AWS:SourceArn': `${SECRET}x` } } }, false],
  ['with the account', { Condition: { StringEquals: { 'AWS:SourceAccount': '111122223333' } } }, true],
  ['with another account', { Condition: { StringEquals: { 'AWS:SourceAccount': '444455556666' } } }, false],
  ['with a condition that nobody knows', { Condition: { StringEquals: { 'aws:Who': 'x' } } }, false],
  ['for another service', { Principal: { Service: 'events.amazonaws.com' } }, false],
  ['for another action', { Action: 'lambda:GetFunction' }, false],
  ['that denies', { Effect: 'Deny' }, false],
])('a statement %s', (_, statement, allowed) => {
  expect(resourcePolicyAllows(policy(statement), CALLER)).toBe(allowed);
});
