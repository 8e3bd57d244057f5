import { ARN } from '../../../support/fixtures';

/*
 * Events as EventBridge delivers them. Those of AWS are the examples of its own documentation, with our names in them.
 */

const envelope = (source: string, detailType: string, detail: object, resources: readonly string[] = []) => ({
  version: '0',
  id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
  'detail-type': detailType,
  source,
  account: '111122223333',
  time: '2026-01-15T12:00:00Z',
  region: 'eu-west-1',
  resources,
  detail,
});

/** One of our own. */
export const ours = (detailType: string, detail: object = {}) =>
  envelope('iam-key-rotation', detailType, {
    ...{ version: '1', stack: 'iam-key-rotation', user: 'ci-deployer', userName: 'ci-deployer-user' },
    ...{ owner: 'platform-team', secretArn: ARN, at: '2026-01-15T12:00:00.000Z' },
    ...detail,
  });

export const rotationFailed = (detail: object = {}) =>
  ours('Rotation Failed', {
    ...{ step: 'testSecret', error: 'KeyNotWorkingError', reason: 'The new key did not work.' },
    ...detail,
  });

export const keyPromoted = (detail: object = {}) =>
  ours('Key Promoted', { keyIdSuffix: 'MPLE', versionId: 'version-2', ...detail });

export const keysLeftBehind = (detail: object = {}) =>
  ours('Keys Left Behind', {
    ...{ formerUserId: 'AIDAFORMEREXAMPLE', keyIdSuffixes: ['MPLE'] },
    ...{ reason: 'Keys of the former user are left behind: ...MPLE.' },
    ...detail,
  });

export const findingBegan = (detail: object = {}) =>
  ours('Finding Began', {
    ...{ kind: 'unmanagedKey', since: '2026-01-15T11:00:00.000Z', keyIdSuffix: 'MPLE' },
    ...{ what: 'Key ...MPLE was not made by iam-key-rotation.', nextStep: 'Find out who made it.' },
    ...detail,
  });

export const findingEnded = (detail: object = {}) =>
  ours('Finding Ended', {
    ...{ kind: 'unmanagedKey', since: '2026-01-15T11:00:00.000Z', keyIdSuffix: 'MPLE' },
    what: 'Key ...MPLE is gone.',
    ...detail,
  });

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
export const alarmState = (
  alarmName: string,
  value: string,
  {
    previous = value === 'ALARM' ? 'OK' : 'ALARM',
    timestamp = '2026-01-15T12:00:00.000+0000',
  }: { readonly previous?: string; readonly timestamp?: string } = {},
) =>
  envelope(
    'aws.cloudwatch',
    'CloudWatch Alarm State Change',
    {
      alarmName,
      configuration: {
        description: 'It means this.\nFirst: do that.\nRunbook: https://wiki.example.com/runbook#x',
        metrics: [
          {
            id: '30b6c6b2-a864-43a2-4877-c09a1afc3b87',
            metricStat: {
              metric: { dimensions: { Stack: 'iam-key-rotation' }, name: 'X', namespace: 'IamKeyRotation' },
              ...{ period: 300, stat: 'Average' },
            },
            returnData: true,
          },
        ],
      },
      previousState: {
        reason: 'Threshold Crossed: 1 out of the last 1 datapoints was not greater than the threshold (0.0).',
        reasonData: '{"version":"1.0","queryDate":"2019-10-01T13:56:40.985+0000"}',
        timestamp: '2026-01-14T13:56:40.987+0000',
        value: previous,
      },
      state: {
        reason: 'Threshold Crossed: 1 out of the last 1 datapoints was greater than the threshold (0.0).',
        reasonData: '{"version":"1.0","queryDate":"2019-10-02T17:04:40.985+0000"}',
        timestamp,
        value,
      },
    },
    [`arn:aws:cloudwatch:eu-west-1:111122223333:alarm:${alarmName}`],
  );

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html */
export const secretsManagerEvent = (eventName: string, secretArn = ARN, errorMessage?: string) =>
  envelope('aws.secretsmanager', 'AWS Service Event via CloudTrail', {
    eventVersion: '1.05',
    userIdentity: { accountId: '111122223333', invokedBy: 'secretsmanager.amazonaws.com' },
    eventTime: '2026-01-15T12:00:00Z',
    eventSource: 'secretsmanager.amazonaws.com',
    eventName,
    awsRegion: 'eu-west-1',
    sourceIPAddress: 'secretsmanager.amazonaws.com',
    userAgent: 'secretsmanager.amazonaws.com',
    ...(errorMessage === undefined ? {} : { errorMessage }),
    requestParameters: null,
    responseElements: null,
    additionalEventData: { SecretId: secretArn },
    requestID: `Rotation-${secretArn}-a1b2c3d4-5678-90ab-cdef-EXAMPLE11111`,
    eventID: 'a1b2c3d4-5678-90ab-cdef-EXAMPLE22222',
    readOnly: false,
    eventType: 'AwsServiceEvent',
    managementEvent: true,
    recipientAccountId: '111122223333',
    eventCategory: 'Management',
  });
