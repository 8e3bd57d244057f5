import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  type GetEventSelectorsCommandOutput,
  GetTrailStatusCommand,
} from '@aws-sdk/client-cloudtrail';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetAccountSummaryCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';

import { type Check, CouldNotLookError } from '../../../../cli/doctor/check';
import { clock } from '../../../../cli/doctor/checks/clock';
import { iamQuotas } from '../../../../cli/doctor/checks/iam-quotas';
import { lambdaQuotas } from '../../../../cli/doctor/checks/lambda-quotas';
import { quarantine } from '../../../../cli/doctor/checks/quarantine';
import { table } from '../../../../cli/doctor/checks/table';
import { trail } from '../../../../cli/doctor/checks/trail';
import { users } from '../../../../cli/doctor/checks/users';
import { Expected } from '../../../../cli/doctor/expected';
import { contextOf, refusal, settingsOf, type Situation } from '../support/context';

const cloudTrail = mockClient(CloudTrailClient);
const dynamodb = mockClient(DynamoDBClient);
const iam = mockClient(IAMClient);
const lambda = mockClient(LambdaClient);

const USER = {
  aws_iam_user: { ci: { name: 'ci', path: '/' } },
  aws_secretsmanager_secret: { ci: { name: 'iam-key-rotation/ci' } },
  aws_dynamodb_table_item: { ci: settingsOf('ci') },
};

const found = async (check: Check, situation: Situation = { resources: USER }): Promise<readonly string[]> =>
  (await check.run(contextOf(situation))).map((finding) => `${finding.subject}: ${finding.found}`);

beforeEach(() => {
  for (const client of [cloudTrail, dynamodb, iam, lambda]) client.reset();
  iam.on(ListUsersCommand).resolves({ Users: [{ UserName: 'ci' }] as never });
  iam.on(ListRolesCommand).resolves({ Roles: [] });
});

describe('the check of the clock', () => {
  it('finds a clock that is not AWS’s, and in which direction', async () => {
    expect(await found(clock, { clockOffset: 0 })).toEqual([]);
    expect(await found(clock, { clockOffset: 90_000 })).toEqual([
      "this machine: Its clock is 90 seconds behind AWS's.",
    ]);
    expect(await found(clock, { clockOffset: -90_000 })).toEqual([
      "this machine: Its clock is 90 seconds ahead of AWS's.",
    ]);
  });
});

describe('the check of the table', () => {
  it('finds a table that is not there', async () => {
    dynamodb.on(DescribeTableCommand).resolves({});
    expect(await found(table)).toEqual([]);
    dynamodb.on(DescribeTableCommand).rejects(refusal('ResourceNotFoundException'));
    expect((await found(table))[0]).toContain(
      'iam-key-rotation: This account has no such table in eu-west-1',
    );
  });
});

describe('the check of users', () => {
  it('finds a user who was deleted or renamed', async () => {
    expect(await found(users)).toEqual([]);
    iam.on(ListUsersCommand).resolves({ Users: [{ UserName: 'ci-renamed' }] as never });
    expect((await found(users))[0]).toContain('ci: The account has no IAM user of this name');
  });

  it('finds a user whose name the account has in other upper and lower case', async () => {
    iam.on(ListUsersCommand).resolves({ Users: [{ UserName: 'Ci' }] as never });
    expect(await found(users)).toEqual([
      expect.stringContaining('The account has this IAM user as Ci, and the configuration writes ci.'),
    ]);
  });
});

describe('the check of users by a state', () => {
  it('could not look where the state holds none: they may be in another one', async () => {
    const { expected, ...context } = contextOf({});
    const byState = new Expected({ states: ['-'] }, expected.stack);

    expect(await users.run({ ...context, expected })).toEqual([]);
    await expect(users.run({ ...context, expected: byState })).rejects.toThrow('one more --state');
  });
});

describe('the check of quarantine', () => {
  const Arn = 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV9';

  it('finds a user of the stack in quarantine, whatever the version of the policy', async () => {
    iam
      .on(ListPoliciesCommand)
      .resolves({ Policies: [{ Arn, PolicyName: 'AWSCompromisedKeyQuarantineV9' }] });
    iam
      .on(ListEntitiesForPolicyCommand)
      .resolves({ PolicyUsers: [{ UserName: 'of-others' }, { UserName: 'Ci' }] });
    const findings = await found(quarantine);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain('Ci: AWS has attached AWSCompromisedKeyQuarantineV9 to it');
  });

  it('asks about no policy that is another one', async () => {
    iam.on(ListPoliciesCommand).resolves({ Policies: [{ Arn: 'arn', PolicyName: 'ReadOnlyAccess' }] });
    expect(await found(quarantine)).toEqual([]);
    expect(iam.commandCalls(ListEntitiesForPolicyCommand)).toEqual([]);
  });
});

describe('the check of the trail', () => {
  const made = { aws_cloudtrail: { trail: { name: 'iam-key-rotation' } } };
  const watching = {
    aws_cloudwatch_log_group: { acts: { name: '/aws/events/iam-key-rotation-suspicious-acts' } },
  };

  it('does not look where the configuration has no trail', async () => {
    expect(await found(trail)).toEqual([]);
    expect(cloudTrail.calls()).toEqual([]);
  });

  const BUCKET = 'iam-key-rotation-trail-111122223333';
  const deliversTo = (S3BucketName: string) =>
    cloudTrail.on(DescribeTrailsCommand).resolves({ trailList: [{ S3BucketName }] });

  it('finds a trail of the stack that delivers elsewhere, or whose bucket does not take its records', async () => {
    cloudTrail.on(GetTrailStatusCommand).resolves({ IsLogging: true });
    cloudTrail.on(GetEventSelectorsCommand).resolves({});
    deliversTo('of-somebody-else');
    expect(await found(trail, { resources: made })).toEqual([
      `iam-key-rotation: It delivers its records to the bucket of-somebody-else, not to ${BUCKET}.`,
    ]);
    deliversTo(BUCKET);
    cloudTrail.on(GetTrailStatusCommand).resolves({ IsLogging: true, LatestDeliveryError: 'NoSuchBucket' });
    expect(await found(trail, { resources: made })).toEqual([
      `${BUCKET}: CloudTrail could not deliver the newest records of iam-key-rotation to this bucket: NoSuchBucket.`,
    ]);
  });

  it('looks at no trail of others where the Terraform modules were told of none', async () => {
    const rule = { name: 'iam-key-rotation-notify-aws' };
    const off = { aws_cloudwatch_event_rule: { 'notify-aws': { ...rule, state: 'DISABLED' } } };
    expect(await found(trail, { resources: off })).toEqual([]);
    expect(cloudTrail.calls()).toEqual([]);

    const on = { aws_cloudwatch_event_rule: { 'notify-aws': { ...rule, state: 'ENABLED' } } };
    trails(classic('ReadOnly'));
    expect(await found(trail, { resources: on })).toEqual([
      "trail_exists = true: No trail records management events that write: Secrets Manager's own reports of failed rotations reach nobody.",
    ]);
    trails(classic('WriteOnly'));
    expect(await found(trail, { resources: on })).toEqual([]);
  });

  it('finds a trail of the stack that records nothing, or is not there', async () => {
    deliversTo(BUCKET);
    cloudTrail.on(GetEventSelectorsCommand).resolves({});
    cloudTrail.on(GetTrailStatusCommand).resolves({ IsLogging: true });
    expect(await found(trail, { resources: made })).toEqual([]);
    cloudTrail.on(GetTrailStatusCommand).resolves({ IsLogging: false });
    expect(await found(trail, { resources: made })).toHaveLength(1);
    cloudTrail.on(GetTrailStatusCommand).rejects(refusal('TrailNotFoundException'));
    expect(await found(trail, { resources: made })).toHaveLength(1);
  });

  it('finds a trail of the stack whose selectors somebody changed', async () => {
    deliversTo(BUCKET);
    cloudTrail.on(GetTrailStatusCommand).resolves({ IsLogging: true });
    const recording = (ReadWriteType: 'ReadOnly' | 'WriteOnly' | 'All') =>
      cloudTrail.on(GetEventSelectorsCommand).resolves({ EventSelectors: [{ ReadWriteType }] });
    recording('All');
    expect(await found(trail, { resources: made })).toEqual([]);
    recording('ReadOnly');
    expect((await found(trail, { resources: made }))[0]).toContain('events that write');
    recording('WriteOnly');
    expect((await found(trail, { resources: made }))[0]).toContain('events that only read');
  });

  it('needs one trail of all regions that records where the configuration uses an existing one', async () => {
    cloudTrail.on(GetTrailStatusCommand).resolves({ IsLogging: true });
    cloudTrail
      .on(DescribeTrailsCommand)
      .resolves({ trailList: [{ TrailARN: 'arn', IsMultiRegionTrail: true }] });
    cloudTrail.on(GetEventSelectorsCommand).resolves({});
    expect(await found(trail, { resources: watching })).toEqual([]);
    cloudTrail
      .on(DescribeTrailsCommand)
      .resolves({ trailList: [{ TrailARN: 'arn', IsMultiRegionTrail: false }] });
    expect((await found(trail, { resources: watching }))[0]).toContain(
      'auditTrail: existing: No trail records',
    );
  });

  const trails = (...selectors: readonly (Partial<GetEventSelectorsCommandOutput> | Error)[]): void => {
    cloudTrail.on(GetTrailStatusCommand).resolves({ IsLogging: true });
    const trailList = selectors.map((_, index) => ({
      ...{ TrailARN: `arn:${index}`, IsMultiRegionTrail: true, HomeRegion: 'us-east-1' },
    }));
    cloudTrail.on(DescribeTrailsCommand).resolves({ trailList });
    for (const [index, one] of selectors.entries()) {
      const asked = cloudTrail.on(GetEventSelectorsCommand, { TrailName: `arn:${index}` });
      if (one instanceof Error) asked.rejects(one);
      else asked.resolves(one);
    }
  };
  const classic = (ReadWriteType: 'All' | 'ReadOnly' | 'WriteOnly', IncludeManagementEvents = true) => ({
    EventSelectors: [{ ReadWriteType, IncludeManagementEvents }],
  });
  const advanced = (...others: readonly { Field: string; Equals?: string[]; NotEquals?: string[] }[]) => ({
    AdvancedEventSelectors: [
      { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }, ...others] },
    ],
  });
  const data = {
    AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }],
  };

  it.each([
    ['all by a selector', [classic('All')]],
    ['all by an advanced selector', [advanced()]],
    ['all but those of KMS', [advanced({ Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] })]],
    ['one kind each', [classic('ReadOnly'), advanced({ Field: 'readOnly', Equals: ['false'] })]],
  ])('finds nothing where existing trails record management events: %s', async (_, selectors) => {
    trails(...selectors);
    expect(await found(trail, { resources: watching })).toEqual([]);
  });

  it.each([
    ['data events', data],
    ['no management events', classic('All', false)],
    ['those that read', classic('ReadOnly')],
    ['those that read, by an advanced selector', advanced({ Field: 'readOnly', Equals: ['true'] })],
    ['those of one service', advanced({ Field: 'eventSource', Equals: ['s3.amazonaws.com'] })],
  ])('finds existing trails of which none records writing management events: only %s', async (_, only) => {
    trails(only);
    expect(await found(trail, { resources: watching })).toEqual([
      'auditTrail: existing: No trail records management events that write: suspicious acts on keys and secrets are not noticed.',
    ]);
  });

  it('warns of existing trails of which none records who reads', async () => {
    trails(classic('WriteOnly'));
    expect((await found(trail, { resources: watching }))[0]).toContain('events that only read');
  });

  it('could not look where the selectors of an existing trail may not be read, unless another trail is enough', async () => {
    const denied = refusal(
      'AccessDeniedException',
      'not authorized to perform: cloudtrail:GetEventSelectors',
    );
    trails(denied);
    await expect(found(trail, { resources: watching })).rejects.toThrow(CouldNotLookError);
    await expect(found(trail, { resources: watching })).rejects.toThrow(
      'arn:0: not authorized to perform: cloudtrail:GetEventSelectors',
    );
    trails(denied, classic('All'));
    expect(await found(trail, { resources: watching })).toEqual([]);
  });
});

describe('the check of quotas', () => {
  const SummaryMap = { Roles: 999, RolesQuota: 1000, Users: 10, UsersQuota: 5000 };

  it('finds too little room for the roles that are still to be made', async () => {
    const roles = (...names: string[]) => ({
      resources: { aws_iam_role: Object.fromEntries(names.map((name) => [name, { name }])) },
    });
    iam.on(GetAccountSummaryCommand).resolves({ SummaryMap });
    expect(await found(iamQuotas, roles('a'))).toEqual([]);
    expect(await found(iamQuotas, roles('a', 'b'))).toEqual([
      'IAM roles: The account has 999 roles of 1000, and the stack needs 2 more.',
    ]);
    iam.on(ListRolesCommand).resolves({ Roles: [{ RoleName: 'b' }] as never });
    expect(await found(iamQuotas, roles('a', 'b'))).toEqual([]);
  });

  it('finds too little concurrency for functions', async () => {
    const of = (UnreservedConcurrentExecutions: number) =>
      lambda.on(GetAccountSettingsCommand).resolves({ AccountLimit: { UnreservedConcurrentExecutions } });
    of(10);
    expect(await found(lambdaQuotas)).toEqual([]);
    of(3);
    expect((await found(lambdaQuotas))[0]).toContain('share 3 executions at a time');
  });
});
