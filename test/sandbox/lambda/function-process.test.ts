import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  FunctionProcess,
  type Invocation,
  type ProcessInput,
} from '../../../sandbox/lambda/function-process';
import { HAS_PACKAGES } from '../../../sandbox/lambda/node-binary';
import { isAlive } from '../../support/processes';

const DAY_MS = 86_400_000;
let taskRoot: string;

beforeEach(() => (taskRoot = mkdtempSync(join(tmpdir(), 'function-process-'))));
afterEach(() => {
  rmSync(taskRoot, { recursive: true });
});

const processes: FunctionProcess[] = [];
afterEach(async () => {
  for (const process of processes) process.kill();
  await Promise.all(processes.splice(0).map(({ ended }) => ended));
});

/** A process of a function whose module has this code, and that has not been invoked. */
function start(code: string, input: Partial<ProcessInput> = {}): FunctionProcess {
  writeFileSync(join(taskRoot, 'index.mjs'), code);
  const process = new FunctionProcess({
    ...{ taskRoot, handler: 'index.handler', runtime: 'nodejs22.x', environment: {} },
    ...input,
  });
  processes.push(process);
  return process;
}

const invocation = (input: Partial<Invocation> = {}): Invocation => ({
  ...{ requestId: 'request-1', event: '{}', timeoutMs: 20_000, clockShiftMs: 0, context: {} },
  ...input,
});

/** The first invocation of a function whose handler has this body. */
function run(body: string, input: Partial<ProcessInput & Invocation> = {}) {
  const process = start(`export const handler = async (event, context) => {${body}};`, input);
  return { process, outcome: process.invoke(invocation(input)) };
}

test('the handler gets event, context and environment, and nothing of ours', async () => {
  const { outcome } = run('return { event, id: context.awsRequestId, env: process.env };', {
    ...{ event: '{"a":1}', context: { awsRequestId: 'request-1' }, environment: { TABLE_NAME: 't' } },
  });
  await expect(outcome).resolves.toEqual({
    payload: JSON.stringify({ event: { a: 1 }, id: 'request-1', env: { TABLE_NAME: 't' } }),
  });
});

(HAS_PACKAGES ? test : test.skip).each([
  ['nodejs22.x', 'v22.'],
  ['nodejs24.x', 'v24.'],
])('a function of the runtime %s runs on Node.js %s', async (runtime, version) => {
  const { payload } = (await run('return process.version;', { runtime }).outcome) as { payload: string };
  expect(payload).toContain(version);
});

test('an error is described as Lambda does, and logged', async () => {
  const { process, outcome } = run(
    "class Busy extends Error { name = 'Busy' }; throw new Busy('both slots are taken');",
  );
  await expect(outcome).resolves.toMatchObject({
    error: { errorType: 'Busy', errorMessage: 'both slots are taken', trace: expect.any(Array) as string[] },
  });
  expect(process.takeOutput()).toContain('both slots are taken');
});

test('all output has arrived with the outcome', async () => {
  const { process, outcome } = run("for (let i = 0; i < 20000; i += 1) console.log('line', i); return 1;");
  await outcome;
  expect(process.takeOutput()).toMatch(/line 19998\nline 19999\n$/);
});

test('a function is killed at its time limit', async () => {
  const { outcome } = run('for (;;) {}', { timeoutMs: 200 });
  await expect(outcome).resolves.toEqual({
    error: {
      errorType: 'Sandbox.Timedout',
      errorMessage: 'RequestId: request-1 Error: Task timed out after 0.20 seconds',
    },
  });
});

test('a function that is killed from outside says so', async () => {
  const { process, outcome } = run('await new Promise((resolve) => setTimeout(resolve, 60000));');
  process.kill();
  await expect(outcome).resolves.toMatchObject({
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

test('the clock of a function can be set ahead from outside, while durations stay', async () => {
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

describe('a process that is kept between two invocations', () => {
  it('a process that is kept goes on with what its module remembers, and gets a clock and a request of its own each time', async () => {
    const process = start(
      `let count = 0;
       export const handler = async (event, context) => {
         console.log('run', count += 1);
         return { count, ahead: Math.round((Date.now() - context.sentAt) / ${DAY_MS}) };
       };`,
    );
    const invoke = async (days: number) => {
      const context = { sentAt: Date.now() };
      const outcome = await process.invoke(invocation({ clockShiftMs: days * DAY_MS, context }));
      process.freeze();
      return {
        ...(JSON.parse((outcome as { payload: string }).payload) as object),
        log: process.takeOutput(),
      };
    };

    expect(await invoke(0)).toEqual({ count: 1, ahead: 0, log: 'run 1\n' });
    expect(await invoke(3)).toEqual({ count: 2, ahead: 3, log: 'run 2\n' });
    expect(await invoke(1)).toEqual({ count: 3, ahead: 1, log: 'run 3\n' });
  });

  it('a process does nothing while it is frozen', async () => {
    const process = start(
      `let [last, longest] = [performance.now(), 0];
       const tick = () => {
         const now = performance.now();
         longest = Math.max(longest, now - last);
         last = now;
       };
       setInterval(tick, 10);
       export const handler = async () => {
         tick();
         const gap = longest;
         longest = 0;
         return gap;
       };`,
    );
    /** Between two of its ticks, since it was last asked. */
    const longestGap = async () =>
      Number(((await process.invoke(invocation())) as { payload: string }).payload);
    await longestGap();
    process.freeze();
    await sleep(1000);

    // It ticks a little before it is stopped and after it goes on, and not between: how often says how busy the machine is.
    expect(await longestGap()).toBeGreaterThanOrEqual(900);
  });

  it('a process goes on after an invocation that failed, and not after an error that nobody caught', async () => {
    const process = start(
      `export const handler = async ({ how }) => {
         if (how === 'throw') throw new Error('failed');
         if (how === 'late') { Promise.reject(new Error('late')); await new Promise(() => {}); }
         return how;
       };
       setInterval(() => undefined, 1000);`,
    );
    const invoke = (how: string) => process.invoke(invocation({ event: JSON.stringify({ how }) }));

    await expect(invoke('throw')).resolves.toMatchObject({ error: { errorMessage: 'failed' } });
    expect(process.isAlive).toBe(true);
    await expect(invoke('return')).resolves.toEqual({ payload: '"return"' });
    await expect(invoke('late')).resolves.toMatchObject({ error: { errorMessage: 'late' } });
    expect(process.isAlive).toBe(false);
  });

  it('a frozen process does not outlive the process that froze it, however abruptly that one ends', async () => {
    writeFileSync(join(taskRoot, 'index.mjs'), 'export const handler = () => process.pid;');
    const program = `
      const { FunctionProcess } = require(${JSON.stringify(require.resolve('../../../sandbox/lambda/function-process'))});
      const frozen = new FunctionProcess(${JSON.stringify({ taskRoot, handler: 'index.handler', runtime: 'nodejs22.x', environment: {} })});
      frozen.invoke(${JSON.stringify(invocation())}).then(({ payload }) => {
        frozen.freeze();
        console.log(payload);
        setInterval(() => undefined, 1000);
      });`;
    const starter = spawn(process.execPath, ['--require', 'tsx/cjs', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [printed] = (await once(starter.stdout, 'data')) as [Buffer];
    const frozen = Number(printed.toString());
    expect(isAlive(frozen)).toBe(true);

    starter.kill('SIGKILL');
    while (isAlive(frozen)) await sleep(20);
  });
});

test('what sleeps wakes when the clock is set past its moment, and not before', async () => {
  const process = start(
    `import { setTimeout as sleep } from 'node:timers/promises';
     export const handler = async () => {
       const began = Date.now();
       console.log('sleeps');
       await sleep(60_000);
       return Date.now() - began;
     };`,
  );
  let isOver = false;
  const outcome = process.invoke(invocation()).finally(() => (isOver = true));
  let output = '';
  while (!output.includes('sleeps')) {
    await sleep(20);
    output += process.takeOutput();
  }
  process.setClock(50_000);
  await sleep(100);
  expect(isOver).toBe(false);
  process.setClock(70_000);
  const { payload } = (await outcome) as { payload: string };
  expect(Number(payload)).toBeGreaterThanOrEqual(70_000);
});
