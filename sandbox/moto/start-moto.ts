import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { environmentWithoutAws } from '../environment-without-aws';
import { requireMoto } from './command';

/** For one that hangs; a busy machine has needed one minute. */
const START_LIMIT_MS = 5 * 60_000;

export interface RunningMoto {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts moto on a free port of 127.0.0.1 and waits until it answers. */
export async function startMoto(options: { readonly accountId: string }): Promise<RunningMoto> {
  const [command = '', ...args] = requireMoto();
  const { PYTHONPATH: path = '' } = process.env;
  const port = await freePort();
  const supervised = [command, ...args, '-H', '127.0.0.1', '-p', String(port)];
  const child = spawn(process.execPath, [join(__dirname, 'supervise.mjs'), ...supervised], {
    // Its own process group: Ctrl-C reaches us alone, and we stop it in order.
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: {
      // boto3 would look for the person's profile, and ask for its credentials.
      ...environmentWithoutAws(),
      MOTO_ACCOUNT_ID: options.accountId,
      // Without these, AttachUserPolicy of an AWS managed policy fails.
      MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
      PYTHONUNBUFFERED: '1',
      // Its sitecustomize.py has moto forget what it has deleted.
      PYTHONPATH: [join(__dirname, 'python'), ...(path === '' ? [] : [path])].join(delimiter),
    },
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-4000);
  });
  child.stdin.on('error', () => undefined); // It ended before we did; `exit` tells.
  try {
    await untilItAnswers(port, child, () => complaints);
  } catch (error) {
    child.stdin.end(); // Ends it, also one that hangs.
    throw error;
  }
  return {
    port,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

async function untilItAnswers(port: number, child: ChildProcess, complaints: () => string): Promise<void> {
  const giveUpAt = Date.now() + START_LIMIT_MS;
  for (;;) {
    if (Date.now() > giveUpAt)
      throw new Error(
        `moto did not answer within ${START_LIMIT_MS / 60_000} minutes. Its last words:\n${complaints()}`,
      );
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`moto ended before it answered. Its last words:\n${complaints()}`);
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/moto-api/data.json`, {
        signal: AbortSignal.timeout(START_LIMIT_MS),
      });
      await answer.arrayBuffer();
      if (answer.ok) return;
    } catch {
      // Not listening yet.
    }
    await sleep(50);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
