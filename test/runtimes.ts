/**
 * The tests of what applications and Lambda run, on each Node.js that the functions may have: `npm run test:runtimes`.
 * Not everything else: synthesis, tools and tests run on the Node.js of who uses them.
 */
import { spawnSync } from 'node:child_process';

import { FUNCTION_RUNTIMES } from '../modules/node-function/lambda-runtime';
import { nodeOf } from '../sandbox/lambda/node-binary';

const ROOMS = ['contract', 'handlers', 'client'].map((room) => `test/${room}/`);
const JEST = [require.resolve('jest/bin/jest'), ...ROOMS, '--selectProjects', 'unit', '--maxWorkers=2'];

for (const runtime of FUNCTION_RUNTIMES) {
  const node = nodeOf(runtime);
  process.stderr.write(`${runtime}: ${node}\n`);
  const { status, error } = spawnSync(node, JEST, { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
