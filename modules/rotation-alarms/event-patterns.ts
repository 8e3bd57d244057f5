import { EVENT_SOURCE, type DetailType } from '../../contract/telemetry-names';
import type { AwsPlace } from '../aws/aws-place';
import { alarmNamePrefix, secretNamePrefix } from '../aws/names';

/*
 * What people are told of. Patterns of EventBridge, which match an event where every field named here has one of the
 * values. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */

/** Faults and what ends them; the rest of our events is for whoever makes a rule of its own. */
const TOLD = [
  'Rotation Failed',
  'Key Promoted',
  'Keys Left Behind',
  'Leak Reported',
  'Finding Began',
  'Finding Ended',
] as const satisfies DetailType[];

export function lifecyclePattern(stack: string, { accountId }: AwsPlace): object {
  return { account: [accountId], source: [EVENT_SOURCE], 'detail-type': TOLD, detail: { stack: [stack] } };
}

/** Of this stack's alarms, by what their names begin with. */
export function alarmPattern(stack: string, { partition, region, accountId }: AwsPlace): object {
  return {
    account: [accountId],
    source: ['aws.cloudwatch'],
    'detail-type': ['CloudWatch Alarm State Change'],
    resources: [
      { prefix: `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${alarmNamePrefix(stack)}` },
    ],
    detail: { state: { value: ['ALARM', 'OK'] } },
  };
}

/**
 * Secrets Manager's own events of this stack's secrets; of all shards' where it is one of several, because their names
 * begin the same: the notification function tells of its own users only. They reach EventBridge through CloudTrail only.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
 */
export function secretsManagerPattern(
  secretPrefix: string,
  { partition, region, accountId }: AwsPlace,
): object {
  const secrets = `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${secretNamePrefix(secretPrefix)}`;
  return {
    account: [accountId],
    source: ['aws.secretsmanager'],
    'detail-type': ['AWS Service Event via CloudTrail'],
    detail: {
      eventSource: ['secretsmanager.amazonaws.com'],
      eventName: [
        'RotationFailed',
        'RotationAbandoned',
        'RotationSucceeded',
        'TestRotationFailed',
        'TestRotationSucceeded',
      ],
      additionalEventData: { SecretId: [{ prefix: secrets }] },
    },
  };
}
