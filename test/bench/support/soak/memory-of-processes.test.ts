import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { memoryOfProcesses } from '../../../../bench/support/soak/memory-of-processes';

(process.platform === 'linux' ? it : it.skip)(
  'the memory of this process and of those that it started is told, by the names that are known',
  async () => {
    const child = spawn('sh', ['-c', 'sleep 60 & echo it runs; wait'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    try {
      await once(child.stdout, 'data');
      const look = () => memoryOfProcesses(new Map([[process.pid, 'the test']]));
      // What the shell starts is called like the shell for a moment.
      while (!look().some(({ name }) => name === 'sleep')) await sleep(20);
      const found = look();
      expect(found[0]).toMatchObject({ pid: process.pid, name: 'the test' });
      expect(found[0]!.megabytes).toBeGreaterThan(10);
      const names = found.map(({ name }) => name);
      expect(names).toContain('shell that ends a function with the local AWS');
      expect(names).toContain('sleep');
    } finally {
      process.kill(-child.pid!, 'SIGKILL');
      await once(child, 'close');
    }
  },
);
