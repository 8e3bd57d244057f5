import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';

import { newCommand } from '../../cli/commands/check-plan';
import { replacementOf, staleFunctions } from '../../cli/check-plan/stale-functions';
import { findLosses } from '../../cli/check-plan/find-losses';
import { readPlan } from '../../cli/check-plan/read-plan';
import { summary } from '../../cli/check-plan/summary';
import { damaged, hostileTexts, outcomeOf, UNSEEN } from './support/hostile';

/* Who opens a pull request decides what the JSON of its plan holds. */

const user = (name: string, actions: readonly string[]) => ({
  ...{ address: `aws_iam_user.${name}`, mode: 'managed', type: 'aws_iam_user', name },
  change: { actions, before: { name }, after: null },
});
const PLAN = {
  ...{ format_version: '1.2', terraform_version: '1.11.4', errored: false, complete: true },
  planned_values: { root_module: { resources: [] } },
  configuration: {},
  resource_changes: [
    user('ci-deployer', ['delete']),
    user('backup', ['no-op']),
    {
      ...{ address: 'aws_lambda_function.ci', mode: 'managed', type: 'aws_lambda_function' },
      change: { actions: ['update'], before: { source_code_hash: 'a' }, after: { source_code_hash: 'b' } },
    },
  ],
  resource_drift: [user('gone', ['delete'])],
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plans-'));
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterAll(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const judge = (text: string) => {
  const file = join(folder, 'plan.json');
  writeFileSync(file, text);
  const plan = readPlan(file);
  summary(plan);
  replacementOf(staleFunctions(plan), plan);
  return findLosses(plan, []).refused;
};

it('a plan that somebody has damaged is judged or refused, and no other error ends it', async () => {
  expect(judge(JSON.stringify(PLAN)).map(({ address }) => address)).toEqual([
    'aws_iam_user.ci-deployer',
    'aws_iam_user.gone',
  ]);
  await fc.assert(
    fc.asyncProperty(damaged(PLAN), async (plan) => {
      let text: string;
      try {
        text = JSON.stringify(plan);
      } catch {
        // Deeper than JavaScript can write; JSON.parse reads it, see below.
        return;
      }
      await outcomeOf(() => judge(text), { errors: [Error] });
    }),
    { numRuns: 150 },
  );
});

it.each(['[', '{"a":'])('a plan that is nested without end by %s is refused in words', async (open) => {
  const close = open === '[' ? ']' : '}';
  const deep = `${open.repeat(100_000)}1${close.repeat(100_000)}`;
  const text = JSON.stringify({ ...PLAN, extra: 'HERE', resource_changes: 'HERE' }).replaceAll(
    '"HERE"',
    deep,
  );

  const outcome = await outcomeOf(() => judge(text), { errors: [Error] });
  expect('error' in outcome && outcome.error.message).toContain('is not the JSON of a plan');
});

it('a command that check-plan prints names an address as one word of the shell, in one line', async () => {
  await fc.assert(
    fc.asyncProperty(hostileTexts, async (key) => {
      const file = join(folder, 'keys.json');
      const address = `module.keys[${JSON.stringify(key)}].aws_iam_user.x`;
      const change = { ...user('x', ['delete']), address };
      writeFileSync(file, JSON.stringify({ ...PLAN, resource_changes: [change], resource_drift: [] }));
      const outcome = await outcomeOf(
        () => newCommand().exitOverride().parseAsync([file], { from: 'user' }),
        { errors: [Error] },
      );
      const message = 'error' in outcome ? outcome.error.message : '';
      const [line = ''] = message.split('\n').filter((one) => one.startsWith('  --allow '));
      expect(line.slice('  --allow '.length)).toMatch(/^'(?:[^']|'\\'')*'$/);
      expect(message).not.toMatch(UNSEEN);
    }),
    { numRuns: 100 },
  );
});
