import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface MeasuredRun {
  /** User and system. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

/** Runs a program of Node.js in a folder, to its end. @throws Error with what it said, where it failed */
export async function runMeasured(folder: string, args: readonly string[]): Promise<MeasuredRun> {
  const measuring = ['-r', join(__dirname, 'peak-memory.cjs'), '--disable-warning=DEP0044'];
  const child = spawn(process.execPath, [...measuring, ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (told += part));
  const [code] = (await once(child, 'close')) as [number | null];
  const [, peak, cpu] = /peak memory (\d+) kB, CPU (\d+) us/.exec(told) ?? [];
  if (code !== 0 || peak === undefined || cpu === undefined) throw new Error(`${args.join(' ')}: ${told}`);
  return { cpuSeconds: Math.round(Number(cpu) / 1e4) / 100, peakMegabytes: Math.round(Number(peak) / 1000) };
}
