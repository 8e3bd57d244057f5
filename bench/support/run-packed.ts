import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { SECOND } from '../../contract/instant';
import { COMMAND_FILE } from '../../release/build-command';

/** What a command took, as a process of its own. */
export interface RunOfCommand {
  readonly stdout: string;
  readonly seconds: number;
  /** The most resident memory. */
  readonly peakMegabytes: number;
}

/** Runs a command as it was packed last. @throws Error with what it said, where it printed nothing */
export async function runPacked(args: readonly string[], endpoint: string): Promise<RunOfCommand> {
  const begun = Date.now();
  const child = spawn(process.execPath, ['-r', join(__dirname, 'peak-memory.cjs'), COMMAND_FILE, ...args], {
    env: {
      ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'eu-west-1', NODE_NO_WARNINGS: '1' },
      ...{ AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'not-a-secret' },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  let told = '';
  child.stdout.on('data', (part: Buffer) => out.push(part));
  child.stderr.on('data', (part: Buffer) => (told += part.toString()));
  await once(child, 'close');
  if (out.length === 0) throw new Error(told);
  return {
    stdout: Buffer.concat(out).toString(),
    seconds: Math.round((Date.now() - begun) / SECOND),
    peakMegabytes: Math.round(Number(/peak memory (\d+) kB/.exec(told)?.[1]) / 1000),
  };
}
