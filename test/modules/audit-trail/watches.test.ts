import { LONGEST_PATTERN } from '../../../modules/audit-trail/event-pattern';
import { iamActs } from '../../../modules/audit-trail/iam-patterns';
import { watchesOf } from '../../../modules/audit-trail/watches';
import { awsPlace } from '../../../modules/aws/aws-place';
import { matchesPattern } from '../../../sandbox/eventbridge/match-pattern';
import type { Principal } from '../../../sandbox/front/principal';
import { type Call, call, eventOfCall, type Operation } from '../../support/cloudtrail-records';
import { aStack, aUser } from '../support/configurations';
import { synthesize } from '../support/synthesize';
import {
  ACCOUNT,
  aWatchedUser,
  event,
  iamUser,
  noticedBy,
  person,
  role,
  rootUser,
  secretArn,
  session,
  watching,
} from './support';

const TABLE = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/iam-key-rotation`;
const KEY_ID = { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' };
const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';

const watched = watching([aWatchedUser('ci'), aWatchedUser('ci-deployer')]);
const withoutTerraform = watching([aWatchedUser('ci')], { deployRoleArn: undefined });
const ours = session('iam-key-rotation-ci');
const sweep = session('iam-key-rotation-retire');
const terraform = session('terraform');
const foreigner = (account: string): Principal => session('somebody', account);

const noticed = (who: Principal, act: Call, of = watched) => noticedBy(of, event(who, act));
const isBrought = async (who: Principal, act: Call, of = watched): Promise<boolean> =>
  matchesPattern(iamActs(of), await event(who, act));

const create = (UserName?: string) => call('iam:CreateAccessKey', { UserName });
const deactivate = (UserName?: string) =>
  call('iam:UpdateAccessKey', { UserName, ...KEY_ID, Status: 'Inactive' });
const remove = (UserName?: string) => call('iam:DeleteAccessKey', { UserName, ...KEY_ID });

it.each([
  ['made', create],
  ['switched', deactivate],
  ['deleted', remove],
])('a key of a rotated user is not %s unnoticed', async (_, act) => {
  expect(await noticed(person, act('ci'))).toEqual(['keys']);
});

it.each([
  ['the account’s root', rootUser],
  ['another IAM user', iamUser('somebody')],
  ['Terraform, which never makes one', terraform],
])('a key of a rotated user is not made unnoticed by %s', async (_, who) => {
  expect(await noticed(who, create('ci'))).toEqual(['keys']);
});

it('a key of a rotated user is not made unnoticed either by who was refused', async () => {
  expect(await noticedBy(watched, event(person, create('ci'), { errorCode: 'AccessDenied' }))).toEqual([
    'keys',
  ]);
});

it('a key of a rotated user is not made unnoticed by the user itself, which IAM asks no name of', async () => {
  expect(await noticed(iamUser('ci'), create())).toEqual(['own-keys']);
  expect(await noticed(iamUser('ci'), create('ci'))).toEqual(['keys']);
});

it.each<[string, Operation, object]>([
  ['password', 'iam:CreateLoginProfile', { Password: 'x' }],
  [
    'credential of one service',
    'iam:CreateServiceSpecificCredential',
    { ServiceName: 'codecommit.amazonaws.com' },
  ],
])('a rotated user cannot make itself a %s unnoticed', async (_, operation, input) => {
  const act = call(operation, input);

  expect(await noticed(iamUser('ci'), act)).toEqual(['own-keys']);
  expect(await noticed(iamUser('somebody'), act)).toEqual([]);
  expect(await isBrought(iamUser('ci'), act)).toBe(true);
});

it('a key of a rotated user is ours to make, and the sweep’s to switch off and delete', async () => {
  expect(await noticed(ours, create('ci'))).toEqual([]);
  expect(await noticed(sweep, deactivate('ci'))).toEqual([]);
  expect(await noticed(sweep, remove('ci'))).toEqual([]);
});

it('a key of a rotated user is Terraform’s to delete, with the user, and to do nothing else with', async () => {
  expect(await noticed(terraform, remove('ci'))).toEqual([]);
  expect(await noticed(terraform, deactivate('ci'))).toEqual(['keys']);
});

it('a key of a rotated user is nobody’s to delete where nobody knows who Terraform is', async () => {
  expect(await noticed(terraform, remove('ci'), withoutTerraform)).toEqual(['keys']);
  expect(await noticed(ours, remove('ci'), withoutTerraform)).toEqual([]);
});

it('a key of a user whose name only begins so, or that is not rotated, is not watched', async () => {
  expect(await noticed(person, create('ci-2'))).toEqual([]);
  expect(await noticed(iamUser('somebody'), create())).toEqual([]);
});

it('a key of a rotated user is not made unnoticed by who writes the name in other letters, which IAM takes', async () => {
  expect(await noticed(person, create('CI'))).toEqual(['keys']);
  expect(await noticed(person, create('Ci-Deployer'))).toEqual(['keys']);
});

it.each(['iam-key-rotation-evil', 'iam-key-rotation-ci-2'])(
  'a role that is called almost as those of the stack are makes no key, and reads no secret, unnoticed: %s',
  async (name) => {
    expect(await noticed(session(name), create('ci'))).toEqual(['keys']);
    expect(await isBrought(session(name), create('ci'))).toBe(true);
    const withReaders = watching([aWatchedUser('ci', [role('reader')])]);
    const act = call('secretsmanager:GetSecretValue', { SecretId: secretArn('ci') });
    expect(await noticed(session(name), act, withReaders)).toEqual(['reads']);
  },
);

it('a key is ours to make in a stack of many users, whose roles are told by what their names begin with', async () => {
  const fifty = watching(Array.from({ length: 50 }, (_, index) => aWatchedUser(`service-${index}`)));

  expect(await noticed(session('iam-key-rotation-service-49'), create('service-49'), fifty)).toEqual([]);
  expect(await noticed(person, create('service-49'), fifty)).toHaveLength(1);
});

it('an act of another account, whose events somebody brings to the bus, is none that is noticed', async () => {
  const told = await event(person, create('ci'));

  expect(await noticedBy(watched, Promise.resolve({ ...told, account: '999988887777' }))).toEqual([]);
});

const attachRolePolicy = (RoleName: string) => call('iam:AttachRolePolicy', { RoleName, PolicyArn });

it('an act on a key is brought to the stack’s region whoever’s the key is, unless it was us', async () => {
  expect(await isBrought(person, create('anybody'))).toBe(true);
  expect(await isBrought(rootUser, create('anybody'))).toBe(true);
  expect(await isBrought(ours, create('anybody'))).toBe(false);
  expect(await isBrought(iamUser('ci'), create())).toBe(true);
  expect(await isBrought(person, attachRolePolicy('of-somebody-else'))).toBe(false);
});

const takeOver = (RoleName: string) => call('iam:UpdateAssumeRolePolicy', { RoleName, PolicyDocument: '{}' });

it.each(['iam-key-rotation-ci', 'iam-key-rotation-retire-schedule', 'iam-key-rotation-iam-events'])(
  'a role of the stack is not taken over unnoticed: %s',
  async (name) => {
    expect(await noticed(person, takeOver(name))).toEqual(['roles']);
    expect(await noticed(person, attachRolePolicy(name))).toEqual(['roles']);
  },
);

it('a role of the stack is not changed unnoticed by another role of the stack', async () => {
  expect(await noticed(ours, takeOver('iam-key-rotation-retire'))).toEqual(['roles']);
});

it('a role of somebody else is theirs', async () => {
  expect(await noticed(person, takeOver('iam-key'))).toEqual([]);
});

it('a role is not watched as long as nobody knows who Terraform is, as each apply may change it', async () => {
  const act = takeOver('iam-key-rotation-ci');

  expect(await noticed(person, act, withoutTerraform)).toEqual([]);
  expect(await isBrought(person, act, withoutTerraform)).toBe(false);
  expect(await isBrought(person, create('ci'), withoutTerraform)).toBe(true);
});

it('what a user may do is somebody else’s to decide where the user was there already', async () => {
  const attach = call('iam:AttachUserPolicy', { UserName: 'ci', PolicyArn });
  const existing = watching([{ ...aWatchedUser('ci'), existing: true }]);

  expect(await noticed(person, attach)).toEqual(['rights']);
  expect(await noticed(person, attach, existing)).toEqual([]);
  expect(await noticed(person, create('ci'), existing)).toEqual(['keys']);
});

const onSecret = (name: string, SecretId = secretArn('ci'), own: object = {}) =>
  call(`secretsmanager:${name}`, { SecretId, ...own });
const put = onSecret('PutSecretValue', undefined, { SecretString: 'another' });
const rotate = (own: object = {}) => onSecret('RotateSecret', undefined, own);

it.each<[string, object]>([
  ['CancelRotateSecret', {}],
  ['DeleteSecret', {}],
  ['PutResourcePolicy', { ResourcePolicy: '{}' }],
  ['PutSecretValue', { SecretString: 'another' }],
  ['UpdateSecretVersionStage', { VersionStage: 'AWSCURRENT' }],
])('a secret is not changed unnoticed: %s, by name or by ARN', async (name, own) => {
  expect(await noticed(person, onSecret(name, 'iam-key-rotation/ci', own))).toEqual(['secrets']);
  expect(await noticed(person, onSecret(name, secretArn('ci'), own))).toEqual(['secrets']);
});

it('a secret is ours and Terraform’s to change', async () => {
  expect(await noticed(ours, put)).toEqual([]);
  expect(await noticed(terraform, onSecret('DeleteSecret'))).toEqual([]);
});

it('a secret of somebody else is not watched', async () => {
  expect(await noticed(person, onSecret('DeleteSecret', 'other/ci'))).toEqual([]);
});

it('a secret may be asked to rotate now by anybody, as the runbook says', async () => {
  expect(await noticed(person, rotate())).toEqual([]);
  expect(await noticed(person, rotate({ RotateImmediately: false }))).toEqual([]);
});

it.each<[string, object]>([
  ['another function', { RotationLambdaARN: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:somebody-elses` }],
  ['other days', { RotationRules: { AutomaticallyAfterDays: 1_000 } }],
  ['another schedule', { RotationRules: { ScheduleExpression: 'rate(999 days)' } }],
])('a secret does not get %s unnoticed', async (_, own) => {
  expect(await noticed(person, rotate(own))).toEqual(['secrets']);
  expect(await noticed(terraform, rotate(own))).toEqual([]);
  expect(await noticed(sweep, rotate(own))).toEqual([]);
});

it.each<[string, string, object]>([
  ['table', 'DeleteTable', { TableName: 'iam-key-rotation' }],
  ['table', 'UpdateTable', { TableName: TABLE }],
  ['table-2', 'PutResourcePolicy', { ResourceArn: TABLE, Policy: '{}' }],
  ['table-2', 'DeleteResourcePolicy', { ResourceArn: TABLE }],
])('the %s is watched as a whole: %s is noticed, unless Terraform calls it', async (watch, name, input) => {
  expect(await noticed(person, call(`dynamodb:${name}`, input))).toEqual([watch]);
  expect(await noticed(terraform, call(`dynamodb:${name}`, input))).toEqual([]);
});

const TableName = 'iam-key-rotation';
const ITEM = { pk: { S: 'ci' } };
const putItem = call('dynamodb:PutItem', { TableName, Item: ITEM });

it.each<[string, Call]>([
  ['PutItem', putItem],
  ['UpdateItem', call('dynamodb:UpdateItem', { TableName, Key: ITEM })],
  [
    'BatchWriteItem',
    call('dynamodb:BatchWriteItem', { RequestItems: { [TableName]: [{ DeleteRequest: { Key: ITEM } }] } }),
  ],
  [
    'TransactWriteItems',
    call('dynamodb:TransactWriteItems', { TransactItems: [{ Delete: { TableName, Key: ITEM } }] }),
  ],
])('the table has no item changed unnoticed: %s', async (_, act) => {
  expect(await noticed(person, act)).toEqual(['items']);
  expect(await noticed(ours, act)).toEqual([]);
  expect(await noticed(terraform, act)).toEqual([]);
});

it('the table has no item watched as long as nobody knows who Terraform is', async () => {
  expect(await noticed(person, putItem, withoutTerraform)).toEqual([]);
});

const code = { S3Bucket: 'b', S3Key: 'k' };

it.each([
  ['its name', 'iam-key-rotation-ci'],
  ['its ARN', `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:iam-key-rotation-ci`],
  ['the end of its ARN', `${ACCOUNT}:function:iam-key-rotation-ci`],
])('a function is not changed unnoticed by %s', async (_, FunctionName) => {
  const stop = { FunctionName, ReservedConcurrentExecutions: 0 };

  expect(await noticed(person, call('lambda:UpdateFunctionCode', { FunctionName, ...code }))).toEqual([
    'functions',
  ]);
  expect(await noticed(person, call('lambda:PutFunctionConcurrency', stop))).toEqual(['functions']);
});

it('a function of somebody else is theirs', async () => {
  const input = { FunctionName: 'my-iam-key-rotation', ...code };
  expect(await noticed(person, call('lambda:UpdateFunctionCode', input))).toEqual([]);
});

const ci = role('apps/ci');
const mailer = `arn:aws:iam::${ACCOUNT}:user/mailer`;
const both = watching([aWatchedUser('ci', [ci]), aWatchedUser('ci-deployer', [ci, mailer])]);
const readOf = (secretId: string) => onSecret('GetSecretValue', secretId);
const read = (secretId: string, who: Principal, of = both) => noticed(who, readOf(secretId), of);

it('a read by a reader is not noticed, nor one of ours', async () => {
  expect(await read(secretArn('ci'), session('ci'))).toEqual([]);
  expect(await read('iam-key-rotation/ci-deployer', iamUser('mailer'))).toEqual([]);
  expect(await read(secretArn('ci'), ours)).toEqual([]);
});

it.each([
  ['a person', person],
  ['the account’s root', rootUser],
  ['Terraform, which has no need to', terraform],
  ['somebody of an account that has no reader', foreigner('999988887777')],
  ['a user called like a reading role', iamUser('ci')],
])('a read by %s is noticed, however the secret is named', async (_, who) => {
  for (const secretId of [secretArn('ci'), secretArn('ci').slice(0, -7), 'iam-key-rotation/ci']) {
    expect(await read(secretId, who)).toEqual(['reads']);
  }
});

it('a read by a reader of another secret is noticed, also where one name begins as the other', async () => {
  expect(await read(secretArn('ci'), iamUser('mailer'))).toEqual(['reads']);
  expect(await read(secretArn('ci-deployer'), iamUser('mailer'))).toEqual([]);
});

it('a read from an account that has a reader cannot be told apart', async () => {
  const abroad = watching([aWatchedUser('ci', [role('reader', '444455556666')])]);

  expect(await read(secretArn('ci'), foreigner('444455556666'), abroad)).toEqual([]);
  expect(await read(secretArn('ci'), foreigner('999988887777'), abroad)).toEqual(['reads']);
  expect(await read(secretArn('ci'), person, abroad)).toEqual(['reads']);
});

it('a read is not watched where nobody knows who may not, and that is said', () => {
  const { unwatched, watches } = watchesOf(
    watching([
      aWatchedUser('open'),
      aWatchedUser('all', [`arn:aws:iam::${ACCOUNT}:root`]),
      aWatchedUser(
        'crowd',
        Array.from({ length: 50 }, (_, index) => role(`${index}`.padEnd(64, 'x'))),
      ),
      aWatchedUser('ci', [ci]),
    ]),
  );

  expect(unwatched).toEqual({
    open: 'no readers are named, so nobody knows who may not read',
    all: 'the whole account is a reader',
    crowd: 'the names of its readers are longer than a rule may be',
  });
  expect(watches.filter(({ ofReads }) => ofReads)).toHaveLength(1);
});

it('a read by a user that renews its own key is no suspicious act, and one by anybody else is', async () => {
  const user = aUser('ci', { readers: [ci], selfRenewal: true, path: '/service/' });
  const stack = synthesize(aStack([user], { auditTrail: { kind: 'existing' } }));
  const pattern = stack.json('aws_cloudwatch_event_rule.watch-reads', 'event_pattern') as object;
  const isNoticed = async (who: Principal) =>
    matchesPattern(pattern, await event(who, readOf(secretArn('ci'))));

  expect(await isNoticed(iamUser('ci'))).toBe(false);
  expect(await isNoticed(session('ci'))).toBe(false);
  expect(await isNoticed(iamUser('ci-deployer'))).toBe(true);
});

it('a read is asked for by name: a rule sees reads only then', () => {
  const stack = synthesize(aStack([aUser('a', { readers: [ci] })], { auditTrail: { kind: 'existing' } }));

  expect(stack.at('aws_cloudwatch_event_rule.watch-reads')).toMatchObject({
    state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
  });
  expect(stack.at('aws_cloudwatch_event_rule.watch-keys')).toMatchObject({ state: 'ENABLED' });
});

const many = (readers: (index: number) => readonly string[]) =>
  watching(Array.from({ length: 1_000 }, (_, index) => aWatchedUser(`service-${index}`, readers(index))));
const measured = (pattern: object): number => JSON.stringify(pattern).length;

it('many users take as many rules as their names need, none of them too long, and all of them are watched', async () => {
  const of = many(() => []);
  const { watches } = watchesOf(of);

  expect(Math.max(...watches.map(({ pattern }) => measured(pattern)))).toBeLessThanOrEqual(LONGEST_PATTERN);
  expect(watches.map(({ name }) => name).filter((name) => name.startsWith('keys')).length).toBeLessThan(30);
  for (const index of [0, 499, 999]) {
    expect(await noticed(person, remove(`service-${index}`), of)).toHaveLength(1);
  }
});

it('many users with the same readers take one rule', async () => {
  const same = many(() => [role('ci')]);

  expect(watchesOf(same).watches.filter(({ ofReads }) => ofReads)).toHaveLength(1);
  expect(await read(secretArn('service-999'), person, same)).toEqual(['reads']);
});

it('many users with readers of their own take as many rules as a bus can spare, and it is said who is not watched', () => {
  const { watches, unwatched } = watchesOf(many((index) => [role(`reader-${index}`)]));
  const reads = watches.filter(({ ofReads }) => ofReads);

  expect(reads).toHaveLength(150);
  expect(Math.max(...reads.map(({ pattern }) => measured(pattern)))).toBeLessThanOrEqual(LONGEST_PATTERN);
  expect(Object.keys(unwatched)).toHaveLength(850);
  expect(unwatched['service-999']).toBe('150 rules are taken by users with other readers');
});

const shard = watching([aWatchedUser('ci', [role('reader')])], {
  ...{ prefix: 'iam-key-rotation-two', stackPrefix: 'iam-key-rotation', secretPrefix: 'iam-key-rotation' },
});

it('the secrets of a shard are watched under the name that they have', async () => {
  expect(await noticed(person, onSecret('DeleteSecret'), shard)).toEqual(['secrets']);
  expect(await read(secretArn('ci'), person, shard)).toEqual(['reads']);
  expect(await read(secretArn('ci'), session('reader'), shard)).toEqual([]);
});

it('the secrets of a shard are not noticed where a shard works on its own', async () => {
  for (const rotator of ['iam-key-rotation-rotate', 'iam-key-rotation-two-rotate']) {
    expect(await noticed(session(rotator), put, shard)).toEqual([]);
    expect(await read(secretArn('ci'), session(rotator), shard)).toEqual([]);
  }
});

it.each([
  ['aws-cn', 'cn-north-1', 'cn-northwest-1'],
  ['aws-us-gov', 'us-gov-west-1', 'us-gov-east-1'],
])(
  'in the partition %s our own sessions are known, and IAM’s acts come from %s',
  async (partition, iamRegion, region) => {
    const there = watching([aWatchedUser('ci')], {
      place: awsPlace({ partition, accountId: ACCOUNT, region }),
      deployRoleArn: `arn:${partition}:iam::${ACCOUNT}:role/terraform`,
    });
    const by = (name: string, call: Call) =>
      eventOfCall(call, { who: session(name, ACCOUNT, partition), accountId: ACCOUNT, region });

    expect(await by('Administrator', create('ci'))).toMatchObject({ region: iamRegion });
    expect(await noticedBy(there, by('Administrator', create('ci')))).toEqual(['keys']);
    expect(await noticedBy(there, by('iam-key-rotation-ci', create('ci')))).toEqual([]);
    expect(await noticedBy(there, by('terraform', remove('ci')))).toEqual([]);
  },
);

it('a pattern is short enough also with the longest prefix', () => {
  const prefix = 'p'.repeat(40);
  const { watches } = watchesOf(watching([aWatchedUser('u'.repeat(64))], { prefix }));

  expect(Math.max(...watches.map(({ pattern }) => measured(pattern)))).toBeLessThanOrEqual(LONGEST_PATTERN);
  expect(measured(iamActs(watching([], { prefix })))).toBeLessThanOrEqual(LONGEST_PATTERN);
});
