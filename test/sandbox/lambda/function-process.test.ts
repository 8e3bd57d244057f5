import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FunctionProcess, type ProcessInput } from '../../../sandbox/lambda/function-process';

const DAY_MS = 86_400_000;
let taskRoot: string;

beforeEach(() => (taskRoot = mkdtempSync(join(tmpdir(), 'function-process-'))));
afterEach(() => {
  rmSync(taskRoot, { recursive: true });
});

function run(handler: string, input: Partial<ProcessInput> = {}): FunctionProcess {
  writeFileSync(
    join(taskRoot, 'index.mjs'),
    `export const handler = async (event, context) => {${handler}};`,
  );
  return new FunctionProcess({
    ...{ requestId: 'request-1', taskRoot, handler: 'index.handler', event: '{}' },
    ...{ timeoutMs: 20_000, clockShiftMs: 0, context: {}, environment: {} },
    ...input,
  });
}

test('the handler gets event, context and environment, and nothing of ours', async () => {
  const { outcome } = run('return { event, id: context.awsRequestId, env: process.env };', {
    ...{ event: '{"a":1}', context: { awsRequestId: 'request-1' }, environment: { TABLE_NAME: 't' } },
  });
  await expect(outcome).resolves.toEqual({
    payload: JSON.stringify({ event: { a: 1 }, id: 'request-1', env: { TABLE_NAME: 't' } }),
  });
});

test('an error is described as Lambda does, and logged', async () => {
  const process = run("class Busy extends Error { name = 'Busy' }; throw new Busy('both slots are taken');");
  await expect(process.outcome).resolves.toMatchObject({
    error: { errorType: 'Busy', errorMessage: 'both slots are taken', trace: expect.any(Array) as string[] },
  });
  expect(process.output()).toContain('both slots are taken');
});

test('all output has arrived with the outcome', async () => {
  const process = run("for (let i = 0; i < 20000; i += 1) console.log('line', i); return 1;");
  await process.outcome;
  expect(process.output()).toContain('line 19999');
});

test('it is killed at its time limit', async () => {
  const process = run('for (;;) {}', { timeoutMs: 200 });
  await expect(process.outcome).resolves.toEqual({
    error: {
      errorType: 'Sandbox.Timedout',
      errorMessage: 'RequestId: request-1 Error: Task timed out after 0.20 seconds',
    },
  });
});

test('killed from outside, it says so', async () => {
  const process = run('await new Promise((resolve) => setTimeout(resolve, 60000));');
  process.kill();
  await expect(process.outcome).resolves.toMatchObject({
    error: {
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('signal: killed') as string,
    },
  });
});

test('a missing handler says so', async () => {
  const { outcome } = run('', { handler: 'index.main' });
  await expect(outcome).resolves.toMatchObject({ error: { errorType: 'Runtime.HandlerNotFound' } });
});

test('its clock can be set ahead from outside, while durations stay', async () => {
  const { outcome } = run(
    `const began = performance.now();
     return { now: Date.now(), fresh: new Date().getTime(), fixed: new Date(5).getTime(),
              isDate: new Date() instanceof Date, took: performance.now() - began };`,
    { clockShiftMs: 10 * DAY_MS },
  );
  const { payload } = (await outcome) as { payload: string };
  const seen = JSON.parse(payload) as Record<string, number>;
  expect(seen).toMatchObject({ fixed: 5, isDate: true });
  expect(seen['now']).toBeGreaterThan(Date.now() + 9 * DAY_MS);
  expect(seen['fresh']).toBeGreaterThan(Date.now() + 9 * DAY_MS);
  expect(seen['took']).toBeLessThan(DAY_MS);
});
