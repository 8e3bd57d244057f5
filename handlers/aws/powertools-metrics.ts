import { Metrics as Powertools, MetricUnit } from '@aws-lambda-powertools/metrics';

import type { Metrics } from '../core/model/ports';
import {
  DURATIONS,
  FURTHER_DIMENSIONS,
  METRIC_NAMESPACE,
  type DimensionName,
  type MetricName,
  type PerUserGauge,
} from '../../contract/telemetry-names';

/** The dimensions of a set beside `Stack`, which is in every one. */
type BesideStack = Readonly<Record<string, string>>;

interface Recorded {
  readonly name: MetricName;
  readonly value: number;
}

/**
 * Metrics in CloudWatch's embedded format: lines of the function's log that CloudWatch makes metrics of, so that
 * nothing has to be called. They are collected, and written by `publish`, a line for each group of dimension sets.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export class PowertoolsMetrics implements Metrics {
  /** By the dimension sets, as JSON. */
  readonly #recorded = new Map<string, Recorded[]>();

  /** @param stack the stack's prefix. */
  constructor(private readonly stack: string) {}

  record(name: MetricName, value: number, { step, user }: Parameters<Metrics['record']>[2] = {}): void {
    const values: Readonly<Record<DimensionName, string | undefined>> = {
      Stack: this.stack,
      Step: step,
      User: user,
    };
    const further: Partial<Record<MetricName, readonly (readonly DimensionName[])[]>> = FURTHER_DIMENSIONS;
    const sets = (further[name] ?? []).flatMap((dimensions): BesideStack[] => {
      const set: Record<string, string> = {};
      for (const dimension of dimensions) {
        const dimensionValue = values[dimension];
        if (dimensionValue === undefined) return [];
        if (dimension !== 'Stack') set[dimension] = dimensionValue;
      }
      return [set];
    });
    this.#add([{}, ...sets], { name, value });
  }

  recordOfUser(user: string, name: PerUserGauge, value: number): void {
    this.#add([{ User: user }], { name, value });
  }

  /** Writes what was recorded since the last time. */
  publish(): void {
    for (const [sets, metrics] of this.#recorded) this.#write(JSON.parse(sets) as BesideStack[], metrics);
    this.#recorded.clear();
  }

  #add(sets: readonly BesideStack[], metric: Recorded): void {
    const group = JSON.stringify(sets);
    this.#recorded.set(group, [...(this.#recorded.get(group) ?? []), metric]);
  }

  #write(sets: readonly BesideStack[], metrics: readonly Recorded[]): void {
    const line = new Powertools({ namespace: METRIC_NAMESPACE });
    // Powertools' own dimension `service` would be one of every metric.
    line.clearDefaultDimensions();
    line.setDefaultDimensions({ Stack: this.stack });
    for (const set of sets) line.addDimensions({ ...set });
    for (const { name, value } of metrics) line.addMetric(name, unitOf(name), value);
    line.publishStoredMetrics();
  }
}

function unitOf(name: MetricName): (typeof MetricUnit)[keyof typeof MetricUnit] {
  if ((DURATIONS as readonly string[]).includes(name)) return MetricUnit.Seconds;
  // CloudWatch knows no days and hours.
  return name === 'OldestCurrentKeyDays' || name === 'HoursOverdue' ? MetricUnit.NoUnit : MetricUnit.Count;
}
