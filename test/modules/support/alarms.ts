import type { SynthesizedStack } from './synthesize';

/** One metric of an alarm, as CloudWatch will look for it. */
export interface AlarmMetric {
  /** The name that an expression has for it. */
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
}

/** An alarm as Terraform will make it. */
export interface SynthesizedAlarm {
  readonly name: string;
  readonly description: string;
  readonly metrics: readonly AlarmMetric[];
  /** Undefined: the alarm looks at its one metric. */
  readonly expression: string | undefined;
  readonly comparison: 'GreaterThanThreshold' | 'LessThanThreshold';
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly periods: number;
  readonly breaching: number;
  readonly missingData: string;
  readonly actions: readonly string[];
}

interface Metric {
  readonly namespace: string;
  readonly metric_name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly period: number;
}
type Query =
  | { readonly id: string; readonly metric: Metric & { readonly stat: string } }
  | { readonly id: string; readonly expression: string; readonly return_data: true };

interface Attributes extends Partial<Metric> {
  readonly alarm_name: string;
  readonly alarm_description: string;
  readonly statistic?: string;
  readonly metric_query?: readonly Query[];
  readonly comparison_operator: SynthesizedAlarm['comparison'];
  readonly threshold: number;
  readonly evaluation_periods: number;
  readonly datapoints_to_alarm: number;
  readonly treat_missing_data: string;
  readonly alarm_actions?: readonly string[];
}

/** The alarms in a stack, by name. */
export function alarmsIn(stack: SynthesizedStack): readonly SynthesizedAlarm[] {
  return stack.addresses
    .filter((address) => address.startsWith('aws_cloudwatch_metric_alarm.'))
    .map((address) => alarmOf(stack.at(address) as unknown as Attributes))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function alarmOf(attributes: Attributes): SynthesizedAlarm {
  const queries = attributes.metric_query ?? [
    { id: 'metric', metric: { ...(attributes as Metric), stat: attributes.statistic! } },
  ];
  const metrics = queries.flatMap((query) => ('metric' in query ? [query] : []));
  const periods = new Set(metrics.map(({ metric }) => metric.period));
  if (periods.size !== 1) throw new Error(`${attributes.alarm_name} has metrics of several periods.`);
  return {
    name: attributes.alarm_name,
    description: attributes.alarm_description,
    metrics: metrics.map(({ id, metric: { namespace, metric_name: name, dimensions, stat: statistic } }) => ({
      ...{ id, namespace, name, dimensions, statistic },
    })),
    expression: queries.flatMap((query) => ('expression' in query ? [query.expression] : []))[0],
    comparison: attributes.comparison_operator,
    threshold: attributes.threshold,
    periodSeconds: [...periods][0]!,
    periods: attributes.evaluation_periods,
    breaching: attributes.datapoints_to_alarm,
    missingData: attributes.treat_missing_data,
    actions: attributes.alarm_actions ?? [],
  };
}
