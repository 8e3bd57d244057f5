import type { AlarmMetric, SynthesizedAlarm } from '../modules/support/alarms';
import { metricsIn } from './emitted-by-functions';

/** One value of a metric, as a function or AWS itself emits it. */
export interface Datapoint {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The metrics in what a function has logged. */
export const metricsLoggedIn = (log: string): readonly Datapoint[] =>
  metricsIn(log).flatMap(({ values, ...metric }) => values.map((value) => ({ ...metric, value })));

/** Whether one period with these values breaches an alarm: that it would go off, where one breach is enough for it. */
export function breaches(alarm: SynthesizedAlarm, datapoints: readonly Datapoint[]): boolean {
  const values = Object.fromEntries(
    alarm.metrics.map((metric) => [metric.id, statistic(metric, datapoints)]),
  );
  const value =
    alarm.expression === undefined ? Object.values(values)[0] : calculate(alarm.expression, values);
  if (value === undefined) return alarm.missingData === 'breaching';
  return alarm.comparison === 'GreaterThanThreshold' ? value > alarm.threshold : value < alarm.threshold;
}

/** Undefined: no data. CloudWatch takes a metric for the one meant only where all its dimensions are the same. */
function statistic(metric: AlarmMetric, datapoints: readonly Datapoint[]): number | undefined {
  const values = datapoints
    .filter(
      ({ namespace, name, dimensions }) =>
        namespace === metric.namespace &&
        name === metric.name &&
        sorted(dimensions) === sorted(metric.dimensions),
    )
    .map(({ value }) => value);
  if (values.length === 0) return undefined;
  return metric.statistic === 'Maximum'
    ? Math.max(...values)
    : values.reduce((total, value) => total + value, 0);
}

/** Sums and differences of metrics, where `FILL(x, 0)` makes no data 0; one without data leaves none. */
function calculate(
  expression: string,
  values: Readonly<Record<string, number | undefined>>,
): number | undefined {
  const terms = [...`+ ${expression}`.matchAll(/([+-]) (?:FILL\((\w+), 0\)|(\w+))(?: |$)/g)];
  if (terms.map(([text]) => text.trimEnd()).join(' ') !== `+ ${expression}`) {
    throw new Error(`This test cannot calculate ${expression}.`);
  }
  return terms.reduce<number | undefined>((total, [, sign, filled, plain]) => {
    const value = filled === undefined ? values[plain!] : (values[filled] ?? 0);
    if (total === undefined || value === undefined) return undefined;
    return sign === '+' ? total + value : total - value;
  }, 0);
}

const sorted = (dimensions: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(dimensions).sort());
