import {
  BatchWriteItemCommand,
  DeleteResourcePolicyCommand,
  DeleteTableCommand,
  PutItemCommand,
  PutResourcePolicyCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import {
  AttachUserPolicyCommand,
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateServiceSpecificCredentialCommand,
  DeleteAccessKeyCommand,
  UpdateAccessKeyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { PutFunctionConcurrencyCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import * as secretsManager from '@aws-sdk/client-secrets-manager';

import { LONGEST_PATTERN } from '../../../modules/audit-trail/event-pattern';
import { iamActs } from '../../../modules/audit-trail/iam-patterns';
import { watchesOf } from '../../../modules/audit-trail/watches';
import { awsPlace } from '../../../modules/aws/aws-place';
import { matchesPattern } from '../../../sandbox/eventbridge/match-pattern';
import type { Principal } from '../../../sandbox/front/principal';
import { type Call, eventOfCall } from '../../support/cloudtrail-records';
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

const watched = watching([aWatchedUser('ci'), aWatchedUser('ci-deployer')]);
const ours = session('iam-key-rotation-ci');
const terraform = session('terraform');
const foreigner = (account: string): Principal => session('somebody', account);

const create =
  (UserName?: string): Call =>
  ({ iam }) =>
    iam.send(new CreateAccessKeyCommand({ UserName }));
const deactivate =
  (UserName?: string): Call =>
  ({ iam }) =>
    iam.send(new UpdateAccessKeyCommand({ UserName, ...KEY_ID, Status: 'Inactive' }));
const remove =
  (UserName?: string): Call =>
  ({ iam }) =>
    iam.send(new DeleteAccessKeyCommand({ UserName, ...KEY_ID }));

describe('a key of a rotated user', () => {
  const noticed = (who: Principal, call: Call, own = {}) => noticedBy(watched, event(who, call, own));

  it.each([
    ['made', create],
    ['switched', deactivate],
    ['deleted', remove],
  ])('is not %s unnoticed', async (_, act) => {
    expect(await noticed(person, act('ci'))).toEqual(['keys']);
  });

  it.each([
    ['a person', person],
    ['the account’s root', rootUser],
    ['another IAM user', iamUser('somebody')],
    ['Terraform, which never makes one', terraform],
  ])('is not made unnoticed by %s', async (_, who) => {
    expect(await noticed(who, create('ci'))).toEqual(['keys']);
  });

  it('is not made unnoticed either by who was refused', async () => {
    expect(await noticed(person, create('ci'), { errorCode: 'AccessDenied' })).toEqual(['keys']);
  });

  it('is not made unnoticed by the user itself, which IAM asks no name of', async () => {
    expect(await noticed(iamUser('ci'), create())).toEqual(['own-keys']);
    expect(await noticed(iamUser('ci'), create('ci'))).toEqual(['keys']);
  });

  it.each<[string, Call]>([
    ['a password', ({ iam }) => iam.send(new CreateLoginProfileCommand({ Password: 'x' }))],
    [
      'a credential of one service',
      ({ iam }) =>
        iam.send(
          new CreateServiceSpecificCredentialCommand({ ServiceName: 'codecommit.amazonaws.com' } as never),
        ),
    ],
  ])('is not the only thing that a user cannot make itself unnoticed: %s', async (_, act) => {
    expect(await noticed(iamUser('ci'), act)).toEqual(['own-keys']);
    expect(await noticed(iamUser('somebody'), act)).toEqual([]);
    expect(matchesPattern(iamActs(watched), await event(iamUser('ci'), act))).toBe(true);
  });

  it('is ours to make, and the sweep’s to switch off and delete', async () => {
    expect(await noticed(ours, create('ci'))).toEqual([]);
    expect(await noticed(session('iam-key-rotation-retire'), deactivate('ci'))).toEqual([]);
    expect(await noticed(session('iam-key-rotation-retire'), remove('ci'))).toEqual([]);
  });

  it('is Terraform’s to delete, with the user, and to do nothing else with', async () => {
    expect(await noticed(terraform, remove('ci'))).toEqual([]);
    expect(await noticed(terraform, deactivate('ci'))).toEqual(['keys']);
  });

  it('is nobody’s to delete where nobody knows who Terraform is', async () => {
    const unknown = watching([aWatchedUser('ci')], { deployRoleArn: undefined });

    expect(await noticedBy(unknown, event(terraform, remove('ci')))).toEqual(['keys']);
    expect(await noticedBy(unknown, event(ours, remove('ci')))).toEqual([]);
  });

  it('is not that of a user whose name only begins so, or of one that is not rotated', async () => {
    expect(await noticed(person, create('ci-2'))).toEqual([]);
    expect(await noticed(iamUser('somebody'), create())).toEqual([]);
  });

  it('is brought to the stack’s region whoever’s it is, unless it was us', async () => {
    const brought = async (who: Principal, call = create('anybody')): Promise<boolean> =>
      matchesPattern(iamActs(watched), await event(who, call));

    expect(await Promise.all([brought(person), brought(rootUser), brought(ours)])).toEqual([
      true,
      true,
      false,
    ]);
    expect(await brought(iamUser('ci'), create())).toBe(true);
    expect(await brought(person, attachRolePolicy('of-somebody-else'))).toBe(false);
  });
});

const attachRolePolicy =
  (RoleName: string): Call =>
  ({ iam }) =>
    iam.send(
      new AttachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
    );

describe('a role', () => {
  const takeOver =
    (RoleName: string): Call =>
    ({ iam }) =>
      iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: '{}' }));

  it.each(['iam-key-rotation-ci', 'iam-key-rotation-retire-schedule', 'iam-key-rotation-iam-events'])(
    'of the stack is not taken over unnoticed: %s',
    async (name) => {
      expect(await noticedBy(watched, event(person, takeOver(name)))).toEqual(['roles']);
      expect(await noticedBy(watched, event(person, attachRolePolicy(name)))).toEqual(['roles']);
    },
  );

  it('of the stack is not changed unnoticed by another role of the stack', async () => {
    expect(await noticedBy(watched, event(ours, takeOver('iam-key-rotation-retire')))).toEqual(['roles']);
  });

  it('of somebody else is theirs', async () => {
    expect(await noticedBy(watched, event(person, takeOver('iam-key')))).toEqual([]);
  });

  it('is not watched as long as nobody knows who Terraform is, as each apply may change it', async () => {
    const unknown = watching([aWatchedUser('ci')], { deployRoleArn: undefined });
    const told = event(person, takeOver('iam-key-rotation-ci'));

    expect(await noticedBy(unknown, told)).toEqual([]);
    expect(matchesPattern(iamActs(unknown), await told)).toBe(false);
    expect(matchesPattern(iamActs(unknown), await event(person, create('ci')))).toBe(true);
  });
});

describe('what a user may do', () => {
  const attach: Call = ({ iam }) =>
    iam.send(
      new AttachUserPolicyCommand({
        UserName: 'ci',
        PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
      }),
    );

  it('is not changed unnoticed where the stack makes the user', async () => {
    expect(await noticedBy(watched, event(person, attach))).toEqual(['rights']);
  });

  it('is somebody else’s to decide where the user was there already', async () => {
    const existing = watching([{ ...aWatchedUser('ci'), existing: true }]);

    expect(await noticedBy(existing, event(person, attach))).toEqual([]);
    expect(await noticedBy(existing, event(person, create('ci')))).toEqual(['keys']);
  });
});

describe('a secret', () => {
  const acts: Readonly<Record<string, (SecretId: string) => Call>> = {
    CancelRotateSecret:
      (SecretId) =>
      ({ secretsManager: aws }) =>
        aws.send(new secretsManager.CancelRotateSecretCommand({ SecretId })),
    DeleteSecret:
      (SecretId) =>
      ({ secretsManager: aws }) =>
        aws.send(new secretsManager.DeleteSecretCommand({ SecretId })),
    PutResourcePolicy:
      (SecretId) =>
      ({ secretsManager: aws }) =>
        aws.send(new secretsManager.PutResourcePolicyCommand({ SecretId, ResourcePolicy: '{}' })),
    PutSecretValue:
      (SecretId) =>
      ({ secretsManager: aws }) =>
        aws.send(new secretsManager.PutSecretValueCommand({ SecretId, SecretString: 'another' })),
    UpdateSecretVersionStage:
      (SecretId) =>
      ({ secretsManager: aws }) =>
        aws.send(
          new secretsManager.UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSCURRENT' }),
        ),
  };
  const rotate =
    (own: Partial<secretsManager.RotateSecretCommandInput> = {}): Call =>
    ({ secretsManager: aws }) =>
      aws.send(new secretsManager.RotateSecretCommand({ SecretId: secretArn('ci'), ...own }));

  it.each(Object.entries(acts))('is not changed unnoticed: %s, by name or by ARN', async (_, act) => {
    expect(await noticedBy(watched, event(person, act('iam-key-rotation/ci')))).toEqual(['secrets']);
    expect(await noticedBy(watched, event(person, act(secretArn('ci'))))).toEqual(['secrets']);
  });

  it('is ours and Terraform’s to change', async () => {
    expect(await noticedBy(watched, event(ours, acts['PutSecretValue']!(secretArn('ci'))))).toEqual([]);
    expect(await noticedBy(watched, event(terraform, acts['DeleteSecret']!(secretArn('ci'))))).toEqual([]);
  });

  it('is not somebody else’s', async () => {
    expect(await noticedBy(watched, event(person, acts['DeleteSecret']!('other/ci')))).toEqual([]);
  });

  it('may be asked to rotate now by anybody, as the runbook says', async () => {
    expect(await noticedBy(watched, event(person, rotate()))).toEqual([]);
    expect(await noticedBy(watched, event(person, rotate({ RotateImmediately: false })))).toEqual([]);
  });

  it.each<[string, Partial<secretsManager.RotateSecretCommandInput>]>([
    [
      'another function',
      { RotationLambdaARN: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:somebody-elses` },
    ],
    ['other days', { RotationRules: { AutomaticallyAfterDays: 1_000 } }],
    ['another schedule', { RotationRules: { ScheduleExpression: 'rate(999 days)' } }],
  ])('does not get %s unnoticed', async (_, own) => {
    expect(await noticedBy(watched, event(person, rotate(own)))).toEqual(['secrets']);
    expect(await noticedBy(watched, event(terraform, rotate(own)))).toEqual([]);
    expect(await noticedBy(watched, event(session('iam-key-rotation-retire'), rotate(own)))).toEqual([]);
  });
});

describe('the table', () => {
  const TableName = 'iam-key-rotation';
  const ITEM = { pk: { S: 'ci' } };

  it('is not changed as a whole unnoticed', async () => {
    const acts: [string, Call][] = [
      ['table', ({ dynamodb }) => dynamodb.send(new DeleteTableCommand({ TableName }))],
      [
        'table-2',
        ({ dynamodb }) => dynamodb.send(new PutResourcePolicyCommand({ ResourceArn: TABLE, Policy: '{}' })),
      ],
      ['table-2', ({ dynamodb }) => dynamodb.send(new DeleteResourcePolicyCommand({ ResourceArn: TABLE }))],
    ];
    for (const [watch, act] of acts) expect(await noticedBy(watched, event(person, act))).toEqual([watch]);
  });

  it('is Terraform’s to change', async () => {
    const act: Call = ({ dynamodb }) => dynamodb.send(new UpdateTableCommand({ TableName: TABLE }));

    expect(await noticedBy(watched, event(terraform, act))).toEqual([]);
    expect(await noticedBy(watched, event(person, act))).toEqual(['table']);
  });

  const put: Call = ({ dynamodb }) => dynamodb.send(new PutItemCommand({ TableName, Item: ITEM }));

  it.each<[string, Call]>([
    ['PutItem', put],
    ['UpdateItem', ({ dynamodb }) => dynamodb.send(new UpdateItemCommand({ TableName, Key: ITEM }))],
    [
      'BatchWriteItem',
      ({ dynamodb }) =>
        dynamodb.send(
          new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ DeleteRequest: { Key: ITEM } }] } }),
        ),
    ],
    [
      'TransactWriteItems',
      ({ dynamodb }) =>
        dynamodb.send(
          new TransactWriteItemsCommand({ TransactItems: [{ Delete: { TableName, Key: ITEM } }] }),
        ),
    ],
  ])('has no item changed unnoticed: %s', async (_, act) => {
    expect(await noticedBy(watched, event(person, act))).toEqual(['items']);
    expect(await noticedBy(watched, event(ours, act))).toEqual([]);
    expect(await noticedBy(watched, event(terraform, act))).toEqual([]);
  });

  it('has no item watched as long as nobody knows who Terraform is', async () => {
    expect(await noticedBy({ ...watched, deployRoleArn: undefined }, event(person, put))).toEqual([]);
  });
});

describe('a function', () => {
  it.each([
    ['its name', 'iam-key-rotation-ci'],
    ['its ARN', `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:iam-key-rotation-ci`],
    ['the end of its ARN', `${ACCOUNT}:function:iam-key-rotation-ci`],
  ])('is not changed unnoticed by %s', async (_, FunctionName) => {
    const acts: Call[] = [
      ({ lambda }) => lambda.send(new UpdateFunctionCodeCommand({ FunctionName, S3Bucket: 'b', S3Key: 'k' })),
      ({ lambda }) =>
        lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 })),
    ];
    for (const act of acts) expect(await noticedBy(watched, event(person, act))).toEqual(['functions']);
  });

  it('of somebody else is theirs', async () => {
    const act: Call = ({ lambda }) =>
      lambda.send(
        new UpdateFunctionCodeCommand({ FunctionName: 'my-iam-key-rotation', S3Bucket: 'b', S3Key: 'k' }),
      );
    expect(await noticedBy(watched, event(person, act))).toEqual([]);
  });
});

const readOf =
  (SecretId: string): Call =>
  ({ secretsManager: aws }) =>
    aws.send(new secretsManager.GetSecretValueCommand({ SecretId }));

describe('a read', () => {
  const ci = role('apps/ci');
  const mailer = `arn:aws:iam::${ACCOUNT}:user/mailer`;
  const both = watching([aWatchedUser('ci', [ci]), aWatchedUser('ci-deployer', [ci, mailer])]);
  const read = (secretId: string, who: Principal, of = both) => noticedBy(of, event(who, readOf(secretId)));

  it('by a reader is not noticed, nor one of ours', async () => {
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
  ])('by %s is noticed, however the secret is named', async (_, who) => {
    for (const secretId of [secretArn('ci'), secretArn('ci').slice(0, -7), 'iam-key-rotation/ci']) {
      expect(await read(secretId, who)).toEqual(['reads']);
    }
  });

  it('by a reader of another secret is noticed, also where one name begins as the other', async () => {
    expect(await read(secretArn('ci'), iamUser('mailer'))).toEqual(['reads']);
    expect(await read(secretArn('ci-deployer'), iamUser('mailer'))).toEqual([]);
  });

  it('from an account that has a reader cannot be told apart', async () => {
    const abroad = watching([aWatchedUser('ci', [role('reader', '444455556666')])]);

    expect(await read(secretArn('ci'), foreigner('444455556666'), abroad)).toEqual([]);
    expect(await read(secretArn('ci'), foreigner('999988887777'), abroad)).toEqual(['reads']);
    expect(await read(secretArn('ci'), person, abroad)).toEqual(['reads']);
  });

  it('is not watched where nobody knows who may not, and that is said', () => {
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

  it('by a user that renews its own key is no suspicious act, and one by anybody else is', async () => {
    const pattern = JSON.parse(
      synthesize(
        aStack([aUser('ci', { readers: [ci], selfRenewal: true, path: '/service/' })], {
          auditTrail: { kind: 'existing' },
        }),
      ).at('aws_cloudwatch_event_rule.watch-reads')['event_pattern'] as string,
    ) as object;
    const isNoticed = async (who: Principal) =>
      matchesPattern(pattern, await event(who, readOf(secretArn('ci'))));

    expect(await isNoticed(iamUser('ci'))).toBe(false);
    expect(await isNoticed(session('ci'))).toBe(false);
    expect(await isNoticed(iamUser('ci-deployer'))).toBe(true);
  });

  it('is asked for by name: a rule sees reads only then', () => {
    const stack = synthesize(aStack([aUser('a', { readers: [ci] })], { auditTrail: { kind: 'existing' } }));

    expect(stack.at('aws_cloudwatch_event_rule.watch-reads')).toMatchObject({
      state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
    });
    expect(stack.at('aws_cloudwatch_event_rule.watch-keys')).toMatchObject({ state: 'ENABLED' });
  });
});

describe('many users', () => {
  const many = (readers: (index: number) => readonly string[]) =>
    watching(Array.from({ length: 1_000 }, (_, index) => aWatchedUser(`service-${index}`, readers(index))));
  const measured = (pattern: object): number => JSON.stringify(pattern).length;

  it('take as many rules as their names need, none of them too long, and all of them are watched', async () => {
    const { watches } = watchesOf(many(() => []));

    expect(Math.max(...watches.map(({ pattern }) => measured(pattern)))).toBeLessThanOrEqual(LONGEST_PATTERN);
    expect(watches.map(({ name }) => name).filter((name) => name.startsWith('keys')).length).toBeLessThan(20);
    for (const index of [0, 499, 999]) {
      const act = event(person, remove(`service-${index}`));
      expect(
        await noticedBy(
          many(() => []),
          act,
        ),
      ).toHaveLength(1);
    }
  });

  it('with the same readers take one rule', async () => {
    const same = many(() => [role('ci')]);

    expect(watchesOf(same).watches.filter(({ ofReads }) => ofReads)).toHaveLength(1);
    expect(await noticedBy(same, event(person, readOf(secretArn('service-999'))))).toEqual(['reads']);
  });

  it('with readers of their own take as many rules as a bus can spare, and it is said who is not watched', () => {
    const { watches, unwatched } = watchesOf(many((index) => [role(`reader-${index}`)]));
    const reads = watches.filter(({ ofReads }) => ofReads);

    expect(reads).toHaveLength(150);
    expect(Math.max(...reads.map(({ pattern }) => measured(pattern)))).toBeLessThanOrEqual(LONGEST_PATTERN);
    expect(Object.keys(unwatched)).toHaveLength(850);
    expect(unwatched['service-999']).toBe('150 rules are taken by users with other readers');
  });
});

describe('the secrets of a shard', () => {
  const shard = watching([aWatchedUser('ci', [role('reader')])], {
    ...{ prefix: 'iam-key-rotation-two', secretPrefix: 'iam-key-rotation' },
  });
  const deleted: Call = ({ secretsManager: aws }) =>
    aws.send(new secretsManager.DeleteSecretCommand({ SecretId: secretArn('ci') }));
  const put: Call = ({ secretsManager: aws }) =>
    aws.send(new secretsManager.PutSecretValueCommand({ SecretId: secretArn('ci'), SecretString: 'a' }));
  const read = readOf(secretArn('ci'));

  it('are watched under the name that they have', async () => {
    expect(await noticedBy(shard, event(person, deleted))).toEqual(['secrets']);
    expect(await noticedBy(shard, event(person, read))).toEqual(['reads']);
    expect(await noticedBy(shard, event(session('reader'), read))).toEqual([]);
  });

  it('are not noticed where a shard works on its own', async () => {
    for (const rotator of ['iam-key-rotation-rotate', 'iam-key-rotation-two-rotate']) {
      expect(await noticedBy(shard, event(session(rotator), put))).toEqual([]);
      expect(await noticedBy(shard, event(session(rotator), read))).toEqual([]);
    }
  });
});

describe('in every partition', () => {
  it.each([
    ['aws-cn', 'cn-north-1', 'cn-northwest-1'],
    ['aws-us-gov', 'us-gov-west-1', 'us-gov-east-1'],
  ])('%s: its own sessions are known, and IAM’s acts come from %s', async (partition, iamRegion, region) => {
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
  });
});

describe('a pattern', () => {
  it('is short enough also with the longest prefix', () => {
    const { watches } = watchesOf(watching([aWatchedUser('u'.repeat(64))], { prefix: 'p'.repeat(40) }));

    expect(Math.max(...watches.map(({ pattern }) => JSON.stringify(pattern).length))).toBeLessThanOrEqual(
      LONGEST_PATTERN,
    );
    expect(JSON.stringify(iamActs(watching([], { prefix: 'p'.repeat(40) }))).length).toBeLessThanOrEqual(
      LONGEST_PATTERN,
    );
  });
});
