import { functionName, roleName, secretNamePrefix, tableName } from '../aws/names';
import { apiCall, noneOf, otherThan } from './event-pattern';
import type { EventPattern, Matcher } from './event-pattern';
import { deployerSessions, ourOrDeployerSessions, rotatorSessions } from './watched';
import type { Watched } from './watched';

/**
 * Rotation is switched off or set otherwise, a secret is deleted or copied, its readers are changed, or a value or label is
 * put by hand, or whatever else AWS may let somebody do with it one day. To ask for a rotation now changes nothing, and is what the runbook says to do.
 */
export function actsOnSecrets(watched: Watched): EventPattern {
  return apiCall(watched.place.accountId, ['aws.secretsmanager'], {
    eventSource: ['secretsmanager.amazonaws.com'],
    requestParameters: { secretId: allSecrets(watched) },
    userIdentity: { arn: noneOf([...rotatorSessions(watched), ...deployerSessions(watched)]) },
    readOnly: [false],
    $or: [
      { eventName: otherThan([...TAGGING_RESOURCES, 'RotateSecret', 'ValidateResourcePolicy']) },
      ...ROTATION_SETTINGS.map((requestParameters) => ({ eventName: ['RotateSecret'], requestParameters })),
    ],
  });
}

/** Many a company has tools that tag everything. */
const TAGGING_RESOURCES = ['TagResource', 'UntagResource'];

/** Another function, or another schedule. Whether CloudTrail writes `ARN` or `Arn` is not documented. */
const ROTATION_SETTINGS: readonly EventPattern[] = [
  { rotationLambdaARN: [{ exists: true }] },
  { rotationLambdaArn: [{ exists: true }] },
  { rotationRules: { automaticallyAfterDays: [{ exists: true }] } },
  { rotationRules: { scheduleExpression: [{ exists: true }] } },
];

/** The table as a whole: management events, so every trail has them. */
export function actsOnTable(watched: Watched): readonly EventPattern[] {
  const userIdentity = { arn: noneOf(ourOrDeployerSessions(watched)) };
  return [
    apiCall(watched.place.accountId, ['aws.dynamodb'], {
      eventSource: ['dynamodb.amazonaws.com'],
      eventName: otherThan([...TAGGING_RESOURCES, 'CreateBackup', 'UpdateContributorInsights']),
      managementEvent: [true],
      readOnly: [false],
      requestParameters: { tableName: [tableName(watched.prefix), tableArn(watched)] },
      userIdentity,
    }),
    // These name a resource of any kind, so its ARN.
    apiCall(watched.place.accountId, ['aws.dynamodb'], {
      eventSource: ['dynamodb.amazonaws.com'],
      eventName: otherThan(TAGGING_RESOURCES),
      readOnly: [false],
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
  if (deployerSessions(watched).length === 0) return undefined;
  return apiCall(watched.place.accountId, ['aws.dynamodb'], {
    eventSource: ['dynamodb.amazonaws.com'],
    managementEvent: [false],
    readOnly: [false],
    resources: { ARN: [tableArn(watched)] },
    userIdentity: { arn: noneOf(ourOrDeployerSessions(watched)) },
  });
}

/**
 * A function gets other code, other settings or none at all, or another function gets a role of the stack. Every
 * deployment does that, so see `actsOnItems`.
 */
export function actsOnFunctions(watched: Watched): EventPattern | undefined {
  const deployer = deployerSessions(watched);
  if (deployer.length === 0) return undefined;
  const ours = functionName(watched.prefix, '');
  return apiCall(watched.place.accountId, ['aws.lambda'], {
    eventSource: ['lambda.amazonaws.com'],
    // Every call, also one that AWS adds later, but an invocation. Tags are of a resource, and not of a function.
    managementEvent: [true],
    readOnly: [false],
    userIdentity: { arn: noneOf(deployer) },
    $or: [
      // By its name, its ARN, or its ARN without the beginning.
      { requestParameters: { functionName: [{ prefix: ours }, { wildcard: `*function:${ours}*` }] } },
      // By its ARN, which has its path in it.
      { requestParameters: { role: [{ wildcard: `*/${roleName(ours)}*` }] } },
    ],
  });
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

const tableArn = ({ place, prefix }: Watched): string =>
  `arn:${place.partition}:dynamodb:${place.region}:${place.accountId}:table/${tableName(prefix)}`;
