import { readdirSync, readFileSync } from 'node:fs';

/** What a process has used up to now, as Linux counts it. */
export interface ProcessFigures {
  /** Of all its threads, user and system. */
  readonly cpuMilliseconds: number;
  /** The most resident memory that it had. */
  readonly peakMegabytes: number;
}

/** @throws Error where the process is gone, or this is no Linux. */
export function figuresOf(pid: number): ProcessFigures {
  const tasks = readdirSync(`/proc/${pid}/task`);
  // The first number is the time on a processor, in nanoseconds.
  const onProcessor = tasks.map((task) =>
    Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
  );
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (peak === undefined) throw new Error(`Process ${pid} has no memory any more.`);
  return {
    cpuMilliseconds: onProcessor.reduce((sum, time) => sum + time, 0) / 1e6,
    peakMegabytes: Number(peak) / 1000,
  };
}
