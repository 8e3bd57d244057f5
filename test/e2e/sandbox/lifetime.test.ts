import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { describeWithTools } from '../../sandbox/support/describe-with-tools';
import { descendantsOf, isAlive } from '../../support/processes';

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
      const children = descendantsOf(started.pid!);
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
