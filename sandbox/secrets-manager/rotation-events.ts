import { randomUUID } from 'node:crypto';

import type { Secret } from './secret';

export type RotationEventName =
  | 'RotationStarted'
  | 'RotationSucceeded'
  | 'RotationFailed'
  | 'RotationAbandoned'
  | 'TestRotationStarted'
  | 'TestRotationSucceeded'
  | 'TestRotationFailed';

/**
 * What Secrets Manager reports of its own acts, as CloudTrail shows it.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
 */
export interface ServiceEvent {
  readonly eventName: RotationEventName;
  readonly eventTime: string;
  readonly awsRegion: string;
  readonly errorMessage?: string;
  readonly additionalEventData: { readonly SecretId: string };
  readonly requestID: string;
  readonly eventID: string;
  readonly eventSource: string;
  readonly readOnly: boolean;
  readonly userIdentity: { readonly accountId: string; readonly invokedBy: string };
  readonly [member: string]: unknown;
}

export function serviceEvent(
  eventName: RotationEventName,
  about: { readonly secret: Secret; readonly token: string; readonly accountId: string; readonly now: Date },
  errorMessage?: string,
): ServiceEvent {
  const { secret, token, accountId, now } = about;
  return {
    eventVersion: '1.05',
    userIdentity: { accountId, invokedBy: 'secretsmanager.amazonaws.com' },
    eventTime: now.toISOString().replace(/\.\d+Z$/, 'Z'),
    eventSource: 'secretsmanager.amazonaws.com',
    eventName,
    awsRegion: secret.region,
    sourceIPAddress: 'secretsmanager.amazonaws.com',
    userAgent: 'secretsmanager.amazonaws.com',
    ...(errorMessage === undefined ? {} : { errorMessage }),
    requestParameters: null,
    responseElements: null,
    additionalEventData: { SecretId: secret.arn },
    requestID: `Rotation-${secret.arn}-${token}`,
    eventID: randomUUID(),
    readOnly: false,
    eventType: 'AwsServiceEvent',
    managementEvent: true,
    recipientAccountId: accountId,
    eventCategory: 'Management',
  };
}
