import { CloudTrailClient, DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, DescribeAlarmsCommand, ListDashboardsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTableCommand, DynamoDBClient, ListTagsOfResourceCommand } from '@aws-sdk/client-dynamodb';
import { DescribeRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  GetRoleCommand,
  IAMClient,
  ListRolesCommand,
  ListUsersCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';

import { type Check, CouldNotLookError } from '../../../../cli/doctor/check';
import { deployPermissions, neededBy, ofThisStack } from '../../../../cli/doctor/checks/deploy-permissions';
import { existingUsers } from '../../../../cli/doctor/checks/existing-users';
import { keySlots } from '../../../../cli/doctor/checks/key-slots';
import { names } from '../../../../cli/doctor/checks/names';
import { NAMED_BY } from '../../../../cli/doctor/expected';
import { LEAST_TERRAFORM, tooOld } from '../../../../cli/doctor/checks/tools';
import { CallRefusedError, UnreadableRecordError } from '../../../../handlers/core/model/call-errors';
import type { Attempt } from '../../../../handlers/core/model/journal';
import { contextOf, refusal, settingsOf, type Situation } from '../support/context';

const cloudTrail = mockClient(CloudTrailClient);
const cloudWatch = mockClient(CloudWatchClient);
const logs = mockClient(CloudWatchLogsClient);
const dynamodb = mockClient(DynamoDBClient);
const events = mockClient(EventBridgeClient);
const iam = mockClient(IAMClient);
const lambda = mockClient(LambdaClient);
const scheduler = mockClient(SchedulerClient);
const secrets = mockClient(SecretsManagerClient);
const sns = mockClient(SNSClient);
const sqs = mockClient(SQSClient);

const RESOURCES = {
  aws_iam_user: { ci: { name: 'ci', path: '/service/' } },
  aws_secretsmanager_secret: { ci: { name: 'keys/ci' } },
  aws_dynamodb_table_item: { ci: settingsOf('ci') },
  aws_iam_role: { ci: { name: 'iam-key-rotation-ci' } },
  aws_lambda_function: { ci: { function_name: 'iam-key-rotation-ci' } },
  aws_cloudwatch_log_group: { ci: { name: '/aws/lambda/iam-key-rotation-ci' } },
  aws_cloudwatch_metric_alarm: { stuck: { alarm_name: 'iam-key-rotation/stuck' } },
};

const found = async (check: Check, situation: Situation = {}): Promise<readonly string[]> => {
  const context = contextOf({ resources: RESOURCES, ...situation });
  return (await check.run(context)).map((finding) => `${finding.subject}: ${finding.found}`);
};

beforeEach(() => {
  for (const client of [
    cloudTrail,
    cloudWatch,
    logs,
    dynamodb,
    events,
    iam,
    lambda,
    scheduler,
    secrets,
    sns,
    sqs,
  ])
    client.reset();
  dynamodb.on(DescribeTableCommand).rejects(refusal('ResourceNotFoundException'));
  iam.on(ListUsersCommand).resolves({ Users: [] });
  iam.on(ListRolesCommand).resolves({ Roles: [] });
  lambda.on(ListFunctionsCommand).resolves({});
  secrets.on(ListSecretsCommand).resolves({});
  cloudWatch.on(DescribeAlarmsCommand).resolves({});
  cloudWatch.on(ListDashboardsCommand).resolves({});
  logs.on(DescribeLogGroupsCommand).resolves({});
});

describe('the check of names', () => {
  it('finds nothing in an empty account', async () => {
    expect(await found(names)).toEqual([]);
  });

  it('finds each name that somebody else has', async () => {
    iam.on(ListUsersCommand).resolves({ Users: [{ UserName: 'ci' }] as never });
    iam.on(ListRolesCommand).resolves({ Roles: [{ RoleName: 'iam-key-rotation-ci' }] as never });
    lambda.on(ListFunctionsCommand).resolves({ Functions: [{ FunctionName: 'iam-key-rotation-ci' }] });
    secrets.on(ListSecretsCommand).resolves({ SecretList: [{ Name: 'keys/ci' }] });
    cloudWatch
      .on(DescribeAlarmsCommand)
      .resolves({ MetricAlarms: [{ AlarmName: 'iam-key-rotation/stuck' }] });
    logs
      .on(DescribeLogGroupsCommand)
      .resolves({ logGroups: [{ logGroupName: '/aws/lambda/iam-key-rotation-ci' }] });

    expect(await found(names)).toEqual([
      'keys/ci: The account has a secret of this name already.',
      'ci: The account has an IAM user of this name already.',
      'iam-key-rotation-ci: The account has a function of this name already.',
      'iam-key-rotation-ci: The account has a role of this name already.',
      'iam-key-rotation/stuck: The account has an alarm of this name already.',
      '/aws/lambda/iam-key-rotation-ci: The account has a log group of this name already.',
    ]);
  });

  it('looks up every type of resource that has a name', async () => {
    const resources = Object.fromEntries(
      Object.entries(NAMED_BY).map(([type, argument]) => [type, { own: { [argument]: `the-${type}` } }]),
    );
    iam.on(ListUsersCommand).resolves({ Users: [{ UserName: 'the-aws_iam_user' }] as never });
    iam.on(ListRolesCommand).resolves({ Roles: [{ RoleName: 'the-aws_iam_role' }] as never });
    lambda.on(ListFunctionsCommand).resolves({ Functions: [{ FunctionName: 'the-aws_lambda_function' }] });
    secrets.on(ListSecretsCommand).resolves({ SecretList: [{ Name: 'the-aws_secretsmanager_secret' }] });
    cloudWatch
      .on(DescribeAlarmsCommand)
      .resolves({ MetricAlarms: [{ AlarmName: 'the-aws_cloudwatch_metric_alarm' }] });
    cloudWatch
      .on(ListDashboardsCommand)
      .resolves({ DashboardEntries: [{ DashboardName: 'the-aws_cloudwatch_dashboard' }] });
    logs
      .on(DescribeLogGroupsCommand)
      .resolves({ logGroups: [{ logGroupName: 'the-aws_cloudwatch_log_group' }] });
    cloudTrail.on(DescribeTrailsCommand).resolves({ trailList: [{ Name: 'the-aws_cloudtrail' }] });
    dynamodb.on(DescribeTableCommand).resolves({ Table: {} });
    dynamodb.on(ListTagsOfResourceCommand).resolves({});
    events.on(DescribeRuleCommand).resolves({ State: 'ENABLED' });
    scheduler.on(GetScheduleCommand).resolves({});
    sns.on(GetTopicAttributesCommand).resolves({});
    sqs.on(GetQueueUrlCommand).resolves({});

    const subjects = (await names.run(contextOf({ resources }))).map(({ subject }) => subject);

    expect(subjects.toSorted()).toEqual(
      Object.keys(NAMED_BY)
        .map((type) => `the-${type}`)
        .toSorted(),
    );
  });

  it('finds free the names of rules that are not there', async () => {
    const resources = { aws_cloudwatch_event_rule: { notify: { name: 'iam-key-rotation-notify' } } };
    events.on(DescribeRuleCommand).rejects(refusal('ResourceNotFoundException'));
    expect(await found(names, { resources })).toEqual([]);
  });

  it('finds a secret whose name is kept until it is deleted', async () => {
    secrets.on(ListSecretsCommand).resolves({ SecretList: [{ Name: 'keys/ci', DeletedDate: new Date(0) }] });
    expect((await found(names))[0]).toContain('scheduled for deletion (since 1970-01-01');
  });

  it('takes no notice of an IAM user that Terraform imports', async () => {
    iam.on(ListUsersCommand).resolves({ Users: [{ UserName: 'ci' }] as never });
    expect(await found(names, { stack: { imported: ['aws_iam_user.ci'] } })).toEqual([]);
  });

  it('does not know whose the names of a stack are that was applied before, by the tag of its table', async () => {
    const stack = { tags: { 'iam-key-rotation:stack': 'production' } };
    lambda.on(ListFunctionsCommand).resolves({ Functions: [{ FunctionName: 'iam-key-rotation-ci' }] });
    dynamodb.on(DescribeTableCommand).resolves({ Table: { TableArn: 'arn:table' } });
    const taggedBy = (Value: string) =>
      dynamodb.on(ListTagsOfResourceCommand).resolves({ Tags: [{ Key: 'iam-key-rotation:stack', Value }] });

    taggedBy('production');
    await expect(found(names, { stack })).rejects.toThrow(/was applied before, at least in part/);
    taggedBy('staging');
    expect(await found(names, { stack })).toHaveLength(2);
  });
});

describe('the check of key slots', () => {
  const key = (id: string) => ({ id, status: 'Active', createdAt: 0 }) as const;
  const two = { ci: [key('AKIA1EXAMPLE'), key('AKIA2EXAMPLE')] };

  it('finds a user who has two keys and no secret yet', async () => {
    iam.on(ListUsersCommand).resolves({ Users: [{ UserName: 'ci' }] as never });
    expect(await found(keySlots, { keys: two })).toEqual([
      'ci: It has 2 access keys already, AKIA1EXAMPLE (Active), AKIA2EXAMPLE (Active), and AWS allows no third: no first key can be made.',
    ]);
    expect(await found(keySlots, { keys: { ci: [key('AKIA1EXAMPLE')] } })).toEqual([]);
  });

  it('does not count the keys of a user who has a secret already', async () => {
    iam.on(ListUsersCommand).resolves({ Users: [{ UserName: 'ci' }] as never });
    const SecretVersionsToStages = { one: ['AWSPREVIOUS'], two: ['AWSCURRENT', 'AWSPENDING'] };
    secrets.on(ListSecretsCommand).resolves({ SecretList: [{ Name: 'keys/ci', SecretVersionsToStages }] });
    expect(await found(keySlots, { keys: two })).toEqual([]);
  });

  it.each([
    ['holds no version, after an apply that failed', {}],
    ['holds no current version', { SecretVersionsToStages: { one: ['AWSPENDING'] } }],
    [
      'is scheduled for deletion',
      { SecretVersionsToStages: { one: ['AWSCURRENT'] }, DeletedDate: new Date(0) },
    ],
  ])('counts the keys of a user whose secret %s', async (_, secret) => {
    iam.on(ListUsersCommand).resolves({ Users: [{ UserName: 'ci' }] as never });
    secrets.on(ListSecretsCommand).resolves({ SecretList: [{ Name: 'keys/ci', ...secret }] });
    expect(await found(keySlots, { keys: two })).toHaveLength(1);
  });
});

describe('the check of key slots of a user under rotation', () => {
  const [own, other] = ['AKIA1EXAMPLE', 'AKIA2EXAMPLE'] as const;
  const keys = { ci: [own, other].map((id) => ({ id, status: 'Active', createdAt: 0 }) as const) };
  const empty = { userId: 'AIDAEXAMPLE', secretArn: 'arn:aws:secretsmanager:secret', previous: [] };
  const attempt: Attempt = {
    ...{ token: 'token', kind: 'firstKey', keysBefore: [other], announcedAt: 0, until: 1 },
  };
  const current = { keyId: own, versionId: 'one', since: 0 };
  const previous = [{ keyId: own, replacedAt: 0, phase: 'overlap' }] as const;
  beforeEach(() => {
    iam.on(ListUsersCommand).resolves({ Users: [{ UserName: 'ci' }] as never });
  });

  it.each([
    ['that is being made, and is not yet in the journal', { ...empty, attempt }],
    ['that is being made', { ...empty, attempt: { ...attempt, keyId: own } }],
    ['that is the current one', { ...empty, current }],
    ['that is a previous one', { ...empty, previous: [...previous] }],
  ])('does not count a key of the product %s', async (_, journal) => {
    expect(await found(keySlots, { keys, journals: { ci: journal } })).toEqual([]);
  });

  it('counts keys of others, also where the product waits for room, or has had a key that is gone', async () => {
    const waiting = { ...empty, wanted: { since: 0, reason: 'no room' } };
    expect(await found(keySlots, { keys, journals: { ci: waiting } })).toHaveLength(1);
    const gone = { ...empty, current: { ...current, keyId: 'AKIA3EXAMPLE' } };
    expect(await found(keySlots, { keys, journals: { ci: gone } })).toHaveLength(1);
  });

  it('counts keys where there is no table yet, and could not look where a journal cannot be read', async () => {
    const call = { service: 'DynamoDB', action: 'GetItem' } as const;
    const noTable = new CallRefusedError(call, 'notFound', 'ResourceNotFoundException', 'no table');
    expect(await found(keySlots, { keys, journals: { ci: noTable } })).toHaveLength(1);
    const unreadable = new UnreadableRecordError('journal#ci', 'of a newer version');
    await expect(found(keySlots, { keys, journals: { ci: unreadable } })).rejects.toThrow(CouldNotLookError);
    const denied = new CallRefusedError(call, 'accessDenied', 'AccessDenied', 'not authorized');
    await expect(found(keySlots, { keys, journals: { ci: denied } })).rejects.toThrow('not authorized');
  });
});

describe('the spelling of user names', () => {
  const without = { ...RESOURCES, aws_iam_user: {} };
  beforeEach(() => {
    iam.on(ListUsersCommand).resolves({ Users: [{ UserName: 'CI' }] as never });
  });

  it('is told where a user that is said to exist has other upper and lower case', async () => {
    const [finding, ...others] = await existingUsers.run(contextOf({ resources: without }));
    expect(others).toEqual([]);
    expect(finding?.found).toContain('The account has this IAM user as CI, and the configuration writes ci.');
    expect(finding?.remedy).toBe('Write CI as the userName of ci in the configuration, and apply in stack.');
  });

  it('makes a name taken in any upper and lower case, because IAM takes it for one name', async () => {
    const [finding, ...others] = await names.run(contextOf({ resources: RESOURCES }));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      subject: 'ci',
      remedy: expect.stringMatching(
        /^To IAM the name of its user CI is the same. Write userName: CI/,
      ) as string,
    });
  });
});

describe('the check of existing users', () => {
  const without = { ...RESOURCES, aws_iam_user: {} };

  it('finds a user who is said to exist and does not', async () => {
    expect(await found(existingUsers)).toEqual([]);
    expect(await found(existingUsers, { resources: without })).toEqual([
      'ci: The account has no IAM user of this name.',
    ]);
    expect(await found(existingUsers, { stack: { imported: ['aws_iam_user.ci'] } })).toHaveLength(1);
  });
});

describe('the check of tools', () => {
  it('finds a version that is too old, part by part and as numbers', () => {
    expect(tooOld('Terraform', '1.9.8', LEAST_TERRAFORM)).toHaveLength(1);
    expect(tooOld('Terraform', '1.11.0-beta1', LEAST_TERRAFORM)).toEqual([]);
    expect(tooOld('Terraform', '2.0.0', LEAST_TERRAFORM)).toEqual([]);
    expect(tooOld('Node.js', '20.9.0', '20.19')[0]?.remedy).toBe('Install 20.19 or newer.');
    expect(tooOld('Node.js', '20.19.0', '20.19')).toEqual([]);
  });
});

describe('the check of who applies', () => {
  const allowed = {
    EvaluationResults: [{ EvalActionName: 'iam:CreateUser', EvalDecision: 'allowed' as const }],
  };

  it('simulates the role of a session, with the values of the stack', async () => {
    iam
      .on(GetRoleCommand)
      .resolves({ Role: { Arn: 'arn:aws:iam::111122223333:role/teams/deploy' } as never });
    iam.on(SimulatePrincipalPolicyCommand).resolves(allowed);

    const callerArn = 'arn:aws:sts::111122223333:assumed-role/deploy/me';
    expect(await found(deployPermissions, { callerArn })).toEqual([]);

    const inputs = iam.commandCalls(SimulatePrincipalPolicyCommand).map((call) => call.args[0].input);
    expect(new Set(inputs.map((input) => input.PolicySourceArn))).toEqual(
      new Set(['arn:aws:iam::111122223333:role/teams/deploy']),
    );
    expect(inputs.flatMap((input) => input.ResourceArns ?? [])).toContain(
      'arn:aws:iam::111122223333:user/service/ci',
    );
  });

  it('names what it may not, and the statement that allows it', async () => {
    iam.on(SimulatePrincipalPolicyCommand).resolves(allowed);
    iam
      .on(SimulatePrincipalPolicyCommand, { ResourceArns: ['arn:aws:iam::111122223333:user/service/ci'] })
      .resolves({
        EvaluationResults: [
          { EvalActionName: 'iam:CreateUser', EvalDecision: 'implicitDeny' },
          { EvalActionName: 'iam:GetUser', EvalDecision: 'allowed' },
        ],
      });
    const context = contextOf({ resources: RESOURCES });
    const findings = await deployPermissions.run(context);

    expect(findings.map((finding) => finding.found)).toEqual([
      'It may not: iam:CreateUser.',
      'It may not: iam:CreateUser.',
    ]);
    expect(findings[0]?.remedy).toContain(
      'the statement Users of examples/pipelines/deploy-role-policy.json',
    );
  });

  it('reads all pages of an answer', async () => {
    iam.on(SimulatePrincipalPolicyCommand).resolves({ ...allowed, IsTruncated: true, Marker: 'more' });
    iam.on(SimulatePrincipalPolicyCommand, { Marker: 'more' }).resolves({
      EvaluationResults: [{ EvalActionName: 'iam:DeleteUser', EvalDecision: 'explicitDeny' }],
    });
    expect((await found(deployPermissions))[0]).toContain('It may not: iam:DeleteUser.');
  });

  it('asks about the role that Terraform assumes where the configuration names one', async () => {
    iam.on(SimulatePrincipalPolicyCommand).resolves(allowed);
    const deployRoleArn = 'arn:aws:iam::111122223333:role/terraform';
    await found(deployPermissions, { stack: { deployRoleArn } });
    const [call] = iam.commandCalls(SimulatePrincipalPolicyCommand);
    expect(call?.args[0].input.PolicySourceArn).toBe(deployRoleArn);
  });

  it('asks for no permission that is for what this stack does not have', () => {
    const sids = neededBy(contextOf({ resources: RESOURCES }).expected).map(({ Sid }) => Sid);
    expect(sids).toEqual(expect.arrayContaining(['Users', 'Functions', 'Secrets', 'Table']));
    for (const other of ['Vpc', 'UsersInGroups', 'Trail', 'Bucket', 'Topic'])
      expect(sids).not.toContain(other);
  });

  it.each([
    [
      'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/*',
      'arn:aws:secretsmanager:eu-west-1:111122223333:secret:keys/ci-AbCdEf',
    ],
    [
      'arn:aws:sqs:eu-west-1:111122223333:iam-key-rotation-*-failed',
      'arn:aws:sqs:eu-west-1:111122223333:iam-key-rotation-retire-failed',
    ],
    [
      'arn:aws:lambda:eu-west-1:111122223333:function:iam-key-rotation-*',
      'arn:aws:lambda:eu-west-1:111122223333:function:iam-key-rotation-retire',
    ],
    ['*', '*'],
  ])('simulates with names instead of patterns: %s', (pattern, name) => {
    expect(ofThisStack(pattern, contextOf({ resources: RESOURCES }))).toBe(name);
  });
});
