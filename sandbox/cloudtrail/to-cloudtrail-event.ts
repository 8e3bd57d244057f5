import type { Principal } from '../front/principal';
import type { RecordedCall } from '../front/recorder';
import { arnIn, partitionOf } from '../partitions';
import { namedCall, unflattened } from './event-names';
import type { NamedCall } from './event-names';
import { isDataEvent } from './management-events';

/**
 * A call as CloudTrail tells it.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function toCloudTrailEvent(accountId: string, call: RecordedCall) {
  const named = namedCall(call);
  return {
    eventVersion: '1.11',
    userIdentity: userIdentity(accountId, call),
    eventTime: call.time.toISOString().replace(/\.\d+Z$/, 'Z'),
    eventSource: `${call.service}.amazonaws.com`,
    eventName: named.name,
    awsRegion: reportingRegion(call),
    sourceIPAddress: call.principal?.type === 'service' ? call.principal.arn : '127.0.0.1',
    userAgent: call.userAgent,
    ...(call.errorCode === undefined ? {} : { errorCode: call.errorCode }),
    requestParameters: requestParameters(named),
    responseElements: responseElements(call),
    requestID: call.id,
    eventID: call.id,
    readOnly: /^(Get|List|Describe|Lookup|BatchGet|Head)/.test(named.name),
    eventType: 'AwsApiCall',
    managementEvent: !isDataEvent(call),
    recipientAccountId: accountId,
    eventCategory: isDataEvent(call) ? 'Data' : 'Management',
    ...(isDataEvent(call) && call.service === 'dynamodb' ? { resources: tablesOf(accountId, call) } : {}),
  };
}

/** Of the answers that CloudTrail writes down, the one that others look at. */
const responseElements = ({ createdKeyId, parameters }: RecordedCall): object | null =>
  createdKeyId === undefined
    ? null
    : { accessKey: { userName: parameters['UserName'], accessKeyId: createdKeyId, status: 'Active' } };

interface TableCall {
  readonly TableName?: string;
  readonly RequestItems?: object;
  readonly TransactItems?: readonly Readonly<Record<string, { readonly TableName: string }>>[];
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/logging-using-cloudtrail.html */
function tablesOf(accountId: string, { parameters, region }: RecordedCall): readonly object[] {
  const { TableName, RequestItems = {}, TransactItems = [] } = parameters as TableCall;
  const names =
    TableName === undefined
      ? [...Object.keys(RequestItems), ...TransactItems.flatMap((item) => Object.values(item))].map((one) =>
          typeof one === 'string' ? one : one.TableName,
        )
      : [TableName];
  return [...new Set(names)].map((name) => ({
    ...{ accountId, type: 'AWS::DynamoDB::Table' },
    ARN: arnIn(region, 'dynamodb', accountId, `table/${name}`),
  }));
}

/**
 * Where CloudTrail tells of a call. IAM is one service for all regions of a partition, and reports from one of them.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
 */
export const reportingRegion = ({ service, region }: RecordedCall): string =>
  service === 'iam' ? partitionOf(region).controlPlaneRegion : region;

/** CloudTrail begins their names with a small letter; Action and Version are the protocol's. */
function requestParameters({ parameters }: NamedCall): object {
  const members = Object.entries(unflattened(parameters));
  return withSmallInitials(
    Object.fromEntries(members.filter(([name]) => name !== 'Action' && name !== 'Version')),
  );
}

const withSmallInitials = (members: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      isStructure(value) ? withSmallInitials(value) : value,
    ]),
  );

const isStructure = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const TYPES = { admin: 'Root', user: 'IAMUser', role: 'AssumedRole', service: 'AWSService' } as const;

function userIdentity(accountId: string, { principal, accessKeyId }: RecordedCall) {
  if (!principal) return { type: 'Unknown', accountId, accessKeyId, userName: undefined };
  const { type, callerArn, userId } = principal;
  if (type === 'service')
    return { type: TYPES.service, invokedBy: callerArn, accessKeyId, userName: undefined };
  const itsAccount = principal.arn.split(':')[4];
  // The owner of what was called is not shown who somebody of another account is.
  if (itsAccount !== accountId)
    return {
      type: 'AWSAccount',
      principalId: userId,
      accountId: itsAccount,
      accessKeyId,
      userName: undefined,
    };
  return {
    type: TYPES[type],
    principalId: userId,
    arn: callerArn,
    accountId,
    accessKeyId,
    userName: userName(principal),
    ...(type === 'role'
      ? {
          sessionContext: {
            sessionIssuer: {
              ...{ type: 'Role', arn: principal.arn, accountId },
              userName: principal.arn.split('/').at(-1),
            },
          },
        }
      : {}),
  };
}

/** The user's name; for a role its session's name, as the event history shows it. */
function userName({ type, callerArn }: Principal): string | undefined {
  return type === 'admin' ? 'root' : callerArn.split('/').at(-1);
}
