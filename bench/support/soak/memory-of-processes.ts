import { readdirSync, readFileSync } from 'node:fs';

/** What a process has in memory, at a moment. */
export interface ProcessMemory {
  readonly pid: number;
  /** As a person would call it. */
  readonly name: string;
  readonly megabytes: number;
}

/** Of this process and all that came of it, as Linux counts resident memory. @param names of processes that are known by id */
export function memoryOfProcesses(names: ReadonlyMap<number, string>): readonly ProcessMemory[] {
  const children = childrenByParent();
  const found: ProcessMemory[] = [];
  const visit = (pid: number): void => {
    const status = readProcess(pid, 'status');
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? '')?.[1];
    if (kilobytes !== undefined)
      found.push({ pid, name: names.get(pid) ?? nameOf(pid), megabytes: Number(kilobytes) / 1000 });
    for (const child of children.get(pid) ?? []) visit(child);
  };
  visit(process.pid);
  return found;
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = /^PPid:\s+(\d+)$/m.exec(readProcess(Number(entry), 'status') ?? '')?.[1];
    if (parent === undefined) continue;
    children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(entry)]);
  }
  return children;
}

function nameOf(pid: number): string {
  const command = readProcess(pid, 'cmdline') ?? '';
  const ofFunction = /AWS_LAMBDA_FUNCTION_NAME=([^\0]+)/.exec(readProcess(pid, 'environ') ?? '')?.[1];
  if (command.includes('bootstrap.mjs') && ofFunction !== undefined) return `function ${ofFunction}`;
  if (command.includes('supervise.mjs')) return 'what ends moto with the local AWS';
  if (/moto[._]server/.test(command)) return 'moto';
  if (command.startsWith('sh\0')) return 'shell that ends a function with the local AWS';
  if (command.includes('esbuild')) return 'esbuild';
  return command.split('\0')[0] ?? '';
}

/** Undefined: the process has gone. */
function readProcess(pid: number, file: 'status' | 'cmdline' | 'environ'): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
