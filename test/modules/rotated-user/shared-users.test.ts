import { awsPlace, iamUserArn } from '../../../modules/aws/aws-place';
import { policyDocument } from '../../../modules/aws/policy-document';
import { rotationStatements } from '../../../modules/rotated-user/policies';
import { charactersForUsersBeside, usersOfStack } from '../../../modules/rotated-user/shared-users';
import type { SharedFunctionUser } from '../../../modules/rotated-user/shared-users';

const place = awsPlace({ partition: 'aws', accountId: '111122223333', region: 'eu-west-1' });
const arns = { arnOfPath: (path: string) => iamUserArn(place, path, '*') };
const tag = { key: 'iam-key-rotation:stack', value: 'production' };

const made = (count: number, path = '/service/'): SharedFunctionUser[] =>
  Array.from({ length: count }, (_, index) => ({
    arn: iamUserArn(place, path, `user-${String(index)}`),
    path,
  }));
const lookedUp = (name: string): SharedFunctionUser => ({
  arn: `\${data.aws_iam_user.${name}.arn}`,
  path: undefined,
});

it('the users that a shared function may work on are named one by one while they fit', () => {
  const users = [...made(50), lookedUp('legacy')];

  expect(usersOfStack(users, arns, tag)).toEqual([
    expect.objectContaining({ Resource: users.map(({ arn }) => arn) }),
  ]);
});

it('the users that a shared function may work on have less room where a stack asks for more', () => {
  const room = charactersForUsersBeside();

  expect(charactersForUsersBeside([{ Sid: 'A' }], ['x'.repeat(84)])).toBe(room - 11 - 86);
});

it('the users that a shared function may work on are none before the first user is there', () => {
  expect(usersOfStack([], arns, tag)).toEqual([]);
});

it('the users that a shared function may work on are told by path and tag when they do not fit, save those that are looked up', () => {
  const users = [...made(300), ...made(300, '/'), lookedUp('legacy')];

  expect(usersOfStack(users, arns, tag)).toEqual([
    expect.objectContaining({ Resource: ['${data.aws_iam_user.legacy.arn}'] }),
    expect.objectContaining({
      Resource: ['arn:aws:iam::111122223333:user/*', 'arn:aws:iam::111122223333:user/service/*'],
      Condition: { StringEquals: { 'aws:ResourceTag/iam-key-rotation:stack': 'production' } },
    }),
  ]);
});

it.each([1, 50, 100, 120, 150, 300, 5000])(
  'the users that a shared function may work on fit, with the rest of the policy, for %i users',
  (count) => {
    const document = policyDocument(
      rotationStatements({
        place,
        users: usersOfStack(made(count), arns, tag),
        secretArn: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${'p'.repeat(30)}/*`,
        tableArn: `arn:aws:dynamodb:eu-west-1:111122223333:table/${'p'.repeat(30)}`,
        stableKey: '*',
        kmsKeyArns: ['arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555'],
      }),
    );

    expect(document.length).toBeLessThan(10_240);
  },
);
