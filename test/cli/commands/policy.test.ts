import { describedAs } from '../../../cli/help';
import { policyOf, type Permission } from '../../../cli/policy/permission';
import { createProgram } from '../../../cli/program';
import { evaluate } from '../../support/iam-evaluation/evaluate';

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

const TABLE = 'arn:aws:dynamodb:eu-west-1:111122223333:table/keys';
const BUS = 'arn:aws:events:eu-west-1:111122223333:event-bus/default';
const record = (key: string) => ({ 'dynamodb:LeadingKeys': [key] });

it.each<
  [action: string, resource: string, context: Readonly<Record<string, string | string[]>>, may: boolean]
>([
  ['dynamodb:GetItem', TABLE, record('journal#ci'), true],
  ['dynamodb:GetItem', TABLE, record('findings#ci'), false],
  ['dynamodb:UpdateItem', TABLE, record('acknowledgement#ci'), true],
  ['dynamodb:UpdateItem', TABLE, record('journal#ci'), false],
  ['dynamodb:UpdateItem', TABLE, record('settings#ci'), false],
  ['dynamodb:UpdateItem', TABLE, {}, false],
  ['dynamodb:DeleteItem', TABLE, record('acknowledgement#ci'), false],
  ['events:PutEvents', BUS, { 'events:source': 'iam-key-rotation' }, true],
  ['events:PutEvents', BUS, { 'events:source': 'of.another.team' }, false],
  ['events:PutEvents', BUS, {}, false],
])(
  'who may acknowledge: %s of %s with %j, and nothing that keys rest on: %s',
  async (action, resource, context, may) => {
    const document = policyOf(permissionsOf('acknowledge'), NAMES);
    const call = {
      principal: 'arn:aws:iam::111122223333:role/office',
      accountId: '111122223333',
      action,
      resource,
      context,
    };
    const decision = await evaluate(call, { identity: [{ name: 'own', document }] });
    expect(decision === 'Allowed').toBe(may);
  },
);
