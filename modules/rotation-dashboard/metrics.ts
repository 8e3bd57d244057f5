import {
  GAUGE_ROWS,
  METRIC_NAMESPACE,
  type DimensionName,
  type FURTHER_DIMENSIONS,
  type GaugeName,
  type MetricName,
} from '../../contract/telemetry-names';

type Statistic = 'Sum' | 'Maximum' | 'Average';

/** One line of a widget, as CloudWatch writes it: namespace, name, dimensions, how it is shown. */
export type MetricLine = readonly (string | { readonly stat: Statistic; readonly label: string })[];

/** A metric of ours, of the whole stack. */
export const ofStack = (stack: string, name: MetricName, stat: Statistic, label: string): MetricLine => [
  METRIC_NAMESPACE,
  name,
  'Stack' satisfies DimensionName,
  stack,
  { stat, label },
];

/** Of the whole stack, labelled as its row says. */
export const gauge = (stack: string, name: GaugeName): MetricLine =>
  ofStack(stack, name, 'Maximum', GAUGE_ROWS[name].label);

type ByStep = {
  [Name in keyof typeof FURTHER_DIMENSIONS]: readonly [
    'Stack',
    'Step',
  ] extends (typeof FURTHER_DIMENSIONS)[Name][number]
    ? Name
    : never;
}[keyof typeof FURTHER_DIMENSIONS];

/** A metric of ours that is counted for each step of a rotation, too. */
export const ofStep = (stack: string, name: ByStep, step: string): MetricLine => [
  METRIC_NAMESPACE,
  name,
  'Stack' satisfies DimensionName,
  stack,
  'Step' satisfies DimensionName,
  step,
  { stat: 'Sum', label: step },
];

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export const ofFunction = (
  functionName: string,
  name: 'Errors' | 'Throttles' | 'Duration',
  stat: Statistic,
  label: string,
): MetricLine => ['AWS/Lambda', name, 'FunctionName', functionName, { stat, label }];

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
export const messagesIn = (queueName: string, label: string): MetricLine => [
  'AWS/SQS',
  'ApproximateNumberOfMessagesVisible',
  'QueueName',
  queueName,
  { stat: 'Maximum', label },
];
