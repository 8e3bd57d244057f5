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

/** When an alarm goes off. */
export interface AlarmTiming {
  /** 60 to 604,800 together with the number of periods; from an hour on, or all periods within a day. */
  readonly periodSeconds: number;
  readonly periods: number;
  /** How many of the periods have to breach. */
  readonly breaching: number;
  /** What a period without data counts as; `ignore`: the alarm stays as it is. */
  readonly missingData: 'breaching' | 'notBreaching' | 'ignore';
}

/** An alarm, in our words. */
export interface AlarmDefinition extends AlarmTiming {
  readonly kind: AlarmKind;
  /** Absent: it watches the whole stack. */
  readonly stableKey?: string;
  /** Name in the Terraform addresses. */
  readonly address: string;
  /** What it means, as a sentence. */
  readonly means: string;
  /** What to do first, as it follows a colon. */
  readonly first: string;
  readonly watched: WatchedMetric | MetricMath;
  readonly comparison: 'GreaterThanThreshold' | 'LessThanThreshold';
  readonly threshold: number;
  /**
   * Topics that CloudWatch itself tells, besides the notification function.
   * @default none
   */
  readonly directTopicArns?: readonly string[];
}

export const isMetricMath = (watched: WatchedMetric | MetricMath): watched is MetricMath =>
  'expression' in watched;
