import { DAY_SECONDS, HOUR_SECONDS } from '../schedule/duration';
import { ALARM_KINDS, FAULTS } from '../../contract/faults';
import type { GaugeName } from '../../contract/telemetry-names';
import type { RotationStep } from '../../contract/function-events';
import type { TextList } from '../terraform/json-text';
import {
  deliveryFunctionName,
  deliveryQueueName,
  retirementFunctionName,
  retirementQueueName,
} from '../aws/names';
import { gauge, messagesIn, ofFunction, ofStack, ofStep } from './metrics';
import { alarms, graph, logLines, numbers, text } from './widgets';
import type { Row } from './widgets';

export interface DashboardScope {
  /** The stack's name. */
  readonly stackName: string;
  /** Of all names on AWS, and the dimension of every metric of ours. */
  readonly prefix: string;
  readonly accountId: string;
  readonly region: string;
  /** Of the users: no key is to be older. The smallest one. */
  readonly maximumKeyAgeDays?: number;
  readonly alarmArns: TextList;
  /** Whether there is a delivery function. */
  readonly delivers?: boolean;
  /** Where suspicious acts are written; absent: they are not noticed. */
  readonly suspiciousActsLogGroup?: string;
}

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const satisfies RotationStep[];

/** What is to be read first is at the top: whether all is well; then what happened; then why. */
export function rowsOf(scope: DashboardScope): readonly Row[] {
  return [
    { height: 2, widgets: [text(heading(scope))] },
    ...(Array.isArray(scope.alarmArns) && scope.alarmArns.length === 0
      ? []
      : [{ height: 4, widgets: [alarms('Alarms: none of them is red if all is well', scope.alarmArns)] }]),
    { height: 4, widgets: [whatIsWrong(scope)] },
    { height: 4, widgets: [whoWatches(scope)] },
    { height: 6, widgets: [rotations(scope), failedSteps(scope)] },
    { height: 6, widgets: [ages(scope), waiting(scope)] },
    { height: 6, widgets: [keys(scope), held(scope)] },
    { height: 6, widgets: [seconds(scope), sweep(scope), sweepFailures(scope)] },
    ...(scope.delivers === true
      ? [{ height: 6, widgets: [deliveries(scope), deliveryFailures(scope)] }]
      : []),
    ...(scope.suspiciousActsLogGroup === undefined
      ? []
      : [{ height: 7, widgets: [suspiciousActs(scope.region, scope.suspiciousActsLogGroup)] }]),
  ];
}

const heading = ({ stackName, accountId, region }: DashboardScope): string =>
  [
    `# Access keys of ${stackName}`,
    `Account ${accountId}, ${region}. The first row of numbers is 0 if all is well; the second says that the retirement function looks. Below: what happened, and why.`,
  ].join('\n');

/** Of every fault with a gauge that CloudWatch watches, and what is left although its grace period is over. */
const whatIsWrong = ({ prefix, region }: DashboardScope) =>
  numbers({
    region,
    title: 'What is wrong now: all of it is 0 if all is well',
    period: HOUR_SECONDS,
    metrics: [...GAUGES_OF_ALARMS, 'RetiredKeysPastGracePeriod' as const].map((name) => gauge(prefix, name)),
  });

const GAUGES_OF_ALARMS = ALARM_KINDS.flatMap((kind) => FAULTS[kind].gauge ?? []).map(
  ({ name }) => name as GaugeName,
);

const whoWatches = ({ prefix, region }: DashboardScope) =>
  numbers({
    region,
    title: 'The retirement function looks at every user, once an hour',
    period: HOUR_SECONDS,
    metrics: [
      ofStack(prefix, 'SweepCompleted', 'Sum', 'complete runs in the hour'),
      gauge(prefix, 'UsersWatched'),
      gauge(prefix, 'OldestCurrentKeyDays'),
      gauge(prefix, 'KeysHeld'),
      messagesIn(retirementQueueName(prefix), 'failed runs in the queue'),
    ],
  });

const rotations = ({ prefix, region }: DashboardScope) =>
  graph({
    region,
    title: 'Rotations a day',
    period: DAY_SECONDS,
    counted: true,
    metrics: [
      ofStack(prefix, 'RotationSucceeded', 'Sum', 'succeeded'),
      ofStack(prefix, 'RotationFailed', 'Sum', 'tries that failed'),
      ofStack(prefix, 'RotationDeferred', 'Sum', 'deferred: both slots taken'),
    ],
  });

const failedSteps = ({ prefix, region }: DashboardScope) =>
  graph({
    region,
    title: 'Tries that failed, by step',
    period: DAY_SECONDS,
    counted: true,
    metrics: STEPS.map((step) => ofStep(prefix, 'RotationFailed', step)),
  });

const ages = ({ prefix, region, maximumKeyAgeDays }: DashboardScope) =>
  graph({
    region,
    title: 'Age of the oldest current key, days',
    period: HOUR_SECONDS,
    metrics: [gauge(prefix, 'OldestCurrentKeyDays')],
    limits:
      maximumKeyAgeDays === undefined ? undefined : [{ label: 'maximum key age', value: maximumKeyAgeDays }],
  });

const waiting = ({ prefix, region }: DashboardScope) =>
  graph({
    region,
    title: 'Rotations that should have been, hours; and stuck ones',
    period: HOUR_SECONDS,
    metrics: [gauge(prefix, 'HoursOverdue'), gauge(prefix, 'RotationsStuck')],
  });

const keys = ({ prefix, region }: DashboardScope) =>
  graph({
    region,
    title: 'Keys a day',
    period: DAY_SECONDS,
    counted: true,
    metrics: [
      ofStack(prefix, 'KeysCreated', 'Sum', 'created'),
      ofStack(prefix, 'KeysPromoted', 'Sum', 'became current'),
      ofStack(prefix, 'KeysDeactivated', 'Sum', 'deactivated'),
      ofStack(prefix, 'KeysDeleted', 'Sum', 'deleted'),
      ofStack(prefix, 'KeysReaped', 'Sum', 'reaped: never became current'),
    ],
  });

const held = ({ prefix, region }: DashboardScope) =>
  graph({
    region,
    title: 'Previous keys that stay for longer',
    period: HOUR_SECONDS,
    metrics: [
      gauge(prefix, 'KeysHeld'),
      gauge(prefix, 'KeysHeldPastMaximumAge'),
      gauge(prefix, 'RetiredKeysPastGracePeriod'),
      gauge(prefix, 'DeletionsRefused'),
    ],
  });

const seconds = ({ prefix, region }: DashboardScope) =>
  graph({
    region,
    title: 'How long a rotation takes, seconds',
    period: DAY_SECONDS,
    metrics: [
      ofStack(prefix, 'RotationSeconds', 'Maximum', 'a rotation'),
      ofStack(prefix, 'SecondsUntilKeyWorked', 'Maximum', 'until the new key worked'),
    ],
  });

const sweep = ({ prefix, region }: DashboardScope) =>
  graph({
    region,
    title: 'The retirement function: complete runs, and users it could not check',
    period: HOUR_SECONDS,
    metrics: [
      ofStack(prefix, 'SweepCompleted', 'Sum', 'complete runs in the hour'),
      gauge(prefix, 'UsersFailed'),
    ],
  });

const sweepFailures = ({ prefix, region }: DashboardScope) =>
  graph({
    region,
    title: 'The retirement function: failures, as AWS counts them',
    period: HOUR_SECONDS,
    counted: true,
    metrics: [
      ofFunction(retirementFunctionName(prefix), 'Errors', 'Sum', 'runs that failed'),
      ofFunction(retirementFunctionName(prefix), 'Throttles', 'Sum', 'runs that were throttled'),
    ],
  });

const deliveries = ({ prefix, region }: DashboardScope) =>
  graph({
    region,
    title: 'Targets: the current key reached them, or not',
    period: HOUR_SECONDS,
    counted: true,
    metrics: [
      ofStack(prefix, 'KeysDelivered', 'Sum', 'delivered'),
      ofStack(prefix, 'DeliveriesFailed', 'Sum', 'refused, or without an answer'),
    ],
  });

const deliveryFailures = ({ prefix, region }: DashboardScope) =>
  graph({
    region,
    title: 'The delivery function: failures, as AWS counts them',
    period: HOUR_SECONDS,
    counted: true,
    metrics: [
      ofFunction(deliveryFunctionName(prefix), 'Errors', 'Sum', 'runs that failed'),
      messagesIn(deliveryQueueName(prefix), 'runs and events that were given up'),
    ],
  });

const suspiciousActs = (region: string, logGroupName: string) =>
  logLines(
    region,
    'What others did to rotated users, secrets and what rotates them (docs/audit.md)',
    logGroupName,
    [
      'fields time, detail.eventName as act, detail.userIdentity.arn as who',
      'coalesce(detail.requestParameters.userName, detail.requestParameters.secretId, detail.requestParameters.functionName, detail.requestParameters.name) as of_what',
      'detail.errorCode as refused',
    ].join(', ') + ' | sort @timestamp desc | limit 20',
  );
