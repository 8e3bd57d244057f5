import {
  alarmNamePrefix,
  alertsTopicName,
  secretNamePrefix,
  tableName,
  trailName,
  watchRuleName,
} from '../aws/names';
import { apiCall, noneOf, split } from './event-pattern';
import type { EventPattern, Matcher } from './event-pattern';
import { deployerSessions, ourSessions, rotatorSessions } from './watched';
import type { Watched } from './watched';

const KEY_ACTS = ['CreateAccessKey', 'UpdateAccessKey', 'DeleteAccessKey'];

/** With these somebody makes a role of the stack their own, and is then taken for the stack itself. */
const ROLE_ACTS = [
  'AttachRolePolicy',
  'DeleteRole',
  'DeleteRolePermissionsBoundary',
  'DeleteRolePolicy',
  'DetachRolePolicy',
  'PutRolePermissionsBoundary',
  'PutRolePolicy',
  'UpdateAssumeRolePolicy',
];

/** With these somebody gives a rotated user, and so whoever holds its key, other rights. */
const RIGHTS_ACTS = [
  'AddUserToGroup',
  'AttachUserPolicy',
  'DeleteUserPermissionsBoundary',
  'PutUserPermissionsBoundary',
  'PutUserPolicy',
];

/** IAM's calls that are watched, by anyone but us, of whichever user or role: what is brought to the stack's region. */
export function actsOnIam(watched: Watched): EventPattern {
  return apiCall(['aws.iam'], {
    eventSource: ['iam.amazonaws.com'],
    eventName: [...KEY_ACTS, ...ROLE_ACTS, ...RIGHTS_ACTS],
    userIdentity: { arn: noneOf([ourSessions(watched)]) },
  });
}

/** A key of a rotated user is made, changed or deleted by anyone but us. */
export function actsOnKeys(watched: Watched): readonly EventPattern[] {
  return split(userNames(watched), (userName) =>
    apiCall(['aws.iam'], {
      eventSource: ['iam.amazonaws.com'],
      eventName: KEY_ACTS,
      requestParameters: { userName },
      userIdentity: { arn: noneOf([ourSessions(watched)]) },
    }),
  );
}

/**
 * A rotated user makes, changes or deletes a key of its own: what somebody does first who has found its key. IAM needs
 * no user name in the request then, so these are told by who calls.
 */
export function actsByUsers(watched: Watched): readonly EventPattern[] {
  return split(userNames(watched), (userName) =>
    apiCall(['aws.iam'], {
      eventSource: ['iam.amazonaws.com'],
      eventName: KEY_ACTS,
      requestParameters: { userName: [{ exists: false }] },
      userIdentity: { type: ['IAMUser'], userName },
    }),
  );
}

/** A role of the stack is taken over. Every deployment may change roles, so see `actsOnItems`. */
export function actsOnRoles(watched: Watched): EventPattern | undefined {
  const deployer = deployerSessions(watched);
  if (deployer.length === 0) return undefined;
  return apiCall(['aws.iam'], {
    eventSource: ['iam.amazonaws.com'],
    eventName: ROLE_ACTS,
    requestParameters: { roleName: [{ prefix: `${watched.prefix}-` }] },
    userIdentity: { arn: noneOf(deployer) },
  });
}

/** A rotated user gets other rights. Every deployment may do that, so see `actsOnItems`. */
export function actsOnRights(watched: Watched): readonly EventPattern[] {
  const deployer = deployerSessions(watched);
  if (deployer.length === 0) return [];
  return split(userNames(watched), (userName) =>
    apiCall(['aws.iam'], {
      eventSource: ['iam.amazonaws.com'],
      eventName: RIGHTS_ACTS,
      requestParameters: { userName },
      userIdentity: { arn: noneOf(deployer) },
    }),
  );
}

/**
 * Rotation is switched off, a secret is deleted or copied elsewhere, its readers are changed, or a value or label is put
 * by hand. Anybody may ask for a rotation; with another function, or with another schedule, it is an act.
 */
export function actsOnSecrets(watched: Watched): EventPattern {
  const isGiven = [{ exists: true }];
  return apiCall(['aws.secretsmanager'], {
    eventSource: ['secretsmanager.amazonaws.com'],
    requestParameters: { secretId: allSecrets(watched) },
    userIdentity: { arn: noneOf([rotatorSessions(watched), ...deployerSessions(watched)]) },
    $or: [
      {
        eventName: [
          'CancelRotateSecret',
          'DeleteResourcePolicy',
          'DeleteSecret',
          'PutResourcePolicy',
          'PutSecretValue',
          'RemoveRegionsFromReplication',
          'ReplicateSecretToRegions',
          'StopReplicationToReplica',
          'UpdateSecret',
          'UpdateSecretVersionStage',
        ],
      },
      { eventName: ['RotateSecret'], requestParameters: { rotationLambdaARN: isGiven } },
      { eventName: ['RotateSecret'], requestParameters: { rotationRules: { scheduleExpression: isGiven } } },
      {
        eventName: ['RotateSecret'],
        requestParameters: { rotationRules: { automaticallyAfterDays: isGiven } },
      },
    ],
  });
}

/** The table as a whole: management events, so every trail has them. */
export function actsOnTable(watched: Watched): readonly EventPattern[] {
  const userIdentity = { arn: noneOf([ourSessions(watched), ...deployerSessions(watched)]) };
  return [
    apiCall(['aws.dynamodb'], {
      eventSource: ['dynamodb.amazonaws.com'],
      eventName: ['DeleteTable', 'UpdateContinuousBackups', 'UpdateTable', 'UpdateTimeToLive'],
      requestParameters: { tableName: [tableName(watched.prefix), tableArn(watched)] },
      userIdentity,
    }),
    // These name a resource of any kind, so its ARN.
    apiCall(['aws.dynamodb'], {
      eventSource: ['dynamodb.amazonaws.com'],
      eventName: ['DeleteResourcePolicy', 'PutResourcePolicy'],
      requestParameters: { resourceArn: [tableArn(watched)] },
      userIdentity,
    }),
  ];
}

/**
 * An item of the table: a data event, which a trail has only if it selects them for this table, as ours does. Terraform
 * writes items, too, so that its role has to be known.
 */
export function actsOnItems(watched: Watched): EventPattern | undefined {
  const deployer = deployerSessions(watched);
  if (deployer.length === 0) return undefined;
  return apiCall(['aws.dynamodb'], {
    eventSource: ['dynamodb.amazonaws.com'],
    managementEvent: [false],
    readOnly: [false],
    resources: { ARN: [tableArn(watched)] },
    userIdentity: { arn: noneOf([ourSessions(watched), ...deployer]) },
  });
}

/** A function gets other code, another environment or none at all. Every deployment does that, so see `actsOnItems`. */
export function actsOnFunctions(watched: Watched): EventPattern | undefined {
  const deployer = deployerSessions(watched);
  if (deployer.length === 0) return undefined;
  const { place, prefix } = watched;
  const arn = `arn:${place.partition}:lambda:${place.region}:${place.accountId}:function:${prefix}-`;
  return apiCall(['aws.lambda'], {
    eventSource: ['lambda.amazonaws.com'],
    // Lambda's names in CloudTrail carry the version of its API.
    eventName: [
      { prefix: 'AddPermission' },
      { prefix: 'DeleteFunction' },
      { prefix: 'PutFunctionConcurrency' },
      { prefix: 'RemovePermission' },
      { prefix: 'UpdateFunctionCode' },
      { prefix: 'UpdateFunctionConfiguration' },
    ],
    requestParameters: { functionName: [{ prefix: `${prefix}-` }, { prefix: arn }] },
    userIdentity: { arn: noneOf(deployer) },
  });
}

/** What notices is switched off: the trail, a rule of the stack, the schedule of the retirement, an alarm, the topic. */
export function actsOnWatch(watched: Watched): readonly EventPattern[] {
  const { place, prefix } = watched;
  const { partition, region, accountId } = place;
  const trail = [
    trailName(prefix),
    `arn:${partition}:cloudtrail:${region}:${accountId}:trail/${trailName(prefix)}`,
  ];
  const topic = `arn:${partition}:sns:${region}:${accountId}:${alertsTopicName(prefix)}`;
  const ours = [{ prefix: watchRuleName(prefix, '') }];
  const alarms = [{ prefix: alarmNamePrefix(prefix) }];
  const userIdentity = { arn: noneOf(deployerOrNobody(watched)) };
  return [
    apiCall(['aws.cloudtrail', 'aws.events', 'aws.scheduler'], {
      userIdentity,
      $or: [
        {
          eventName: ['DeleteTrail', 'StopLogging', 'UpdateTrail'],
          requestParameters: { name: trail },
        },
        // Alone of CloudTrail's calls on a trail, this one has its name in another parameter.
        // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html
        { eventName: ['PutEventSelectors'], requestParameters: { trailName: trail } },
        { eventName: ['DeleteRule', 'DisableRule', 'PutRule'], requestParameters: { name: ours } },
        { eventName: ['PutTargets', 'RemoveTargets'], requestParameters: { rule: ours } },
        // AWS publishes no record of these, and spells such names either way.
        { eventName: ['DeleteSchedule', 'UpdateSchedule'], requestParameters: { name: ours } },
        { eventName: ['DeleteSchedule', 'UpdateSchedule'], requestParameters: { Name: ours } },
      ],
    }),
    apiCall(['aws.monitoring', 'aws.sns'], {
      userIdentity,
      $or: [
        { eventName: ['PutMetricAlarm', 'SetAlarmState'], requestParameters: { alarmName: alarms } },
        { eventName: ['DeleteAlarms', 'DisableAlarmActions'], requestParameters: { alarmNames: alarms } },
        { eventName: ['DeleteTopic', 'SetTopicAttributes'], requestParameters: { topicArn: [topic] } },
        { eventName: ['Unsubscribe'], requestParameters: { subscriptionArn: [{ prefix: `${topic}:` }] } },
      ],
    }),
  ];
}

/** Of all shards, where there are several. Callers write a secret's name, its ARN, or its ARN without the last six characters. */
export function allSecrets({ place, prefix, secretPrefix = prefix }: Watched): readonly Matcher[] {
  const { partition, region, accountId } = place;
  const name = secretNamePrefix(secretPrefix);
  return [
    { prefix: name },
    { prefix: `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${name}` },
  ];
}

const userNames = ({ users }: Watched): readonly string[] => users.map(({ userName }) => userName);

const tableArn = ({ place, prefix }: Watched): string =>
  `arn:${place.partition}:dynamodb:${place.region}:${place.accountId}:table/${tableName(prefix)}`;

const deployerOrNobody = (watched: Watched): readonly string[] => {
  const deployer = deployerSessions(watched);
  return deployer.length === 0 ? [ourSessions(watched)] : deployer;
};
