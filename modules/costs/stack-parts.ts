import { App } from 'cdktf';

import { parseConfiguration } from '../config/parse-configuration';
import { RotationStack } from '../rotation-stack';

type Elements = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** What is charged for as long as it is there: so many for the stack, and so many for each user. */
export interface Charged {
  readonly perStack: number;
  readonly perUser: number;
}

export interface StackParts {
  readonly secrets: Charged;
  /** Metrics that alarms look at: what is charged for is not the alarm. */
  readonly alarmMetrics: Charged;
  readonly dashboards: Charged;
}

export type Layout = 'per-user' | 'shared';

/** What a stack of the defaults has in it, counted in what is synthesized for two users and for four. */
export function partsOf(layout: Layout): StackParts {
  const [two, four] = [resourcesOf(layout, 2), resourcesOf(layout, 4)];
  const charged = (count: (resources: Elements) => number): Charged => {
    const perUser = (count(four) - count(two)) / 2;
    return { perUser, perStack: count(two) - 2 * perUser };
  };
  return {
    secrets: charged((resources) => all(resources, 'aws_secretsmanager_secret').length),
    alarmMetrics: charged((resources) =>
      all(resources, 'aws_cloudwatch_metric_alarm').reduce((sum, alarm) => sum + metricsOf(alarm), 0),
    ),
    dashboards: charged((resources) => all(resources, 'aws_cloudwatch_dashboard').length),
  };
}

/** An alarm of one metric names it; one of several has a query for each, and one for what is made of them. */
function metricsOf(alarm: Readonly<Record<string, unknown>>): number {
  const queries = alarm['metric_query'] as readonly { readonly metric?: unknown }[] | undefined;
  return queries === undefined ? 1 : queries.filter(({ metric }) => metric !== undefined).length;
}

const all = (resources: Elements, type: string): readonly Readonly<Record<string, unknown>>[] =>
  Object.values(resources[type] ?? {});

function resourcesOf(layout: Layout, users: number): Elements {
  const keys = Array.from({ length: users }, (_, index) => `      user_${index}: {}`);
  const text = [
    'stacks:',
    '  costs:',
    "    accountId: '111122223333'",
    '    region: us-east-1',
    `    functions: ${layout}`,
    '    users:',
    ...keys,
    '',
  ].join('\n');
  const [configuration] = parseConfiguration('costs', text, 0).stacks;
  if (configuration === undefined) throw new Error('This is a bug: one stack was written and none was read.');
  // Nothing is written: the stack is only asked what it would be.
  const app = new App({ skipValidation: true });
  const { resource } = new RotationStack(app, { configuration }).toTerraform() as { resource: Elements };
  return resource;
}
