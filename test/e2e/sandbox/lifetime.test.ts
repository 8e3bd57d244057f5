import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { describeWithTools } from '../../sandbox/support/describe-with-tools';

jest.setTimeout(120_000);

describeWithTools('the local AWS never outlives the process that started it', () => {
  test.each(['SIGINT', 'SIGKILL'] as const)(
    'a local AWS that is ended by %s leaves no process',
    async (signal) => {
      const started = spawn(
        process.execPath,
        ['--import', 'tsx', join(__dirname, '../../../sandbox/main.ts')],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      const ended = once(started, 'exit');
      const [, endpoint = ''] = await untilPrinted(started.stdout, /AWS_ENDPOINT_URL='([^']+)'/);
      const children = await childrenOf(started.pid ?? 0);
      expect(children.length).toBeGreaterThan(0);
      await expect(fetch(endpoint)).resolves.toMatchObject({ status: 403 });

      started.kill(signal);
      const [exitCode] = (await ended) as [number | null];
      if (signal === 'SIGINT') expect(exitCode).toBe(0);
      while (children.some(isAlive)) await sleep(50);
    },
  );
});

/** Leaves the stream open: whoever prints into a closed one dies of it. */
function untilPrinted(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = '';
    stream.on('data', (chunk) => {
      text += String(chunk);
      const found = pattern.exec(text);
      if (found) resolve(found);
    });
    stream.on('end', () => reject(new Error(`It ended without printing ${String(pattern)}:\n${text}`)));
  });
}

/** The supervisor and moto. */
async function childrenOf(pid: number): Promise<number[]> {
  const ps = spawn('ps', ['-A', '-o', 'pid=,ppid='], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of ps.stdout) text += String(chunk);
  const parents = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const direct = parents.filter(([, parent]) => parent === pid).map(([child]) => child);
  return [...direct, ...parents.filter(([, parent]) => direct.includes(parent)).map(([child]) => child)];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: no such process.
    return false;
  }
}
