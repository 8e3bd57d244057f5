import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { bundleOf, ROOT } from './bundle';

/** What `npm run simulate -- ...args` does. */
export async function simulate(...args: readonly string[]): Promise<string> {
  return inOwnProcess(['-', ...args], await bundleOf(join(__dirname, 'run.ts')));
}

/** What `npx tsx test/simulation/emergency/run.ts ...args` does. */
export async function simulateEmergency(...args: readonly string[]): Promise<string> {
  return inOwnProcess(['-', ...args], await bundleOf(join(__dirname, 'emergency/run.ts')));
}

/** What `npx tsx test/simulation/mutants/run.ts` does: it bundles each mutant itself. */
export const turnOffSafeguards = (): Promise<string> =>
  inOwnProcess(['--import', 'tsx', join(__dirname, 'mutants/run.ts')]);

/**
 * Runs Node.js as a person would, and shows the summary. In a process of its own, because in Jest's (each global name is
 * looked up through its sandbox) the same histories take seven times as long.
 *
 * @param input what it reads from stdin
 * @returns all that it printed.
 * @throws with all that it printed, if it found something.
 */
async function inOwnProcess(args: readonly string[], input = ''): Promise<string> {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  child.stdin.end(input);
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (status !== 0) throw new Error(stdout + stderr);
  // Jest's console would put a stack trace beside it.
  process.stdout.write(
    stdout
      .split('\n')
      .filter((line) => line.startsWith('simulation:'))
      .join('\n') + '\n',
  );
  return stdout;
}
