import { describedAs } from '../../../cli/help';
import { policyOf, type Permission } from '../../../cli/policy/permission';
import { createProgram } from '../../../cli/program';

const NAMES = {
  partition: 'aws',
  region: 'eu-west-1',
  account: '111122223333',
  prefix: 'keys',
  secretPrefix: 'team/keys',
};

const permissionsOf = (name: string): readonly Permission[] => {
  const command = createProgram().commands.find((one) => one.name() === name)!;
  return describedAs(command)?.permissions ?? [];
};

it('names the resources of the stack', () => {
  expect(policyOf(permissionsOf('status'), NAMES)).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ReadUsers',
        Effect: 'Allow',
        Action: ['dynamodb:Scan'],
        Resource: ['arn:aws:dynamodb:eu-west-1:111122223333:table/keys'],
      },
      {
        Sid: 'ReadJournals',
        Effect: 'Allow',
        Action: ['dynamodb:GetItem'],
        Resource: ['arn:aws:dynamodb:eu-west-1:111122223333:table/keys'],
      },
      {
        Sid: 'LookAtSecrets',
        Effect: 'Allow',
        Action: ['secretsmanager:DescribeSecret'],
        Resource: ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:team/keys/*'],
      },
      {
        Sid: 'LookAtKeys',
        Effect: 'Allow',
        Action: ['iam:GetAccessKeyLastUsed', 'iam:ListAccessKeys'],
        Resource: ['arn:aws:iam::111122223333:user/*'],
      },
    ],
  });
});

it('is for several commands together, with each statement once', () => {
  const { Statement } = policyOf([...permissionsOf('rollback'), ...permissionsOf('emergency')], NAMES);
  const sids = Statement.map(({ Sid }) => Sid);
  expect(new Set(sids).size).toBe(sids.length);
  expect(Statement.find(({ Sid }) => Sid === 'ChangeKeys')?.Action).toEqual([
    'iam:CreateAccessKey',
    'iam:DeleteAccessKey',
    'iam:GetAccessKeyLastUsed',
    'iam:ListAccessKeys',
    'iam:UpdateAccessKey',
  ]);
});

it('admits the customer keys that are named', () => {
  const key = 'arn:aws:kms:eu-west-1:111122223333:key/1';
  expect(policyOf(permissionsOf('status'), NAMES, [key]).Statement.at(-1)).toMatchObject({ Resource: [key] });
});

it('is refused where two permissions of one name differ in more than their actions', () => {
  const one: Permission = { sid: 'Read', actions: ['iam:GetUser'], resources: ['a', 'b'] };
  const with_ = (other: Partial<Permission>) => () =>
    policyOf([one, { ...one, actions: ['iam:ListUsers'], ...other }], NAMES);

  expect(with_({ resources: ['b', 'a'] })().Statement).toMatchObject([
    { Action: ['iam:GetUser', 'iam:ListUsers'] },
  ]);
  expect(with_({ resources: ['a'] })).toThrow('two permissions are called Read');
  expect(with_({ condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } })).toThrow(
    'two permissions are called Read',
  );
});

it('can be made for all commands together', () => {
  const all = createProgram().commands.flatMap((command) => describedAs(command)?.permissions ?? []);
  expect(policyOf(all, NAMES).Statement.length).toBeGreaterThan(10);
});
