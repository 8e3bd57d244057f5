import type { AlarmTiming } from '../../contract/fault';
import type { AlarmKind } from '../../contract/faults';

/** One metric of CloudWatch, with the statistic that an alarm looks at. */
export interface WatchedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Sum' | 'Maximum';
}

/** A sum or difference of metrics. CloudWatch charges an alarm for each metric in it. */
export interface MetricMath {
  /** By the name that the expression has for it: begins with a lower-case letter. */
  readonly metrics: Readonly<Record<string, WatchedMetric>>;
  readonly expression: string;
}

/** An alarm, in our words. */
export interface AlarmDefinition extends AlarmTiming {
  readonly kind: AlarmKind;
  /** Absent: it watches the whole stack. */
  readonly stableKey?: string;
  /** Name in the Terraform addresses. */
  readonly address: string;
  /** What it means, in sentences. */
  readonly meaning: string;
  /** What to do first, in sentences. */
  readonly firstStep: string;
  readonly watched: WatchedMetric | MetricMath;
  readonly comparison: 'GreaterThanThreshold' | 'LessThanThreshold';
  readonly threshold: number;
  /**
   * Topics that CloudWatch itself publishes to, besides what the notification function does.
   * @default none
   */
  readonly directTopicArns?: readonly string[];
}

export const isMetricMath = (watched: WatchedMetric | MetricMath): watched is MetricMath =>
  'expression' in watched;
