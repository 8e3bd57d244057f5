import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { rounded } from './benchmark';

export interface MeasuredRun {
  /** User and system, of the program and of those that it runs. */
  readonly cpuSeconds: number;
  /** Of the program alone. */
  readonly peakMegabytes: number;
}

/** Runs a program of Node.js in a folder, to its end. @throws Error with what it said, where it failed */
export async function runMeasured(folder: string, args: readonly string[]): Promise<MeasuredRun> {
  const measuring = ['-r', join(__dirname, 'peak-memory.cjs'), '--disable-warning=DEP0044'];
  const child = spawn(process.execPath, [...measuring, ...args], {
    cwd: folder,
    // A bundler that stays with a thread until the end would be counted nowhere.
    env: { ...process.env, ESBUILD_WORKER_THREADS: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (told += part));
  const [code] = (await once(child, 'close')) as [number | null];
  const figures = /peak memory (\d+) kB, CPU (\d+) us, (\d+) us of children/.exec(told)?.slice(1).map(Number);
  const [peak = NaN, own = NaN, children = NaN] = figures ?? [];
  if (code !== 0 || figures === undefined) throw new Error(`${args.join(' ')}: ${told}`);
  return { cpuSeconds: rounded((own + children) / 1e6, 2), peakMegabytes: rounded(peak / 1_000) };
}
