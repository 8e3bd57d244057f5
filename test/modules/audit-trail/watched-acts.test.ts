import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as cloudtrail from '@aws-sdk/client-cloudtrail';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as events from '@aws-sdk/client-eventbridge';
import * as iam from '@aws-sdk/client-iam';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as scheduler from '@aws-sdk/client-scheduler';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';

import { iamActs } from '../../../modules/audit-trail/iam-patterns';
import { matchesPattern } from '../../../sandbox/eventbridge/match-pattern';
import type { Call } from '../../support/cloudtrail-records';
import {
  ACCOUNT,
  aWatchedUser,
  event,
  noticedBy,
  person,
  role,
  secretArn,
  session,
  watching,
} from './support';

/** Every call that changes something, and that the policies of the deploying role allow on what a stack makes. */
const ALLOWED = ['deploy-role-policy', 'deploy-role-audit-policy'].flatMap((name) => {
  const path = join(__dirname, '../../../examples/pipelines', `${name}.json`);
  const { Statement } = JSON.parse(readFileSync(path, 'utf8')) as { Statement: { Action: string[] }[] };
  return Statement.flatMap(({ Action }) => Action);
});
const WRITING = [...new Set(ALLOWED)].filter((action) => !/:(Get|List|Describe)/.test(action)).sort();

const UserName = 'ci';
const RoleName = 'iam-key-rotation-ci';
const FunctionName = 'iam-key-rotation-ci';
const SecretId = secretArn('ci');
const TableName = 'iam-key-rotation';
const Rule = 'iam-key-rotation-watch-keys';
const Topic = `arn:aws:sns:eu-west-1:${ACCOUNT}:iam-key-rotation-alerts`;
const QueueUrl = `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/iam-key-rotation-retire-failed`;
const Trail = `arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:trail/iam-key-rotation`;
const Bucket = `iam-key-rotation-trail-${ACCOUNT}`;
const AlarmName = 'iam-key-rotation/sweep-failed';
const logGroupName = '/aws/events/iam-key-rotation-suspicious-acts';
const LogGroupArn = `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:${logGroupName}:*`;
const policyName = 'iam-key-rotation-suspicious-acts';
const kmsKeyId = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/mrk-1`;
const Name = 'iam-key-rotation-retire';
const schedule = {
  Name,
  FlexibleTimeWindow: { Mode: 'OFF' as const },
  ScheduleExpression: 'rate(1000 days)',
  Target: { Arn: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:${Name}`, RoleArn: role(Name) },
};
const Targets = [{ Id: 'log', Arn: `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:${logGroupName}` }];
const PolicyDocument = '{}';
const PermissionsBoundary = `arn:aws:iam::${ACCOUNT}:policy/boundary`;

/** A call of each, as somebody makes it with the SDK, and the watch that notices it. */
const NOTICED: Readonly<Record<string, readonly [watch: string, call: Call]>> = {
  'cloudtrail:DeleteTrail': [
    'watch',
    ({ cloudtrail: aws }) => aws.send(new cloudtrail.DeleteTrailCommand({ Name: Trail })),
  ],
  'cloudtrail:PutEventSelectors': [
    'watch',
    ({ cloudtrail: aws }) =>
      aws.send(
        new cloudtrail.PutEventSelectorsCommand({
          TrailName: 'iam-key-rotation',
          AdvancedEventSelectors: [],
        }),
      ),
  ],
  'cloudtrail:UpdateTrail': [
    'watch',
    ({ cloudtrail: aws }) =>
      aws.send(new cloudtrail.UpdateTrailCommand({ Name: Trail, IsMultiRegionTrail: false })),
  ],
  'cloudwatch:DeleteAlarms': [
    'watch-2',
    ({ cloudwatch: aws }) =>
      aws.send(new cloudwatch.DeleteAlarmsCommand({ AlarmNames: ['another', AlarmName] })),
  ],
  'cloudwatch:PutMetricAlarm': [
    'watch-2',
    ({ cloudwatch: aws }) =>
      aws.send(
        new cloudwatch.PutMetricAlarmCommand({
          ...{ AlarmName, ActionsEnabled: false, EvaluationPeriods: 1, Threshold: 1e9 },
          ComparisonOperator: 'GreaterThanThreshold',
        }),
      ),
  ],
  'dynamodb:DeleteItem': [
    'items',
    ({ dynamodb: aws }) => aws.send(new dynamodb.DeleteItemCommand({ TableName, Key: { pk: { S: 'a' } } })),
  ],
  'dynamodb:DeleteTable': [
    'table',
    ({ dynamodb: aws }) => aws.send(new dynamodb.DeleteTableCommand({ TableName })),
  ],
  'dynamodb:PutItem': [
    'items',
    ({ dynamodb: aws }) => aws.send(new dynamodb.PutItemCommand({ TableName, Item: { pk: { S: 'a' } } })),
  ],
  'dynamodb:UpdateContinuousBackups': [
    'table',
    ({ dynamodb: aws }) =>
      aws.send(
        new dynamodb.UpdateContinuousBackupsCommand({
          TableName,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
        }),
      ),
  ],
  'dynamodb:UpdateItem': [
    'items',
    ({ dynamodb: aws }) => aws.send(new dynamodb.UpdateItemCommand({ TableName, Key: { pk: { S: 'a' } } })),
  ],
  'dynamodb:UpdateTable': [
    'table',
    ({ dynamodb: aws }) =>
      aws.send(new dynamodb.UpdateTableCommand({ TableName, DeletionProtectionEnabled: false })),
  ],
  'events:DeleteRule': ['watch', ({ events: aws }) => aws.send(new events.DeleteRuleCommand({ Name: Rule }))],
  'events:PutRule': [
    'watch',
    ({ events: aws }) => aws.send(new events.PutRuleCommand({ Name: Rule, State: 'DISABLED' })),
  ],
  'events:PutTargets': [
    'watch',
    ({ events: aws }) => aws.send(new events.PutTargetsCommand({ Rule, Targets })),
  ],
  'events:RemoveTargets': [
    'watch',
    ({ events: aws }) => aws.send(new events.RemoveTargetsCommand({ Rule, Ids: ['log'] })),
  ],
  'iam:AttachUserPolicy': [
    'rights',
    ({ iam: aws }) =>
      aws.send(
        new iam.AttachUserPolicyCommand({
          UserName,
          PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
        }),
      ),
  ],
  'iam:CreateRole': [
    'roles',
    ({ iam: aws }) =>
      aws.send(
        new iam.CreateRoleCommand({ RoleName: 'iam-key-rotation-mine', AssumeRolePolicyDocument: '{}' }),
      ),
  ],
  'iam:CreateUser': ['rights', ({ iam: aws }) => aws.send(new iam.CreateUserCommand({ UserName }))],
  'iam:DeactivateMFADevice': [
    'rights',
    ({ iam: aws }) =>
      aws.send(new iam.DeactivateMFADeviceCommand({ UserName, SerialNumber: 'GAHT12345678' })),
  ],
  'iam:DeleteAccessKey': [
    'keys',
    ({ iam: aws }) =>
      aws.send(new iam.DeleteAccessKeyCommand({ UserName, AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' })),
  ],
  'iam:DeleteLoginProfile': [
    'rights',
    ({ iam: aws }) => aws.send(new iam.DeleteLoginProfileCommand({ UserName })),
  ],
  'iam:DeleteRole': ['roles', ({ iam: aws }) => aws.send(new iam.DeleteRoleCommand({ RoleName }))],
  'iam:DeleteRolePermissionsBoundary': [
    'roles',
    ({ iam: aws }) => aws.send(new iam.DeleteRolePermissionsBoundaryCommand({ RoleName })),
  ],
  'iam:DeleteRolePolicy': [
    'roles',
    ({ iam: aws }) => aws.send(new iam.DeleteRolePolicyCommand({ RoleName, PolicyName: 'rotate' })),
  ],
  'iam:DeleteSSHPublicKey': [
    'rights',
    ({ iam: aws }) =>
      aws.send(new iam.DeleteSSHPublicKeyCommand({ UserName, SSHPublicKeyId: 'APKAEXAMPLE' })),
  ],
  'iam:DeleteServiceSpecificCredential': [
    'rights',
    ({ iam: aws }) =>
      aws.send(
        new iam.DeleteServiceSpecificCredentialCommand({
          UserName,
          ServiceSpecificCredentialId: 'ACCAEXAMPLEEXAMPLEEXAMPLE',
        }),
      ),
  ],
  'iam:DeleteSigningCertificate': [
    'rights',
    ({ iam: aws }) =>
      aws.send(
        new iam.DeleteSigningCertificateCommand({ UserName, CertificateId: 'TA7SMP42TDN5Z26OBPJE7EXAMPLE' }),
      ),
  ],
  'iam:DeleteUser': ['rights', ({ iam: aws }) => aws.send(new iam.DeleteUserCommand({ UserName }))],
  'iam:DeleteUserPermissionsBoundary': [
    'rights',
    ({ iam: aws }) => aws.send(new iam.DeleteUserPermissionsBoundaryCommand({ UserName })),
  ],
  'iam:DeleteUserPolicy': [
    'rights',
    ({ iam: aws }) => aws.send(new iam.DeleteUserPolicyCommand({ UserName, PolicyName: 'decrypt' })),
  ],
  'iam:DetachUserPolicy': [
    'rights',
    ({ iam: aws }) =>
      aws.send(
        new iam.DetachUserPolicyCommand({ UserName, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
      ),
  ],
  'iam:PutRolePermissionsBoundary': [
    'roles',
    ({ iam: aws }) => aws.send(new iam.PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary })),
  ],
  'iam:PutRolePolicy': [
    'roles',
    ({ iam: aws }) =>
      aws.send(new iam.PutRolePolicyCommand({ RoleName, PolicyName: 'rotate', PolicyDocument })),
  ],
  'iam:PutUserPermissionsBoundary': [
    'rights',
    ({ iam: aws }) => aws.send(new iam.PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary })),
  ],
  'iam:PutUserPolicy': [
    'rights',
    ({ iam: aws }) => aws.send(new iam.PutUserPolicyCommand({ UserName, PolicyName: 'all', PolicyDocument })),
  ],
  'iam:RemoveUserFromGroup': [
    'rights',
    ({ iam: aws }) => aws.send(new iam.RemoveUserFromGroupCommand({ UserName, GroupName: 'deployers' })),
  ],
  'iam:UpdateAssumeRolePolicy': [
    'roles',
    ({ iam: aws }) => aws.send(new iam.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument })),
  ],
  'iam:UpdateRole': [
    'roles',
    ({ iam: aws }) => aws.send(new iam.UpdateRoleCommand({ RoleName, MaxSessionDuration: 43_200 })),
  ],
  'iam:UpdateRoleDescription': [
    'roles',
    ({ iam: aws }) => aws.send(new iam.UpdateRoleDescriptionCommand({ RoleName, Description: 'another' })),
  ],
  'iam:UpdateUser': [
    'rights',
    ({ iam: aws }) => aws.send(new iam.UpdateUserCommand({ UserName, NewUserName: 'ci-old' })),
  ],
  'lambda:AddPermission': [
    'functions',
    ({ lambda: aws }) =>
      aws.send(
        new lambda.AddPermissionCommand({
          FunctionName,
          StatementId: 'all',
          Action: 'lambda:InvokeFunction',
          Principal: '*',
        }),
      ),
  ],
  'lambda:CreateFunction': [
    'functions',
    ({ lambda: aws }) =>
      aws.send(
        new lambda.CreateFunctionCommand({
          FunctionName: 'innocent',
          Role: role('rotation/iam-key-rotation-ci'),
          Code: {},
        }),
      ),
  ],
  'lambda:DeleteFunction': [
    'functions',
    ({ lambda: aws }) => aws.send(new lambda.DeleteFunctionCommand({ FunctionName })),
  ],
  'lambda:DeleteFunctionEventInvokeConfig': [
    'functions',
    ({ lambda: aws }) => aws.send(new lambda.DeleteFunctionEventInvokeConfigCommand({ FunctionName })),
  ],
  'lambda:PutFunctionEventInvokeConfig': [
    'functions',
    ({ lambda: aws }) =>
      aws.send(new lambda.PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 })),
  ],
  'lambda:RemovePermission': [
    'functions',
    ({ lambda: aws }) =>
      aws.send(new lambda.RemovePermissionCommand({ FunctionName, StatementId: 'rotation' })),
  ],
  'lambda:UpdateFunctionCode': [
    'functions',
    ({ lambda: aws }) =>
      aws.send(new lambda.UpdateFunctionCodeCommand({ FunctionName, S3Bucket: 'mine', S3Key: 'code' })),
  ],
  'lambda:UpdateFunctionConfiguration': [
    'functions',
    ({ lambda: aws }) =>
      aws.send(
        new lambda.UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: {} } }),
      ),
  ],
  'logs:AssociateKmsKey': [
    'records',
    ({ logs: aws }) => aws.send(new logs.AssociateKmsKeyCommand({ logGroupName, kmsKeyId })),
  ],
  'logs:DeleteLogGroup': [
    'records',
    ({ logs: aws }) =>
      aws.send(new logs.DeleteLogGroupCommand({ logGroupName: '/aws/lambda/iam-key-rotation-retire' })),
  ],
  'logs:DeleteResourcePolicy': [
    'records',
    ({ logs: aws }) => aws.send(new logs.DeleteResourcePolicyCommand({ policyName })),
  ],
  'logs:DisassociateKmsKey': [
    'records',
    ({ logs: aws }) => aws.send(new logs.DisassociateKmsKeyCommand({ logGroupName })),
  ],
  'logs:PutResourcePolicy': [
    'records',
    ({ logs: aws }) =>
      aws.send(new logs.PutResourcePolicyCommand({ policyName, policyDocument: PolicyDocument })),
  ],
  'logs:PutRetentionPolicy': [
    'records',
    ({ logs: aws }) => aws.send(new logs.PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 })),
  ],
  's3:DeleteBucket': ['records', ({ s3: aws }) => aws.send(new s3.DeleteBucketCommand({ Bucket }))],
  's3:DeleteBucketPolicy': [
    'records',
    ({ s3: aws }) => aws.send(new s3.DeleteBucketPolicyCommand({ Bucket })),
  ],
  's3:PutBucketOwnershipControls': [
    'records',
    ({ s3: aws }) =>
      aws.send(
        new s3.PutBucketOwnershipControlsCommand({
          Bucket,
          OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
        }),
      ),
  ],
  's3:PutBucketPolicy': [
    'records',
    ({ s3: aws }) => aws.send(new s3.PutBucketPolicyCommand({ Bucket, Policy: '{}' })),
  ],
  's3:PutBucketPublicAccessBlock': [
    'records',
    ({ s3: aws }) =>
      aws.send(new s3.PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: {} })),
  ],
  's3:PutBucketVersioning': [
    'records',
    ({ s3: aws }) =>
      aws.send(
        new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
      ),
  ],
  's3:PutEncryptionConfiguration': [
    'records',
    ({ s3: aws }) =>
      aws.send(
        new s3.PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [] } }),
      ),
  ],
  's3:PutLifecycleConfiguration': [
    'records',
    ({ s3: aws }) =>
      aws.send(
        new s3.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [] } }),
      ),
  ],
  'scheduler:DeleteSchedule': [
    'watch',
    ({ scheduler: aws }) => aws.send(new scheduler.DeleteScheduleCommand({ Name })),
  ],
  'scheduler:UpdateSchedule': [
    'watch',
    ({ scheduler: aws }) => aws.send(new scheduler.UpdateScheduleCommand(schedule)),
  ],
  'secretsmanager:CancelRotateSecret': [
    'secrets',
    ({ secretsManager: aws }) => aws.send(new secretsManager.CancelRotateSecretCommand({ SecretId })),
  ],
  'secretsmanager:DeleteResourcePolicy': [
    'secrets',
    ({ secretsManager: aws }) => aws.send(new secretsManager.DeleteResourcePolicyCommand({ SecretId })),
  ],
  'secretsmanager:DeleteSecret': [
    'secrets',
    ({ secretsManager: aws }) => aws.send(new secretsManager.DeleteSecretCommand({ SecretId })),
  ],
  'secretsmanager:PutResourcePolicy': [
    'secrets',
    ({ secretsManager: aws }) =>
      aws.send(new secretsManager.PutResourcePolicyCommand({ SecretId, ResourcePolicy: '{}' })),
  ],
  'secretsmanager:RemoveRegionsFromReplication': [
    'secrets',
    ({ secretsManager: aws }) =>
      aws.send(
        new secretsManager.RemoveRegionsFromReplicationCommand({
          SecretId,
          RemoveReplicaRegions: ['eu-central-1'],
        }),
      ),
  ],
  'secretsmanager:ReplicateSecretToRegions': [
    'secrets',
    ({ secretsManager: aws }) =>
      aws.send(
        new secretsManager.ReplicateSecretToRegionsCommand({
          SecretId,
          AddReplicaRegions: [{ Region: 'ap-south-1' }],
        }),
      ),
  ],
  'secretsmanager:RotateSecret': [
    'secrets',
    ({ secretsManager: aws }) =>
      aws.send(
        new secretsManager.RotateSecretCommand({ SecretId, RotationRules: { AutomaticallyAfterDays: 1000 } }),
      ),
  ],
  'secretsmanager:UpdateSecret': [
    'secrets',
    ({ secretsManager: aws }) =>
      aws.send(new secretsManager.UpdateSecretCommand({ SecretId, KmsKeyId: kmsKeyId })),
  ],
  'sns:DeleteTopic': ['watch-2', ({ sns: aws }) => aws.send(new sns.DeleteTopicCommand({ TopicArn: Topic }))],
  'sns:SetTopicAttributes': [
    'watch-2',
    ({ sns: aws }) =>
      aws.send(
        new sns.SetTopicAttributesCommand({ TopicArn: Topic, AttributeName: 'Policy', AttributeValue: '{}' }),
      ),
  ],
  'sns:Unsubscribe': [
    'watch-2',
    ({ sns: aws }) =>
      aws.send(
        new sns.UnsubscribeCommand({ SubscriptionArn: `${Topic}:11111111-2222-3333-4444-555555555555` }),
      ),
  ],
  'sqs:DeleteQueue': ['watch-2', ({ sqs: aws }) => aws.send(new sqs.DeleteQueueCommand({ QueueUrl }))],
  'sqs:SetQueueAttributes': [
    'watch-2',
    ({ sqs: aws }) => aws.send(new sqs.SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: '{}' } })),
  ],
};

const IS_THERE = 'AWS refuses a second one of the name; it can only follow a deletion, which is noticed';
const TAGS = 'many a company has tools that tag everything, and no tag makes a key or a reader';
const UNREAD = 'who deletes a record leaves the bucket’s policy in the way, a change of which is noticed';

const NOT_WATCHED: Readonly<Record<string, string>> = {
  'cloudtrail:AddTags': TAGS,
  'cloudtrail:CreateTrail': IS_THERE,
  'cloudtrail:RemoveTags': TAGS,
  'cloudtrail:StartLogging': 'a trail that logs is what is wanted',
  'cloudwatch:DeleteDashboards': 'a dashboard shows, and does nothing',
  'cloudwatch:PutDashboard': 'a dashboard shows, and does nothing',
  'cloudwatch:TagResource': TAGS,
  'cloudwatch:UntagResource': TAGS,
  'dynamodb:CreateTable': IS_THERE,
  'dynamodb:TagResource': TAGS,
  'dynamodb:UntagResource': TAGS,
  'events:TagResource': TAGS,
  'events:UntagResource': TAGS,
  'iam:DeleteVirtualMFADevice':
    'it names no user; a device that somebody uses has to be deactivated first, which is noticed',
  'iam:PassRole': 'it is a permission and no call; what a role is passed to is noticed',
  'iam:TagRole': TAGS,
  'iam:TagUser': TAGS,
  'iam:UntagRole': TAGS,
  'iam:UntagUser': TAGS,
  'lambda:InvokeFunction': 'it is a data event, and a function does nothing else for whoever invokes it',
  'lambda:TagResource': TAGS,
  'lambda:UntagResource': TAGS,
  'logs:CreateLogGroup': IS_THERE,
  'logs:TagResource': TAGS,
  'logs:UntagResource': TAGS,
  's3:CreateBucket': IS_THERE,
  's3:DeleteObject': UNREAD,
  's3:DeleteObjectVersion': UNREAD,
  's3:PutBucketTagging': TAGS,
  's3:TagResource': TAGS,
  's3:UntagResource': TAGS,
  'scheduler:CreateSchedule': IS_THERE,
  'secretsmanager:CreateSecret': IS_THERE,
  'secretsmanager:TagResource': TAGS,
  'secretsmanager:UntagResource': TAGS,
  'sns:CreateTopic': 'it changes no topic that is there',
  'sns:Subscribe': 'it takes no message from anybody',
  'sns:TagResource': TAGS,
  'sns:UntagResource': TAGS,
  'sqs:CreateQueue': 'it changes no queue that is there',
  'sqs:TagQueue': TAGS,
  'sqs:UntagQueue': TAGS,
};

const watched = watching([aWatchedUser('ci')]);
const terraform = session('terraform');

describe('what the deploying role may change', () => {
  it('is watched, or it is said why not', () => {
    expect([...Object.keys(NOTICED), ...Object.keys(NOT_WATCHED)].sort()).toEqual(WRITING);
  });

  it.each(Object.entries(NOTICED))(
    '%s on what a stack makes is noticed where anybody else calls it',
    async (_action, [watch, call]) => {
      expect(await noticedBy(watched, event(person, call))).toEqual([watch]);
    },
  );

  it.each(Object.entries(NOTICED))('%s by Terraform is no suspicious act', async (_action, [, call]) => {
    expect(await noticedBy(watched, event(terraform, call))).toEqual([]);
  });

  it.each(Object.entries(NOTICED).filter(([action]) => action.startsWith('iam:')))(
    '%s is brought to the stack’s region, where the rules are',
    async (_action, [, call]) => {
      expect(matchesPattern(iamActs(watched), await event(person, call))).toBe(true);
      expect(matchesPattern(iamActs(watched), await event(terraform, call))).toBe(false);
    },
  );
});

describe('other acts that switch off what notices', () => {
  it.each<[string, string, Call]>([
    [
      'alarms are silenced',
      'watch-2',
      ({ cloudwatch: aws }) =>
        aws.send(new cloudwatch.DisableAlarmActionsCommand({ AlarmNames: [AlarmName] })),
    ],
    [
      'a trail is stopped',
      'watch',
      ({ cloudtrail: aws }) => aws.send(new cloudtrail.StopLoggingCommand({ Name: 'iam-key-rotation' })),
    ],
    [
      'a rule is disabled',
      'watch',
      ({ events: aws }) => aws.send(new events.DisableRuleCommand({ Name: Rule })),
    ],
    [
      'a log stream is deleted',
      'records',
      ({ logs: aws }) => aws.send(new logs.DeleteLogStreamCommand({ logGroupName, logStreamName: 'x' })),
    ],
    [
      'a log group gets another key by its ARN',
      'records',
      ({ logs: aws }) =>
        aws.send(new logs.AssociateKmsKeyCommand({ resourceIdentifier: LogGroupArn, kmsKeyId })),
    ],
    [
      'a log group masks what is in it, by its name',
      'records',
      ({ logs: aws }) =>
        aws.send(
          new logs.PutDataProtectionPolicyCommand({
            logGroupIdentifier: logGroupName,
            policyDocument: PolicyDocument,
          }),
        ),
    ],
    [
      'a log group masks what is in it, by its ARN',
      'records',
      ({ logs: aws }) =>
        aws.send(
          new logs.PutDataProtectionPolicyCommand({
            logGroupIdentifier: LogGroupArn,
            policyDocument: PolicyDocument,
          }),
        ),
    ],
    [
      'a topic masks what is in its messages',
      'watch-2',
      ({ sns: aws }) =>
        aws.send(
          new sns.PutDataProtectionPolicyCommand({
            ResourceArn: Topic,
            DataProtectionPolicy: PolicyDocument,
          }),
        ),
    ],
    [
      'a queue of what nobody was told of is emptied',
      'watch-2',
      ({ sqs: aws }) => aws.send(new sqs.PurgeQueueCommand({ QueueUrl })),
    ],
    [
      'an alarm is muted',
      'watch-2',
      ({ cloudwatch: aws }) =>
        aws.send(
          new cloudwatch.PutAlarmMuteRuleCommand({
            Name: 'quiet',
            Rule: { Schedule: { Expression: 'cron(0 2 * * *)', Duration: 'PT4H' } },
            MuteTargets: { AlarmNames: [AlarmName] },
          }),
        ),
    ],
    [
      'a queue of somebody else feeds a function',
      'functions',
      ({ lambda: aws }) =>
        aws.send(
          new lambda.CreateEventSourceMappingCommand({
            FunctionName,
            EventSourceArn: `arn:aws:sqs:eu-west-1:${ACCOUNT}:theirs`,
          }),
        ),
    ],
    [
      'a function is held on an old runtime',
      'functions',
      ({ lambda: aws }) =>
        aws.send(
          new lambda.PutRuntimeManagementConfigCommand({ FunctionName, UpdateRuntimeOn: 'FunctionUpdate' }),
        ),
    ],
    [
      'a subscription gets a filter',
      'watch-2',
      ({ sns: aws }) =>
        aws.send(
          new sns.SetSubscriptionAttributesCommand({
            ...{ SubscriptionArn: `${Topic}:11111111-2222-3333-4444-555555555555` },
            ...{ AttributeName: 'FilterPolicy', AttributeValue: '{"nothing":["ever"]}' },
          }),
        ),
    ],
  ])('%s: it is noticed', async (_act, watch, call) => {
    expect(await noticedBy(watched, event(person, call))).toEqual([watch]);
    expect(await noticedBy(watched, event(terraform, call))).toEqual([]);
  });

  const setAlarm = (StateValue: 'OK' | 'ALARM') =>
    event(person, ({ cloudwatch: aws }) =>
      aws.send(new cloudwatch.SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'test' })),
    );

  it('an alarm is ended by hand: it is noticed; to set one off is a test', async () => {
    expect(await noticedBy(watched, setAlarm('OK'))).toEqual(['watch-2']);
    expect(await noticedBy(watched, setAlarm('ALARM'))).toEqual([]);
  });

  it('the schedule is changed: it is noticed also if CloudTrail writes the name as the API does', async () => {
    const told = (await event(person, NOTICED['scheduler:UpdateSchedule']![1])) as { detail: object };
    const otherSpelling = { ...told, detail: { ...told.detail, requestParameters: { Name } } };

    expect(await noticedBy(watched, Promise.resolve(otherSpelling))).toEqual(['watch']);
  });
});
