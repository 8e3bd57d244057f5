import { readFileSync } from 'node:fs';

import { filesByHand, terraformBenchmarks } from '../../bench/terraform';

const typesIn = (files: readonly string[]): readonly string[] =>
  files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^resource "(\w+)"/gm)].map(([, type]) => type!),
  );

it.each(['per-user', 'shared'] as const)(
  'what is written by hand is what the page says of it (%s)',
  (functions) => {
    expect(typesIn(filesByHand(functions)).toSorted()).toEqual([
      'aws_cloudwatch_log_group',
      'aws_iam_access_key',
      'aws_iam_role',
      'aws_iam_role_policy',
      'aws_iam_user',
      'aws_lambda_function',
      'aws_lambda_permission',
      'aws_secretsmanager_secret',
      'aws_secretsmanager_secret_rotation',
      'aws_secretsmanager_secret_version',
    ]);
  },
);

it('a resource is compared with a resource, however many there are of each', () => {
  const run = (seconds: number) => ({ seconds, cpuSeconds: 2 * seconds });
  const applied = (count: number, seconds: number, calls: number) => ({
    ...{ firstPlan: run(1), apply: run(seconds), secondPlan: run(seconds), secondPlanCalls: calls },
    ...{ resources: { aws_iam_user: count / 2, aws_iam_role: count / 2 }, stateKilobytes: 1 },
  });
  const own = applied(140, 28, 280);
  const byHand = applied(100, 10, 100);
  const compared = [
    { users: 100, functions: 'per-user', own, byHand },
    // Only the first is what a limit is about.
    { users: 100, functions: 'shared', own: applied(2, 99, 99), byHand },
  ];
  const found = Object.fromEntries(
    terraformBenchmarks[0].limits.map(({ what, found: figure }) => [
      what.split(' of ')[0],
      figure({ compared }),
    ]),
  );
  expect(found).toEqual({ seconds: 2, CPU: 2, 'calls to AWS': 2 });
});
