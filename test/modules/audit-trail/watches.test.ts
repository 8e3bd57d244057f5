import { LONGEST_PATTERN } from '../../../modules/audit-trail/event-pattern';
import { actsOnIam } from '../../../modules/audit-trail/act-patterns';
import { watchesOf } from '../../../modules/audit-trail/watches';
import { matchesPattern } from '../../../sandbox/eventbridge/match-pattern';
import { synthesize } from '../support/synthesize';
import { aStack, aUser } from '../support/configurations';
import {
  ACCOUNT,
  aWatchedUser,
  call,
  foreigner,
  iamUser,
  noticedBy,
  role,
  rootUser,
  secretArn,
  session,
  watching,
} from './support';

const TABLE = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/iam-key-rotation`;

const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:iam-key-rotation-alerts`;

const watched = watching([aWatchedUser('ci'), aWatchedUser('ci-deployer')]);
const person = session('Administrator');
const ours = session('iam-key-rotation-ci');
const terraform = session('terraform');

describe('a key of a rotated user', () => {
  const create = (who: object, parameters: object | null = { userName: 'ci' }) =>
    noticedBy(watched, call('iam:CreateAccessKey', who, parameters));

  it.each(['CreateAccessKey', 'UpdateAccessKey', 'DeleteAccessKey'])(
    'is not touched unnoticed: %s',
    (act) => {
      expect(noticedBy(watched, call(`iam:${act}`, person, { userName: 'ci' }))).toEqual(['keys']);
    },
  );

  it.each([
    ['a person', person],
    ['the account’s root', rootUser],
    ['another IAM user', iamUser('somebody')],
    ['Terraform, which never makes one', terraform],
  ])('is not made unnoticed by %s', (_, who) => {
    expect(create(who)).toEqual(['keys']);
  });

  it('is not made unnoticed either by who was refused', () => {
    const refused = call('iam:CreateAccessKey', person, { userName: 'ci' }, { errorCode: 'AccessDenied' });

    expect(noticedBy(watched, refused)).toEqual(['keys']);
  });

  it('is not made unnoticed by the user itself, which IAM asks no name of', () => {
    expect(create(iamUser('ci'), null)).toEqual(['own-keys']);
    expect(create(iamUser('ci'))).toEqual(['keys']);
  });

  it('is ours to make', () => {
    expect(create(ours)).toEqual([]);
    expect(create(session('iam-key-rotation-retire'))).toEqual([]);
  });

  it('is not that of a user whose name only begins so, or of one that is not rotated', () => {
    expect(create(person, { userName: 'ci-2' })).toEqual([]);
    expect(create(iamUser('somebody'), null)).toEqual([]);
  });

  it('is brought to the stack’s region whoever’s it is, unless it was us', () => {
    const brought = (who: object): boolean =>
      matchesPattern(actsOnIam(watched), call('iam:CreateAccessKey', who, { userName: 'anybody' }));

    expect([brought(person), brought(rootUser), brought(ours)]).toEqual([true, true, false]);
  });
});

describe('a secret', () => {
  const act = (name: string, secretId: string, who = person) =>
    noticedBy(watched, call(`secretsmanager:${name}`, who, { secretId }));

  it.each([
    'CancelRotateSecret',
    'DeleteSecret',
    'PutResourcePolicy',
    'PutSecretValue',
    'UpdateSecretVersionStage',
  ])('is not changed unnoticed: %s, by name or by ARN', (name) => {
    expect(act(name, 'iam-key-rotation/ci')).toEqual(['secrets']);
    expect(act(name, secretArn('ci'))).toEqual(['secrets']);
  });

  it('is ours and Terraform’s to change', () => {
    expect(act('PutSecretValue', secretArn('ci'), ours)).toEqual([]);
    expect(act('DeleteSecret', secretArn('ci'), terraform)).toEqual([]);
  });

  it.each(['ReplicateSecretToRegions', 'RemoveRegionsFromReplication', 'StopReplicationToReplica'])(
    'is not copied elsewhere unnoticed: %s',
    (name) => {
      expect(act(name, secretArn('ci'))).toEqual(['secrets']);
      expect(act(name, secretArn('ci'), terraform)).toEqual([]);
    },
  );

  it.each([
    { rotationLambdaARN: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:theirs` },
    { rotationRules: { scheduleExpression: 'rate(999 days)' } },
    { rotationRules: { automaticallyAfterDays: 999 } },
  ])('is not given another rotation unnoticed: %j', (given) => {
    const rotate = (who: object) =>
      noticedBy(watched, call('secretsmanager:RotateSecret', who, { secretId: secretArn('ci'), ...given }));

    expect(rotate(person)).toEqual(['secrets']);
    expect(rotate(terraform)).toEqual([]);
  });

  it('may be asked to rotate by anybody, and is not somebody else’s', () => {
    expect(act('RotateSecret', secretArn('ci'))).toEqual([]);
    expect(act('DeleteSecret', 'other/ci')).toEqual([]);
  });
});

describe('a role of the stack', () => {
  it.each(['UpdateAssumeRolePolicy', 'PutRolePolicy', 'AttachRolePolicy', 'DeleteRolePermissionsBoundary'])(
    'is not taken over unnoticed: %s',
    (name) => {
      const act = (who: object) => call(`iam:${name}`, who, { roleName: 'iam-key-rotation-ci' });

      expect(noticedBy(watched, act(person))).toEqual(['roles']);
      expect(noticedBy(watched, act(ours))).toEqual(['roles']);
      expect(noticedBy(watched, act(terraform))).toEqual([]);
      expect(matchesPattern(actsOnIam(watched), act(person))).toBe(true);
    },
  );

  it('is told apart from the roles of others', () => {
    expect(noticedBy(watched, call('iam:PutRolePolicy', person, { roleName: 'somebody' }))).toEqual([]);
  });
});

describe('a rotated user', () => {
  it.each(['AttachUserPolicy', 'PutUserPolicy', 'AddUserToGroup', 'DeleteUserPermissionsBoundary'])(
    'gets no other rights unnoticed: %s',
    (name) => {
      const act = (who: object, userName = 'ci') => call(`iam:${name}`, who, { userName });

      expect(noticedBy(watched, act(person))).toEqual(['rights']);
      expect(noticedBy(watched, act(terraform))).toEqual([]);
      expect(noticedBy(watched, act(person, 'somebody'))).toEqual([]);
      expect(matchesPattern(actsOnIam(watched), act(person))).toBe(true);
    },
  );
});

describe('the table', () => {
  const item = (name: string, who: object) =>
    call(`dynamodb:${name}`, who, null, {
      managementEvent: false,
      resources: [{ accountId: ACCOUNT, type: 'AWS::DynamoDB::Table', ARN: TABLE }],
    });

  it('is not changed as a whole unnoticed', () => {
    expect(
      noticedBy(watched, call('dynamodb:DeleteTable', person, { tableName: 'iam-key-rotation' })),
    ).toEqual(['table']);
    expect(noticedBy(watched, call('dynamodb:PutResourcePolicy', person, { resourceArn: TABLE }))).toEqual([
      'table-2',
    ]);
    expect(noticedBy(watched, call('dynamodb:UpdateTable', terraform, { tableName: TABLE }))).toEqual([]);
  });

  it.each(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'ExecuteStatement'])(
    'has no item changed unnoticed: %s',
    (name) => {
      expect(noticedBy(watched, item(name, person))).toEqual(['items']);
      expect(noticedBy(watched, item(name, ours))).toEqual([]);
      expect(noticedBy(watched, item(name, terraform))).toEqual([]);
    },
  );

  it('has no item watched as long as nobody knows who Terraform is', () => {
    expect(noticedBy({ ...watched, deployRoleArn: undefined }, item('PutItem', person))).toEqual([]);
  });
});

describe('what rotates and what notices', () => {
  it.each([
    ['lambda:UpdateFunctionCode20150331v2', { functionName: 'iam-key-rotation-ci' }, 'functions'],
    [
      'lambda:PutFunctionConcurrency20171031',
      { functionName: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:iam-key-rotation-retire` },
      'functions',
    ],
    ['cloudtrail:StopLogging', { name: 'iam-key-rotation' }, 'watch'],
    // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html
    ['cloudtrail:PutEventSelectors', { trailName: 'iam-key-rotation' }, 'watch'],
    [
      'cloudtrail:PutEventSelectors',
      { trailName: `arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:trail/iam-key-rotation` },
      'watch',
    ],
    ['monitoring:PutMetricAlarm', { alarmName: 'iam-key-rotation/rotation-overdue' }, 'watch-2'],
    ['monitoring:SetAlarmState', { alarmName: 'iam-key-rotation/ci/rotation-failed' }, 'watch-2'],
    ['monitoring:DeleteAlarms', { alarmNames: ['other', 'iam-key-rotation/rotation-overdue'] }, 'watch-2'],
    ['sns:DeleteTopic', { topicArn: TOPIC }, 'watch-2'],
    ['sns:Unsubscribe', { subscriptionArn: `${TOPIC}:11111111-2222-3333-4444-555555555555` }, 'watch-2'],
    ['events:DisableRule', { name: 'iam-key-rotation-watch-reads' }, 'watch'],
    ['scheduler:UpdateSchedule', { name: 'iam-key-rotation-retire' }, 'watch'],
    ['events:PutRule', { name: 'iam-key-rotation-watch-keys' }, 'watch'],
    ['events:RemoveTargets', { rule: 'iam-key-rotation-watch-keys' }, 'watch'],
    ['scheduler:DeleteSchedule', { Name: 'iam-key-rotation-retire' }, 'watch'],
  ])('is not changed unnoticed: %s', (name, parameters, watch) => {
    expect(noticedBy(watched, call(name, person, parameters))).toEqual([watch]);
    expect(noticedBy(watched, call(name, terraform, parameters))).toEqual([]);
  });
});

describe('a read', () => {
  const ci = role('apps/ci');
  const mailer = `arn:aws:iam::${ACCOUNT}:user/mailer`;
  const both = watching([aWatchedUser('ci', [ci]), aWatchedUser('ci-deployer', [ci, mailer])]);
  const read = (secretId: string, who: object, of = both) =>
    noticedBy(of, call('secretsmanager:GetSecretValue', who, { secretId }));

  it('by a reader is not noticed, nor one of ours', () => {
    expect(read(secretArn('ci'), session('ci'))).toEqual([]);
    expect(read('iam-key-rotation/ci-deployer', iamUser('mailer'))).toEqual([]);
    expect(read(secretArn('ci'), ours)).toEqual([]);
  });

  it.each([
    ['a person', person],
    ['the account’s root', rootUser],
    ['Terraform, which has no need to', terraform],
    ['somebody of an account that has no reader', foreigner('999988887777')],
    ['a user called like a reading role', iamUser('ci')],
  ])('by %s is noticed, however the secret is named', (_, who) => {
    for (const secretId of [secretArn('ci'), secretArn('ci').slice(0, -7), 'iam-key-rotation/ci']) {
      expect(read(secretId, who)).toEqual(['reads']);
    }
  });

  it('by a reader of another secret is noticed, also where one name begins as the other', () => {
    expect(read(secretArn('ci'), iamUser('mailer'))).toEqual(['reads']);
    expect(read(secretArn('ci-deployer'), iamUser('mailer'))).toEqual([]);
  });

  it('from an account that has a reader cannot be told apart', () => {
    const abroad = watching([aWatchedUser('ci', [role('reader', '444455556666')])]);

    expect(read(secretArn('ci'), foreigner('444455556666'), abroad)).toEqual([]);
    expect(read(secretArn('ci'), foreigner('999988887777'), abroad)).toEqual(['reads']);
    expect(read(secretArn('ci'), person, abroad)).toEqual(['reads']);
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

  it('take as many rules as their names need, none of them too long, and all of them are watched', () => {
    const { watches } = watchesOf(many(() => []));

    expect(Math.max(...watches.map(({ pattern }) => measured(pattern)))).toBeLessThanOrEqual(LONGEST_PATTERN);
    expect(watches.map(({ name }) => name).filter((name) => name.startsWith('keys')).length).toBeLessThan(20);
    for (const index of [0, 499, 999]) {
      const act = call('iam:DeleteAccessKey', person, { userName: `service-${index}` });
      expect(
        noticedBy(
          many(() => []),
          act,
        ),
      ).toHaveLength(1);
    }
  });

  it('with the same readers take one rule', () => {
    const same = many(() => [role('ci')]);

    expect(watchesOf(same).watches.filter(({ ofReads }) => ofReads)).toHaveLength(1);
    const read = call('secretsmanager:GetSecretValue', person, { secretId: secretArn('service-999') });
    expect(noticedBy(same, read)).toEqual(['reads']);
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
  const act = (name: string, who: object) => noticedBy(shard, call(name, who, { secretId: secretArn('ci') }));

  it('are watched under the name that they have', () => {
    expect(act('secretsmanager:DeleteSecret', person)).toEqual(['secrets']);
    expect(act('secretsmanager:GetSecretValue', person)).toEqual(['reads']);
    expect(act('secretsmanager:GetSecretValue', session('reader'))).toEqual([]);
  });

  it('are not noticed where a shard works on its own', () => {
    for (const rotator of ['iam-key-rotation-rotate', 'iam-key-rotation-two-rotate']) {
      expect(act('secretsmanager:PutSecretValue', session(rotator))).toEqual([]);
      expect(act('secretsmanager:GetSecretValue', session(rotator))).toEqual([]);
    }
  });
});
