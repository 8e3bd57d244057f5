import type { TextList } from '../terraform/json-text';
import type { MetricLine } from './metrics';

/** Columns of a dashboard. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const COLUMNS = 24;

export interface Widget {
  readonly type: 'text' | 'metric' | 'log' | 'alarm';
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Widgets side by side, as high as each other, which share the width. */
export interface Row {
  readonly height: number;
  readonly widgets: readonly Widget[];
}

export interface PlacedWidget extends Widget {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** From the top to the bottom, as a page is read. */
export function place(rows: readonly Row[]): readonly PlacedWidget[] {
  let y = 0;
  return rows.flatMap(({ height, widgets }) => {
    const top = y;
    y += height;
    const width = Math.floor(COLUMNS / widgets.length);
    return widgets.map((widget, index) => ({ ...widget, x: index * width, y: top, width, height }));
  });
}

export const text = (markdown: string): Widget => ({
  type: 'text',
  properties: { markdown, background: 'transparent' },
});

export interface GraphOptions {
  readonly region: string;
  readonly title: string;
  readonly metrics: readonly MetricLine[];
  /** In seconds. What is counted once a month is seen in days, what a sweep measures in hours. */
  readonly period: number;
  /** What is counted adds up: its lines are stacked. @default false */
  readonly counted?: boolean;
  /** Lines across, at what is not to be reached. */
  readonly limits?: readonly { readonly label: string; readonly value: number }[];
}

/** Over time, from 0. */
export const graph = ({ region, title, metrics, period, counted, limits }: GraphOptions): Widget => ({
  type: 'metric',
  properties: {
    ...{ region, title, metrics, period },
    view: 'timeSeries',
    stacked: counted === true,
    yAxis: { left: { min: 0 } },
    ...(limits === undefined ? {} : { annotations: { horizontal: limits } }),
  },
});

/** The latest values, large. */
export const numbers = ({ region, title, metrics, period }: GraphOptions): Widget => ({
  type: 'metric',
  properties: {
    ...{ region, title, metrics, period },
    view: 'singleValue',
    sparkline: true,
  },
});

export const alarms = (title: string, arns: TextList): Widget => ({
  type: 'alarm',
  properties: { title, alarms: arns, sortBy: 'stateUpdatedTimestamp' },
});

export const logLines = (region: string, title: string, logGroupName: string, query: string): Widget => ({
  type: 'log',
  properties: { region, title, query: `SOURCE '${logGroupName}' | ${query}`, view: 'table' },
});
