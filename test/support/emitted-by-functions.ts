import type { LocalAws } from '../../sandbox/local-aws';
import type { DeliveredEvent } from './published-events';

/** A value of a metric, as CloudWatch takes it from a function's log: once for each set of dimensions. */
export interface EmittedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

/** The events that reached the event bus of a local AWS, in order, as EventBridge would deliver them. */
export function eventsEmittedIn(aws: Pick<LocalAws, 'calls'>): readonly DeliveredEvent[] {
  return aws
    .calls()
    .filter(({ service, action, status }) => service === 'events' && action === 'PutEvents' && status === 200)
    .flatMap(
      ({ parameters }) => parameters['Entries'] as { Source: string; DetailType: string; Detail: string }[],
    )
    .map(({ Source, DetailType, Detail }) => ({
      source: Source,
      'detail-type': DetailType,
      detail: JSON.parse(Detail) as DeliveredEvent['detail'],
    }));
}

interface EmbeddedMetrics {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

/**
 * The metrics that CloudWatch finds in a function's log.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricsIn(log: string): readonly EmittedMetric[] {
  return log
    .split('\n')
    .filter((line) => line.includes('"CloudWatchMetrics"'))
    .map((line) => JSON.parse(line) as EmbeddedMetrics)
    .flatMap((line) =>
      line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
        Dimensions.flatMap((set) =>
          Metrics.map(({ Name }) => ({
            namespace: Namespace,
            name: Name,
            dimensions: Object.fromEntries(set.map((dimension) => [dimension, String(line[dimension])])),
            values: [line[Name]].flat() as number[],
          })),
        ),
      ),
    );
}
