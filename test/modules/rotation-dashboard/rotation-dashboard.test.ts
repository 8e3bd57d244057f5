import {
  COUNTERS,
  DELIVERY_COUNTERS,
  DURATIONS,
  FURTHER_DIMENSIONS,
  GAUGES,
  HEARTBEAT,
  METRIC_NAMESPACE,
} from '../../../contract/telemetry-names';
import { awsPlace } from '../../../modules/aws/aws-place';
import type { StackConfiguration, UserConfiguration } from '../../../modules/config/configuration';
import { rowsOf } from '../../../modules/rotation-dashboard/rows';
import { place } from '../../../modules/rotation-dashboard/widgets';
import { aStack, aUser } from '../support/configurations';
import { synthesize } from '../support/synthesize';

interface ShownWidget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly query?: string;
    readonly metrics?: readonly (readonly unknown[])[];
    readonly annotations?: unknown;
  };
}

const widgetsOf = (
  own: Partial<StackConfiguration> = {},
  ofUser: Partial<UserConfiguration> = {},
): readonly ShownWidget[] => {
  const users = [aUser('a', ofUser), aUser('b', { maximumKeyAgeSeconds: 30 * 86_400 })];
  const stack = synthesize(aStack(users, own));
  const body = stack.json('aws_cloudwatch_dashboard.dashboard', 'dashboard_body');
  return (body as { widgets: ShownWidget[] }).widgets;
};

/** Namespace, name and dimensions of every line of a dashboard. */
const shownBy = (widgets: readonly ShownWidget[]): readonly string[] => [
  ...new Set(
    widgets.flatMap(({ properties: { metrics = [] } }) =>
      metrics.map((line) => line.filter((part) => typeof part === 'string').join(' ')),
    ),
  ),
];

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

const OURS = [...COUNTERS, ...DELIVERY_COUNTERS, ...DURATIONS, ...GAUGES, HEARTBEAT].map(
  (name) => `${METRIC_NAMESPACE} ${name} Stack iam-key-rotation`,
);
const BY_STEP = Object.entries(FURTHER_DIMENSIONS)
  .filter(([, sets]) => sets.some((set) => set.join() === 'Stack,Step'))
  .flatMap(([name]) =>
    STEPS.map((step) => `${METRIC_NAMESPACE} ${name} Stack iam-key-rotation Step ${step}`),
  );

const widgets = widgetsOf();

const OF_DELIVERY = /KeysDelivered|DeliveriesFailed/;
const withTargets = widgetsOf({}, { deliver: [{ kind: 'parameter', name: '/payments/key' }] });

it('the dashboard shows every metric that the product emits, and no other of that name', () => {
  const shown = shownBy(withTargets).filter((line) => line.startsWith(METRIC_NAMESPACE));

  expect([...shown].sort()).toEqual([...OURS, ...BY_STEP].sort());
});

it('the dashboard shows what is delivered, and the failures of it, in a stack with targets alone', () => {
  expect(shownBy(widgets).filter((line) => OF_DELIVERY.test(line) || line.includes('-deliver'))).toEqual([]);
  expect(shownBy(withTargets)).toEqual(
    expect.arrayContaining([
      'AWS/Lambda Errors FunctionName iam-key-rotation-deliver',
      'AWS/SQS ApproximateNumberOfMessagesVisible QueueName iam-key-rotation-deliver-failed',
    ]),
  );
});

it('the dashboard shows besides what AWS itself counts of the retirement function and its queue', () => {
  const shown = shownBy(widgets).filter((line) => !line.startsWith(METRIC_NAMESPACE));

  expect(shown).toEqual([
    'AWS/SQS ApproximateNumberOfMessagesVisible QueueName iam-key-rotation-retire-failed',
    'AWS/Lambda Errors FunctionName iam-key-rotation-retire',
    'AWS/Lambda Throttles FunctionName iam-key-rotation-retire',
  ]);
});

it('the dashboard takes the largest of what is measured, and the sum of what is counted', () => {
  const statistics = widgets
    .flatMap(({ properties: { metrics = [] } }) => metrics)
    .map((line) => [line[1], (line.at(-1) as { stat: string }).stat]);

  for (const [name, stat] of statistics) {
    const isCounted = (
      [...COUNTERS, ...DELIVERY_COUNTERS, HEARTBEAT, 'Errors', 'Throttles'] as unknown[]
    ).includes(name);
    expect([name, stat]).toEqual([name, isCounted ? 'Sum' : 'Maximum']);
  }
});

it('the dashboard is read from the top: whether all is well, who looks, what happened', () => {
  const titles = widgets.toSorted((a, b) => a.y - b.y || a.x - b.x).map(({ properties }) => properties.title);

  expect(titles.slice(1, 6)).toEqual([
    'Alarms: none of them is red if all is well',
    'What is wrong now: all of it is 0 if all is well',
    'The retirement function looks at every user, once an hour',
    'Rotations a day',
    'Tries that failed, by step',
  ]);
});

it.each([
  ['without a trail', {}],
  ['with one', { auditTrail: { kind: 'existing' } } as const],
])('the dashboard fills its width, and no widget is on another (%s)', (_, own) => {
  const cells = widgetsOf(own).flatMap(({ x, y, width, height }) =>
    Array.from(
      { length: width * height },
      (_cell, index) => `${x + (index % width)},${y + Math.floor(index / width)}`,
    ),
  );

  expect(new Set(cells).size).toBe(cells.length);
  const bottom = Math.max(...widgetsOf(own).map(({ y, height }) => y + height));
  expect(cells).toHaveLength(24 * bottom);
});

it('the dashboard draws the line that no key is to reach at the strictest user’s', () => {
  const ages = widgets.find(({ properties: { title } }) => title?.startsWith('Age of'));

  expect(ages?.properties.annotations).toEqual({ horizontal: [{ label: 'maximum key age', value: 30 }] });
});

it('the dashboard shows what others did where that is noticed', () => {
  const queries = (own: Partial<StackConfiguration>) =>
    widgetsOf(own).flatMap(({ properties: { query } }) => query ?? []);

  expect(queries({})).toEqual([]);
  expect(queries({ auditTrail: { kind: 'existing' } })).toEqual([
    expect.stringContaining("SOURCE '${aws_cloudwatch_log_group.suspicious-acts.name}'"),
  ]);
});

it('the dashboard shows alarms first, where there are any', () => {
  const { accountId, region } = awsPlace({ partition: 'aws', accountId: '1', region: 'eu-west-1' });
  const shown = place(rowsOf({ stackName: 's', prefix: 'p', accountId, region, alarmArns: ['arn:alarm'] }));

  expect(shown[1]).toMatchObject({ type: 'alarm', y: 2, properties: { alarms: ['arn:alarm'] } });
});

it('the dashboard is not made where it is not wanted', () => {
  expect(synthesize(aStack([], { dashboard: false })).addresses).not.toContain(
    'aws_cloudwatch_dashboard.dashboard',
  );
});
