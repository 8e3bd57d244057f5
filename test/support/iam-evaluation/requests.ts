import { GetAccessKeyLastUsedCommand, GetUserCommand, type Tag } from '@aws-sdk/client-iam';
import { DescribeSecretCommand, GetResourcePolicyCommand } from '@aws-sdk/client-secrets-manager';
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';

import type { AuthenticatedCall } from '../../../sandbox/front/api-call';
import type { Administrator } from './administrator';
import { defaultKeyPolicy } from './default-key-policy';
import type { AccessRequest } from './evaluate';

/** A request, and the policy of the resource that it is about. */
export interface RequestForAccess extends AccessRequest {
  readonly resourcePolicy?: unknown;
}

type What = Pick<RequestForAccess, 'action' | 'resource' | 'context' | 'resourcePolicy'>;

/**
 * What a call asks IAM for; besides itself, that is what its service does in the caller's name. None, where the call is
 * about something that does not exist: the service says so. A call that is not known here is an error, so that
 * nothing passes unseen.
 */
export async function requestsOf(
  call: AuthenticatedCall,
  admin: Administrator,
): Promise<readonly RequestForAccess[]> {
  const whats = await whatIsAskedFor(call, admin);
  return whats.map((what) => ({
    ...what,
    principal: call.principal.arn,
    accountId: admin.accountId,
    context: {
      'aws:PrincipalArn': call.principal.arn,
      'aws:PrincipalAccount': admin.accountId,
      'aws:PrincipalType': 'AssumedRole',
      'aws:ResourceAccount': admin.accountId,
      'aws:RequestedRegion': call.region,
      'aws:SecureTransport': 'true',
      ...what.context,
    },
  }));
}

async function whatIsAskedFor(call: AuthenticatedCall, admin: Administrator): Promise<readonly What[]> {
  const action = `${call.service}:${call.action}`;
  try {
    switch (call.service) {
      case 'iam':
        return [await aboutUser(call, admin)];
      case 'secretsmanager':
        return await aboutSecret(call, admin);
      case 'kms':
        return [aboutKey(call, admin)];
      case 'dynamodb':
        return [aboutTable(call, admin)];
      case 'sts':
        // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: "No permissions are required"
        if (call.action === 'GetCallerIdentity') return [];
        break;
      case 'events':
        if (call.action === 'PutEvents') return aboutEvents(call, admin);
        break;
      case 'sns':
        return await aboutTopic(call, admin);
      case 'ssm':
        if (call.action === 'PutParameter') return aboutParameter(call, admin);
        break;
      case 'ecs':
        return servicesIn(call).map((resource) => ({ action, resource, context: {} }));
      case 'cloudtrail':
        if (call.action === 'LookupEvents') return [{ action, resource: '*', context: {} }];
        break;
      case 'lambda':
        return [
          {
            // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html: "requires the lambda:InvokeFunction action"
            action: call.action === 'Invoke' ? 'lambda:InvokeFunction' : action,
            ...{ resource: functionArn(call, admin), context: {} },
          },
        ];
      case 'logs':
        if (call.action === 'DescribeLogGroups') return [{ action, resource: '*', context: {} }];
        if (call.action === 'CreateLogGroup')
          return [{ action, resource: logGroupArn(call, admin), context: {} }];
        // A refusal names the group so: what reads events is about its streams.
        if (call.action === 'FilterLogEvents')
          return [{ action, resource: logGroupArn(call, admin).replace(/\*$/, 'log-stream:'), context: {} }];
        break;
      default:
    }
  } catch (error) {
    const isMissing = error instanceof Error && /^(NoSuchEntity|ResourceNotFound)/.test(error.name);
    if (isMissing) return [];
    throw error;
  }
  throw new Error(
    `A function called ${action}. Say in ${__filename} which resource and context IAM sees then.`,
  );
}

/**
 * Who writes a SecureString of the standard tier under a customer key has KMS encrypt it in the own name.
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
 */
function aboutParameter(
  { action, region, parameters }: AuthenticatedCall,
  { accountId }: Administrator,
): readonly What[] {
  const { Name, KeyId } = parameters as { Name: string; KeyId?: string };
  // The name begins with the slash that stands behind `parameter`.
  const resource = `arn:aws:ssm:${region}:${accountId}:parameter${Name}`;
  const itself = { action: `ssm:${action}`, resource, context: {} };
  if (KeyId === undefined) return [itself];
  const encryption: What = {
    action: 'kms:Encrypt',
    resource: KeyId,
    context: {
      'kms:ViaService': `ssm.${region}.amazonaws.com`,
      'kms:CallerAccount': accountId,
      'kms:EncryptionContext:PARAMETER_ARN': resource,
      'kms:EncryptionContextKeys': ['PARAMETER_ARN'],
    },
    resourcePolicy: defaultKeyPolicy(accountId),
  };
  return [itself, encryption];
}

/** Each is named by its ARN. */
function servicesIn({ parameters }: AuthenticatedCall): readonly string[] {
  const { service, services = [] } = parameters as { service?: string; services?: readonly string[] };
  return [...(service === undefined ? [] : [service]), ...services];
}

async function aboutUser(call: AuthenticatedCall, { iam }: Administrator): Promise<What> {
  const { UserName, AccessKeyId } = call.parameters as { UserName?: string; AccessKeyId?: string };
  // GetAccessKeyLastUsed names the key only, and IAM decides by the user whose key it is.
  const userName = UserName ?? (await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }))).UserName;
  const { User } = await iam.send(new GetUserCommand({ UserName: userName }));
  return {
    action: `iam:${call.action}`,
    resource: User!.Arn!,
    context: resourceTags(User!.Tags),
  };
}

async function aboutSecret(call: AuthenticatedCall, { secrets }: Administrator): Promise<readonly What[]> {
  const { SecretId, VersionStage, VersionId } = call.parameters as Record<string, string | undefined>;
  const secret = await secrets.send(new DescribeSecretCommand({ SecretId }));
  const { ResourcePolicy } = await secrets.send(new GetResourcePolicyCommand({ SecretId }));
  const resource = secret.ARN!;
  const itself: What = {
    action: `secretsmanager:${call.action}`,
    resource,
    context: {
      'secretsmanager:SecretId': resource,
      ...(VersionStage === undefined ? {} : { 'secretsmanager:VersionStage': VersionStage }),
      ...(VersionId === undefined ? {} : { 'secretsmanager:VersionId': VersionId }),
      ...resourceTags(secret.Tags),
    },
    ...(ResourcePolicy === undefined ? {} : { resourcePolicy: JSON.parse(ResourcePolicy) as unknown }),
  };
  // "You also need lambda:InvokeFunction permissions on the rotation function."
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
  const invocation: What[] =
    call.action === 'RotateSecret'
      ? [{ action: 'lambda:InvokeFunction', resource: secret.RotationLambdaARN!, context: {} }]
      : [];
  return [itself, ...invocation];
}

/** What Secrets Manager does with a customer key in the caller's name. */
function aboutKey(call: AuthenticatedCall, { accountId }: Administrator): What {
  const { KeyId, EncryptionContext, ViaService } = call.parameters as {
    KeyId: string;
    EncryptionContext: { readonly SecretARN: string };
    ViaService: string;
  };
  return {
    action: `kms:${call.action}`,
    resource: KeyId,
    context: {
      'kms:ViaService': ViaService,
      'kms:CallerAccount': accountId,
      'kms:EncryptionContext:SecretARN': EncryptionContext.SecretARN,
      'kms:EncryptionContextKeys': ['SecretARN', 'SecretVersionId'],
    },
    resourcePolicy: defaultKeyPolicy(accountId),
  };
}

function aboutTable(call: AuthenticatedCall, { accountId }: Administrator): What {
  const { TableName, Key, Item } = call.parameters as {
    TableName: string;
    Key?: Readonly<Record<string, { readonly S: string }>>;
    Item?: Readonly<Record<string, { readonly S: string }>>;
  };
  // The tables here have a partition key alone, so it is the only member of Key.
  const leadingKey = Key === undefined ? Item?.['pk']?.S : Object.values(Key)[0]?.S;
  return {
    action: `dynamodb:${call.action}`,
    resource: `arn:aws:dynamodb:${call.region}:${accountId}:table/${TableName}`,
    context: leadingKey === undefined ? {} : { 'dynamodb:LeadingKeys': [leadingKey] },
  };
}

function functionArn({ parameters, region }: AuthenticatedCall, { accountId }: Administrator): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${String(parameters['FunctionName'])}`;
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html */
function logGroupArn({ parameters, region }: AuthenticatedCall, { accountId }: Administrator): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${String(parameters['logGroupName'])}:*`;
}

/** IAM decides of each entry, by its bus and its source. */
function aboutEvents(call: AuthenticatedCall, { accountId }: Administrator): readonly What[] {
  const { Entries } = call.parameters as {
    Entries: readonly {
      readonly EventBusName?: string;
      readonly Source: string;
      readonly DetailType: string;
    }[];
  };
  return Entries.map(({ EventBusName = 'default', Source, DetailType }) => ({
    action: 'events:PutEvents',
    resource: EventBusName.startsWith('arn:')
      ? EventBusName
      : `arn:aws:events:${call.region}:${accountId}:event-bus/${EventBusName}`,
    context: { 'events:source': [Source], 'events:detail-type': [DetailType] },
  }));
}

/**
 * Who publishes to a topic that a customer key encrypts needs the key, too; the policy of `aws/sns` admits everybody of
 * the account. https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
async function aboutTopic(
  call: AuthenticatedCall,
  { sns, accountId }: Administrator,
): Promise<readonly What[]> {
  const { TopicArn } = call.parameters as { TopicArn: string };
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
  const keyArn = Attributes?.['KmsMasterKeyId'];
  return [
    { action: `sns:${call.action}`, resource: TopicArn, context: {} },
    ...(keyArn?.startsWith('arn:') === true
      ? ['kms:GenerateDataKey', 'kms:Decrypt'].map((action) => ({
          action,
          resource: keyArn,
          context: {
            'kms:ViaService': `sns.${call.region}.amazonaws.com`,
            'kms:CallerAccount': accountId,
            'kms:EncryptionContext:aws:sns:topicArn': TopicArn,
          },
          resourcePolicy: defaultKeyPolicy(accountId),
        }))
      : []),
  ];
}

const resourceTags = (tags: readonly Partial<Tag>[] = []): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [`aws:ResourceTag/${Key!}`, Value ?? '']));
