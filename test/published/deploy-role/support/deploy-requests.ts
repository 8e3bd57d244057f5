import type { RecordedCall } from '../../../../sandbox/front/recorder';

/** What a call of Terraform asks IAM for. */
export interface DeployRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
}

type Parameters = Readonly<Record<string, unknown>>;
type What = readonly [
  action: string,
  resource: string,
  context?: Readonly<Record<string, string>> | undefined,
];

/**
 * The permissions that a call needs, by the Service Authorization Reference: itself, and what it does besides, such as
 * tagging what it makes or passing a role. A call that is not known here is an error, so that nothing passes unseen.
 *
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function deployRequests(
  call: Pick<RecordedCall, 'service' | 'action' | 'region' | 'parameters'>,
  accountId: string,
  rolePath = '/',
): readonly DeployRequest[] {
  const ask = ASKED_BY_SERVICE[call.service];
  if (ask === undefined) {
    throw new Error(
      `Terraform called ${call.service}:${call.action}. Say in ${__filename} which permissions it needs, ` +
        'and give them to examples/pipelines/deploy-role-policy.json.',
    );
  }
  const arn = (service: string, rest: string): string => {
    const isGlobal = service === 'iam' || rest.startsWith('dashboard/');
    // Calls name a role without its path, and policies decide by its ARN, which has it.
    const named = rest.replace(/^role\//, `role${rolePath}`);
    return `arn:aws:${service}:${isGlobal ? '' : call.region}:${accountId}:${named}`;
  };
  return ask(call.action, call.parameters, arn).map(([action, resource, context = {}]) => ({
    ...{ action, resource, context },
  }));
}

type Arn = (service: string, rest: string) => string;
type Ask = (action: string, parameters: Parameters, arn: Arn) => readonly What[];

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Tags at creation need the permission to tag, too. */
const tagging = (parameters: Parameters, name: string, what: What): readonly What[] =>
  Object.keys(parameters).some((key) => key === name || key.startsWith(`${name}.`)) ? [what] : [];

const blocking = (blocks: boolean): Readonly<Record<string, string>> => ({
  'secretsmanager:BlockPublicPolicy': String(blocks),
});

const ASKED_BY_SERVICE: Readonly<Record<string, Ask>> = {
  // "No permissions are required": https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
  sts: () => [],
  iam: (action, parameters, arn) => {
    const { GroupName, RoleName, UserName } = parameters;
    // Membership is the group's.
    const named =
      GroupName === undefined
        ? RoleName === undefined
          ? `user/${text(UserName)}`
          : `role/${text(RoleName)}`
        : `group/${text(GroupName)}`;
    const of = action.includes('VirtualMFADevice') ? '*' : arn('iam', named);
    const tag = RoleName === undefined ? 'iam:TagUser' : 'iam:TagRole';
    return [
      [`iam:${action}`, of],
      ...(action.startsWith('Create') ? tagging(parameters, 'Tags', [tag, of]) : []),
    ];
  },
  lambda: (action, parameters, arn) => {
    const name =
      text(parameters['FunctionName']) ||
      (/function:([^/:]+)|functions\/([^/]+)/.exec(decodeURIComponent(action))?.slice(1).find(Boolean) ?? '');
    const of = arn('lambda', `function:${name}`);
    const passed = parameters['Role'];
    return [
      [`lambda:${lambdaPermission(action)}`, of],
      ...(action === 'CreateFunction' ? tagging(parameters, 'Tags', ['lambda:TagResource', of]) : []),
      // Without it the answer has no tags, and every plan would add them (F 4.8).
      ...(lambdaPermission(action) === 'GetFunction' ? [['lambda:ListTags', of] as const] : []),
      ...(passed === undefined ? [] : [passRole(text(passed), 'lambda.amazonaws.com')]),
    ];
  },
  secretsmanager: (action, parameters, arn) => {
    const id = text(parameters['SecretId']) || text(parameters['Name']);
    const of = id.startsWith('arn:') ? id : arn('secretsmanager', `secret:${id}-a1B2c3`);
    const lambdaArn = parameters['RotationLambdaARN'];
    const blocks = parameters['BlockPublicPolicy'];
    return [
      [`secretsmanager:${action}`, of, typeof blocks === 'boolean' ? blocking(blocks) : undefined],
      ...(action === 'CreateSecret' ? tagging(parameters, 'Tags', ['secretsmanager:TagResource', of]) : []),
      // "You also need lambda:InvokeFunction permissions on the rotation function."
      // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
      ...(lambdaArn === undefined ? [] : [['lambda:InvokeFunction', text(lambdaArn)] as const]),
    ];
  },
  dynamodb: (action, parameters, arn) => {
    const of = text(parameters['ResourceArn']) || arn('dynamodb', `table/${text(parameters['TableName'])}`);
    return [
      [`dynamodb:${action}`, of],
      ...(action === 'CreateTable' ? tagging(parameters, 'Tags', ['dynamodb:TagResource', of]) : []),
    ];
  },
  kms: (action, parameters, arn) => {
    const id = text(parameters['KeyId']);
    return [
      [`kms:${action}`, id.includes(':key/') ? id : arn('kms', 'key/11111111-2222-3333-4444-555555555555')],
    ];
  },
  logs: (action, parameters, arn) => {
    // They search, or are about the region: IAM knows no resource for them.
    if (action === 'DescribeLogGroups' || action.includes('ResourcePolic')) return [[`logs:${action}`, '*']];
    // Tags are of the group's plain ARN; everything else is decided by the ARN that goes on behind the name (F 6.6).
    const named =
      text(parameters['resourceArn']) || arn('logs', `log-group:${text(parameters['logGroupName'])}`);
    const isAboutTags = /^(TagResource|UntagResource|ListTagsForResource)$/.test(action);
    return [
      [`logs:${action}`, isAboutTags ? named : `${named}:log-stream:`],
      ...(action === 'CreateLogGroup' ? tagging(parameters, 'tags', ['logs:TagResource', named]) : []),
    ];
  },
  scheduler: (action, _, arn) => {
    const [method = '', path = ''] = action.split(' ');
    const name = path.split('/').at(-1) ?? '';
    // Bodies of this service are not recorded; the product names the schedule's role after the schedule.
    const passes = method === 'POST' || method === 'PUT';
    return [
      [`scheduler:${SCHEDULER_VERBS[method] ?? action}`, arn('scheduler', `schedule/default/${name}`)],
      ...(passes ? [passRole(arn('iam', `role/${name}-schedule`), 'scheduler.amazonaws.com')] : []),
    ];
  },
  sqs: (action, parameters, arn) => {
    const name = text(parameters['QueueName']) || (text(parameters['QueueUrl']).split('/').at(-1) ?? '');
    const of = arn('sqs', name);
    return [
      [`sqs:${action}`, of],
      ...(action === 'CreateQueue' ? tagging(parameters, 'tags', ['sqs:TagQueue', of]) : []),
    ];
  },
  sns: (action, parameters, arn) => {
    // IAM knows no resource for what is done to a subscription.
    const of =
      'SubscriptionArn' in parameters
        ? '*'
        : text(parameters['TopicArn']) ||
          text(parameters['ResourceArn']) ||
          arn('sns', text(parameters['Name']));
    return [
      [`sns:${action}`, of],
      ...(action === 'CreateTopic' ? tagging(parameters, 'Tags', ['sns:TagResource', of]) : []),
    ];
  },
  monitoring: (action, parameters, arn) => {
    const { AlarmName, DashboardName, ResourceARN } = parameters;
    const dashboard = text(DashboardName) || text(parameters['DashboardNames.member.1']);
    if (action === 'DescribeAlarms') return [['cloudwatch:DescribeAlarms', '*']];
    const of =
      text(ResourceARN) ||
      (dashboard === ''
        ? arn('cloudwatch', `alarm:${text(AlarmName) || text(parameters['AlarmNames.member.1'])}`)
        : arn('cloudwatch', `dashboard/${dashboard}`));
    return [
      [`cloudwatch:${action}`, of],
      ...(action === 'PutMetricAlarm' ? tagging(parameters, 'Tags', ['cloudwatch:TagResource', of]) : []),
    ];
  },
  events: (action, parameters, arn) => {
    const { Name, Rule, ResourceARN, Targets } = parameters;
    const of = text(ResourceARN) || arn('events', `rule/${text(Name) || text(Rule)}`);
    const passed = ((Targets ?? []) as readonly { readonly RoleArn?: string }[]).flatMap(
      ({ RoleArn }) => RoleArn ?? [],
    );
    return [
      [`events:${action}`, of],
      ...(action === 'PutRule' ? tagging(parameters, 'Tags', ['events:TagResource', of]) : []),
      ...passed.map((role) => passRole(role, 'events.amazonaws.com')),
    ];
  },
  cloudtrail: (action, parameters, arn) => {
    const [listed] = (parameters['ResourceIdList'] ?? []) as readonly string[];
    const id =
      listed ??
      ['Name', 'TrailName', 'ResourceId'].map((name) => text(parameters[name])).find((name) => name !== '');
    // It searches: IAM knows no resource for it.
    const of =
      action === 'DescribeTrails' || id === undefined
        ? '*'
        : id.startsWith('arn:')
          ? id
          : arn('cloudtrail', `trail/${id}`);
    return [
      [`cloudtrail:${action}`, of],
      ...(action === 'CreateTrail' ? tagging(parameters, 'TagsList', ['cloudtrail:AddTags', of]) : []),
    ];
  },
  s3: (action, parameters) => {
    const [method = '', path = ''] = action.split(' ');
    const bucket = `arn:aws:s3:::${path.split('/')[1]}`;
    // `POST /bucket?delete` names objects and their versions in its body.
    if (method === 'POST' && 'delete' in parameters) {
      return ['s3:DeleteObject', 's3:DeleteObjectVersion'].map((one) => [one, `${bucket}/x`] as const);
    }
    return [[`s3:${s3Permission(method, parameters)}`, bucket]];
  },
};

/** `GET /bucket?acl` */
function s3Permission(method: string, parameters: Parameters): string {
  const part = Object.keys(parameters).find((name) => name in S3_PARTS);
  const permission = part === undefined ? S3_BUCKET[method] : S3_PARTS[part]?.[method];
  if (permission === undefined) {
    const asked = `${method} of a bucket with ${JSON.stringify(parameters)}`;
    throw new Error(`Terraform called s3: ${asked}. Say in ${__filename} which permission it needs.`);
  }
  return permission;
}

const S3_BUCKET: Readonly<Record<string, string>> = {
  PUT: 'CreateBucket',
  HEAD: 'ListBucket',
  GET: 'ListBucket',
  DELETE: 'DeleteBucket',
};

/** To take a configuration away needs the permission to put it; policies alone have one of their own. */
const s3Part = (read: string, write?: string, remove = write): Readonly<Record<string, string>> => ({
  GET: read,
  ...(write === undefined || remove === undefined ? {} : { PUT: write, DELETE: remove }),
});

const S3_PARTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  accelerate: s3Part('GetAccelerateConfiguration'),
  acl: s3Part('GetBucketAcl'),
  cors: s3Part('GetBucketCORS'),
  encryption: s3Part('GetEncryptionConfiguration', 'PutEncryptionConfiguration'),
  lifecycle: s3Part('GetLifecycleConfiguration', 'PutLifecycleConfiguration'),
  logging: s3Part('GetBucketLogging'),
  'object-lock': s3Part('GetBucketObjectLockConfiguration'),
  ownershipControls: s3Part('GetBucketOwnershipControls', 'PutBucketOwnershipControls'),
  policy: s3Part('GetBucketPolicy', 'PutBucketPolicy', 'DeleteBucketPolicy'),
  publicAccessBlock: s3Part('GetBucketPublicAccessBlock', 'PutBucketPublicAccessBlock'),
  replication: s3Part('GetReplicationConfiguration'),
  requestPayment: s3Part('GetBucketRequestPayment'),
  tagging: s3Part('GetBucketTagging', 'PutBucketTagging'),
  versioning: s3Part('GetBucketVersioning', 'PutBucketVersioning'),
  versions: s3Part('ListBucketVersions'),
  website: s3Part('GetBucketWebsite'),
};

const SCHEDULER_VERBS: Readonly<Record<string, string>> = {
  POST: 'CreateSchedule',
  GET: 'GetSchedule',
  PUT: 'UpdateSchedule',
  DELETE: 'DeleteSchedule',
};

const passRole = (role: string, service: string): What => [
  'iam:PassRole',
  role,
  { 'iam:PassedToService': service },
];

/** What the sandbox does not know by name: `GET /2020-06-30/functions/x/code-signing-config`. */
function lambdaPermission(action: string): string {
  if (action === 'Invoke') return 'InvokeFunction';
  const [method = '', path] = action.split(' ');
  if (path === undefined) return action;
  const rest = LAMBDA_PATHS.find(([pattern]) => pattern.test(path));
  return rest?.[1][method] ?? action;
}

const LAMBDA_PATHS: readonly (readonly [RegExp, Readonly<Record<string, string>>])[] = [
  [/\/code-signing-config$/, { GET: 'GetFunctionCodeSigningConfig' }],
  [
    /\/event-invoke-config$/,
    {
      GET: 'GetFunctionEventInvokeConfig',
      PUT: 'PutFunctionEventInvokeConfig',
      POST: 'UpdateFunctionEventInvokeConfig',
      DELETE: 'DeleteFunctionEventInvokeConfig',
    },
  ],
  [/\/tags\//, { GET: 'ListTags', POST: 'TagResource', DELETE: 'UntagResource' }],
];
