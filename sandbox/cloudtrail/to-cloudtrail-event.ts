import type { Principal } from '../front/principal';
import type { RecordedCall } from '../front/recorder';
import { partitionOf } from '../partitions';

/**
 * A call as CloudTrail tells it.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function toCloudTrailEvent(accountId: string, call: RecordedCall) {
  return {
    eventVersion: '1.11',
    userIdentity: userIdentity(accountId, call),
    eventTime: call.time.toISOString().replace(/\.\d+Z$/, 'Z'),
    eventSource: `${call.service}.amazonaws.com`,
    eventName: call.action,
    awsRegion: reportingRegion(call),
    sourceIPAddress: call.principal?.type === 'service' ? call.principal.arn : '127.0.0.1',
    userAgent: call.userAgent,
    ...(call.errorCode === undefined ? {} : { errorCode: call.errorCode }),
    requestParameters: requestParameters(call),
    responseElements: null,
    requestID: call.id,
    eventID: call.id,
    readOnly: /^(Get|List|Describe|Lookup|BatchGet|Head)/.test(call.action),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: accountId,
    eventCategory: 'Management',
  };
}

/**
 * Where CloudTrail tells of a call. IAM is one service for all regions of a partition, and reports from one of them.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
 */
export const reportingRegion = ({ service, region }: RecordedCall): string =>
  service === 'iam' ? partitionOf(region).controlPlaneRegion : region;

/** CloudTrail begins their names with a small letter; Action and Version are the protocol's. */
function requestParameters({ parameters }: RecordedCall): object {
  return Object.fromEntries(
    Object.entries(parameters)
      .filter(([name]) => name !== 'Action' && name !== 'Version')
      .map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
  );
}

const TYPES = { admin: 'Root', user: 'IAMUser', role: 'AssumedRole', service: 'AWSService' } as const;

function userIdentity(accountId: string, { principal, accessKeyId }: RecordedCall) {
  if (!principal) return { type: 'Unknown', accountId, accessKeyId, userName: undefined };
  const { type, callerArn, userId } = principal;
  if (type === 'service')
    return { type: TYPES.service, invokedBy: callerArn, accessKeyId, userName: undefined };
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
