import { evaluate } from './evaluate';
import { grantsOf } from './grants';

const POLICY = {
  name: 'policy',
  document: {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Records',
        Effect: 'Allow',
        Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        Resource: [
          'arn:aws:dynamodb:eu-west-1:111122223333:table/one',
          'arn:aws:dynamodb:eu-west-1:111122223333:table/two',
        ],
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['journal#a', 'settings#a'] } },
      },
      { Sid: 'NeverThat', Effect: 'Deny', Action: 'iam:*', Resource: '*' },
    ],
  },
};

describe('the parts of a policy', () => {
  it('a policy has as its parts each action, each resource and each value of a condition of what it allows', () => {
    expect(grantsOf([POLICY]).map(({ name }) => name)).toEqual([
      'Records: action dynamodb:GetItem',
      'Records: action dynamodb:PutItem',
      'Records: resource arn:aws:dynamodb:eu-west-1:111122223333:table/one',
      'Records: resource arn:aws:dynamodb:eu-west-1:111122223333:table/two',
      'Records: dynamodb:LeadingKeys journal#a',
      'Records: dynamodb:LeadingKeys settings#a',
    ]);
  });

  it('a part of a policy still allows what needs it, alone', async () => {
    const request = {
      principal: 'arn:aws:iam::111122223333:role/deployer',
      action: 'dynamodb:GetItem',
      resource: 'arn:aws:dynamodb:eu-west-1:111122223333:table/two',
      accountId: '111122223333',
      context: { 'dynamodb:LeadingKeys': ['settings#a'] },
    };
    const parts = grantsOf([POLICY]);

    const decisions = await Promise.all(parts.map(({ policy }) => evaluate(request, { identity: [policy] })));

    expect(parts.filter((_, index) => decisions[index] === 'Allowed').map(({ name }) => name)).toEqual([
      'Records: action dynamodb:GetItem',
      'Records: resource arn:aws:dynamodb:eu-west-1:111122223333:table/two',
      'Records: dynamodb:LeadingKeys settings#a',
    ]);
  });
});
