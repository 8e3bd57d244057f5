import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { ServedFunction } from '../../../bench/support/served-function';

const SUPPORT = resolve(__dirname, '../../../bench/support');
const hasPython = spawnSync('python3', ['-c', ''], { stdio: 'ignore' }).status === 0;

const IN_JAVASCRIPT = `
let invoked = 0;
export async function handler(event) {
  if (event.end) process.exit(3);
  invoked += 1;
  if (event.expect !== invoked) throw new Error(\`invoked \${invoked} times\`);
}`;
const IN_PYTHON = `
import os
invoked = 0
def lambda_handler(event, _context):
    global invoked
    if event.get("end"):
        os._exit(3)
    invoked += 1
    if event["expect"] != invoked:
        raise ValueError(f"invoked {invoked} times")
`;

describe.each([
  ['JavaScript', process.execPath, 'serve.mjs', 'index.mjs', IN_JAVASCRIPT, true],
  ['Python', 'python3', 'python/serve.py', 'function.py', IN_PYTHON, hasPython],
])('a function in %s', (_language, command, server, file, code, isThere) => {
  const itThere = isThere ? it : it.skip;
  let folder: string;
  let served: ServedFunction;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'served-function-'));
    const path = join(folder, file);
    writeFileSync(path, code);
    const environment = { PATH: process.env['PATH'] ?? '', HOME: folder };
    served = new ServedFunction({ command, args: [join(SUPPORT, server), path], environment });
  });
  afterEach(async () => {
    await served.stop();
    rmSync(folder, { recursive: true });
  });

  itThere('stays from one invocation to the next', async () => {
    await served.invoke({ expect: 1 });
    await served.invoke({ expect: 2 });
    await expect(served.invoke({ expect: 2 })).rejects.toThrow('invoked 3 times');
    await served.invoke({ expect: 4 });
  });

  itThere('whose process ends is told with how it ended', async () => {
    await expect(served.invoke({ end: true })).rejects.toThrow('ended with 3');
  });
});
