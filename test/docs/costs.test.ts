import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = (name: string): string => readFileSync(join(__dirname, '../../docs', name), 'utf8');

/** Both pages are generated from the code, and held to it by a test of the generator. */
const [notifications, telemetry] = [page('notifications.md'), page('telemetry.md')];

const number = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1]);
const metricsOf = (alarms: string): number =>
  number(notifications, new RegExp(`^\\| ${alarms} +\\| [^|]+\\| (\\d+)`, 'm'));

const costs = page('costs.md');
const ofStack = metricsOf('of every stack');

it.each([
  [
    'the alarms, with a function for each user',
    `(${ofStack} + N × ${metricsOf('of `functions: per-user`')}) × $0.10`,
  ],
  ['the alarms, with one function', `${ofStack + metricsOf('of `functions: shared`')} × $0.10`],
  ['the metrics', `${number(telemetry, /at\s+most (\d+) while/)} × $0.30`],
  ['the metrics of each user', `N × ${number(telemetry, /adds (\d+) gauges/)} × $0.30`],
])('docs/costs.md counts %s as the code makes them', (_, calculation) => {
  expect(calculation).not.toContain('NaN');
  expect(costs).toContain(calculation);
});

it('docs/costs.md counts the runs of the delivery function as it is deployed', () => {
  const golden = JSON.parse(
    readFileSync(join(__dirname, '../modules/golden/key-delivery.json'), 'utf8'),
  ) as Record<string, Record<string, unknown>>;
  expect(golden['aws_scheduler_schedule.deliver']!['schedule_expression']).toBe('rate(1 hour)');
  const megabytes = Number(golden['aws_lambda_function.deliver']!['memory_size']);
  expect(costs).toContain(`730 runs × 2 s × ${megabytes / 1024} GB`);
});
