import { METRIC_NAMESPACE, type MetricName } from '../../contract/telemetry-names';
import type { WatchedMetric } from './alarm-definition';

/** A metric of ours, of the whole stack or of one user. */
export const ofStack = (
  stack: string,
  name: MetricName,
  statistic: WatchedMetric['statistic'],
  user?: string,
): WatchedMetric => ({
  namespace: METRIC_NAMESPACE,
  name,
  dimensions: user === undefined ? { Stack: stack } : { Stack: stack, User: user },
  statistic,
});

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export const ofFunction = (functionName: string, name: 'Errors' | 'Throttles'): WatchedMetric => ({
  namespace: 'AWS/Lambda',
  name,
  dimensions: { FunctionName: functionName },
  statistic: 'Sum',
});

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
export const messagesIn = (queueName: string): WatchedMetric => ({
  namespace: 'AWS/SQS',
  name: 'ApproximateNumberOfMessagesVisible',
  dimensions: { QueueName: queueName },
  statistic: 'Maximum',
});
