import {
  alarmNamePrefix,
  alertsTopicName,
  deliveryQueueName,
  deliveryScheduleName,
  functionName,
  logGroupName,
  notificationQueueName,
  retirementQueueName,
  retirementScheduleName,
  suspiciousActsLogGroupName,
  suspiciousActsLogPolicyName,
  trailBucketName,
  trailName,
  watchRuleName,
} from '../aws/names';
import { trailArn } from '../aws/aws-place';
import { apiCall, noneOf, otherThan } from './event-pattern';
import type { EventPattern } from './event-pattern';
import { deployerOrOurSessions } from './watched';
import type { Watched } from './watched';

/** What notices is switched off, or what tells people. */
export const actsOnWatch = (watched: Watched): readonly EventPattern[] => [
  actsOnNoticing(watched),
  actsOnTelling(watched),
];

/** The trail, a rule of the stack, the schedules of retirement and delivery. */
function actsOnNoticing(watched: Watched): EventPattern {
  const { prefix } = watched;
  const trail = [trailName(prefix), trailArn(watched.place, trailName(prefix))];
  const ours = { prefix: watchRuleName(prefix, '') };
  return apiCall(watched.place.accountId, ['aws.cloudtrail', 'aws.events', 'aws.scheduler'], {
    userIdentity: byOthers(watched),
    $or: [
      {
        eventName: [
          'DeleteRule',
          'DeleteSchedule',
          'DeleteTrail',
          'DisableRule',
          'PutRule',
          'StopLogging',
          'UpdateSchedule',
          'UpdateTrail',
        ],
        requestParameters: { name: [...trail, ours] },
      },
      // AWS shows no record of Scheduler, and its API has the name with a capital letter.
      {
        eventName: ['DeleteSchedule', 'UpdateSchedule'],
        requestParameters: {
          Name: [
            retirementScheduleName(prefix),
            ...(watched.delivers === true ? [deliveryScheduleName(prefix)] : []),
          ],
        },
      },
      {
        eventName: ['PutEventConfiguration', 'PutEventSelectors', 'PutInsightSelectors'],
        requestParameters: { trailName: trail },
      },
      { eventName: ['PutTargets', 'RemoveTargets'], requestParameters: { rule: [ours] } },
    ],
  });
}

/** An alarm, the topic, a queue of what failed. */
function actsOnTelling(watched: Watched): EventPattern {
  const { partition, region, accountId } = watched.place;
  const { prefix } = watched;
  const alarms = [{ prefix: alarmNamePrefix(prefix) }];
  const topic = `arn:${partition}:sns:${region}:${accountId}:${alertsTopicName(prefix)}`;
  const queues = [
    retirementQueueName(prefix),
    notificationQueueName(prefix),
    ...(watched.delivers === true ? [deliveryQueueName(prefix)] : []),
  ];
  return apiCall(watched.place.accountId, ['aws.monitoring', 'aws.sns', 'aws.sqs'], {
    userIdentity: byOthers(watched),
    $or: [
      {
        eventName: ['PutCompositeAlarm', 'PutLogAlarm', 'PutMetricAlarm'],
        requestParameters: { alarmName: alarms },
      },
      // To set one off is how the runbook tests that people are told.
      {
        eventName: ['SetAlarmState'],
        requestParameters: { alarmName: alarms, stateValue: otherThan(['ALARM']) },
      },
      { eventName: ['DeleteAlarms', 'DisableAlarmActions'], requestParameters: { alarmNames: alarms } },
      { eventName: ['PutAlarmMuteRule'], requestParameters: { muteTargets: { alarmNames: alarms } } },
      {
        eventName: ['AddPermission', 'DeleteTopic', 'RemovePermission', 'SetTopicAttributes'],
        requestParameters: { topicArn: [topic] },
      },
      { eventName: ['PutDataProtectionPolicy'], requestParameters: { resourceArn: [topic] } },
      {
        eventName: ['SetSubscriptionAttributes', 'Unsubscribe'],
        requestParameters: { subscriptionArn: [{ prefix: `${topic}:` }] },
      },
      {
        eventName: ['AddPermission', 'DeleteQueue', 'PurgeQueue', 'RemovePermission', 'SetQueueAttributes'],
        requestParameters: { queueUrl: queues.map((name) => ({ suffix: `/${accountId}/${name}` })) },
      },
    ],
  });
}

/** What was recorded is deleted, kept for less long, or not written any more: logs, and the trail's bucket. */
export function actsOnRecords(watched: Watched): EventPattern {
  const { place, prefix } = watched;
  const groups = [logGroupName(functionName(prefix, '')), suspiciousActsLogGroupName(prefix)];
  // By the ARN, which some calls take besides the name, and others in its place.
  const byArn = groups.map((name) => ({ wildcard: `*:log-group:${name}*` }));
  return apiCall(watched.place.accountId, ['aws.logs', 'aws.s3'], {
    userIdentity: byOthers(watched),
    $or: [
      {
        eventName: otherThan(HARMLESS_TO_LOGS),
        readOnly: [false],
        requestParameters: { logGroupName: groups.map((name) => ({ prefix: name })) },
      },
      {
        eventName: ['AssociateKmsKey', 'DisassociateKmsKey'],
        requestParameters: { resourceIdentifier: byArn },
      },
      {
        eventName: otherThan(HARMLESS_TO_LOGS),
        readOnly: [false],
        requestParameters: { logGroupIdentifier: [...groups.map((name) => ({ prefix: name })), ...byArn] },
      },
      {
        eventName: ['DeleteResourcePolicy', 'PutResourcePolicy'],
        requestParameters: { policyName: [suspiciousActsLogPolicyName(prefix)] },
      },
      // Not single objects: a trail may select these, and CloudTrail itself writes them.
      {
        eventName: otherThan(['PutBucketTagging', 'DeleteBucketTagging']),
        managementEvent: [true],
        readOnly: [false],
        requestParameters: { bucketName: [trailBucketName(prefix, place.accountId)] },
      },
    ],
  });
}

/** Lambda makes the streams of a function. The others look at what was recorded, or tag it. */
const HARMLESS_TO_LOGS = [
  'CreateExportTask',
  'CreateLogAnomalyDetector',
  'CreateLogGroup',
  'CreateLogStream',
  'DeleteMetricFilter',
  'PutMetricFilter',
  'StartLiveTail',
  'StartQuery',
  'TagLogGroup',
  'UntagLogGroup',
];

const byOthers = (watched: Watched): EventPattern => ({ arn: noneOf(deployerOrOurSessions(watched)) });
