import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

import { nodeOf } from '../../sandbox/lambda/node-binary';
import { makeCertificates, type Certificates } from '../../test/handlers/outside/support/certificates';
import { figuresOf, type ProcessFigures } from './process-figures';

/** What one process of a function took on its way to AWS. */
export interface FirstCall {
  /** From the start of the process to its first call, and what it had used by then. */
  readonly cold: ProcessFigures & { readonly milliseconds: number };
  /** From the begin of a later invocation to its first call. */
  readonly warmMilliseconds: number;
  /** After all invocations. */
  readonly peakMegabytes: number;
}

const WARM_INVOCATIONS = 20;

let made: Certificates | undefined;
/** Made once: it takes longer than what is measured. */
const certificates = (): Certificates => (made ??= makeCertificates('127.0.0.1'));

const now = (): number => Number(process.hrtime.bigint());

/**
 * Starts a bundle in the Node.js of Lambda and invokes it, with a server in the place of AWS that refuses every call. As AWS does,
 * it speaks HTTPS: for HTTP the SDK would load other parts of Node.js, a fifth of a cold start, that no function has on AWS.
 */
export async function firstCallOf(
  file: string,
  event: unknown,
  environment: Readonly<Record<string, string>>,
): Promise<FirstCall> {
  let onCall: () => void = () => undefined;
  const { authority, key, certificate: cert } = certificates();
  const authorityFile = join(dirname(file), 'authority.pem');
  writeFileSync(authorityFile, authority);
  const server = createServer({ key, cert }, (request, response) => {
    onCall();
    request
      .resume()
      .on('end', () =>
        response
          .writeHead(400, { 'x-amzn-requestid': 'r', 'content-type': 'application/x-amz-json-1.0' })
          .end(JSON.stringify({ __type: 'AccessDeniedException', message: 'no' })),
      );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const begun = now();
  const child = fork(join(__dirname, 'invoke.mjs'), [file, JSON.stringify(event)], {
    execPath: nodeOf('nodejs22.x'),
    execArgv: [],
    env: {
      ...environment,
      ...{ AWS_ENDPOINT_URL: `https://127.0.0.1:${port}`, AWS_REGION: 'eu-west-1' },
      NODE_EXTRA_CA_CERTS: authorityFile,
      ...{ AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'not-a-secret' },
      ...{ AWS_MAX_ATTEMPTS: '1', AWS_LAMBDA_FUNCTION_NAME: 'iam-key-rotation-bench' },
    },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  try {
    let invokedAt = 0;
    const called = (): Promise<number> => new Promise((resolve) => (onCall = () => resolve(now())));
    const invoke = async (onFirst: () => void): Promise<number> => {
      const first = called().then((at) => {
        onCall = () => undefined;
        onFirst();
        return at;
      });
      const over = new Promise<void>((resolve, reject) => {
        const listen = (message: { readonly begins?: number }): void => {
          if (message.begins !== undefined) {
            invokedAt = message.begins;
            return;
          }
          child.off('message', listen).off('exit', fail);
          resolve();
        };
        const fail = (code: number | null): void => {
          reject(new Error(`The function ended with ${code}.`));
        };
        child.on('message', listen).on('exit', fail);
      });
      child.send({});
      const at = await first;
      await over;
      return at;
    };
    await once(child, 'message'); // It is loaded.
    let used: ProcessFigures | undefined;
    const at = await invoke(() => (used = figuresOf(child.pid!)));
    if (used === undefined) throw new Error('The function made no call.');
    const cold = { milliseconds: (at - begun) / 1e6, ...used };
    const warm: number[] = [];
    for (let times = 0; times < WARM_INVOCATIONS; times += 1)
      warm.push(((await invoke(() => undefined)) - invokedAt) / 1e6);
    return { cold, warmMilliseconds: Math.min(...warm), peakMegabytes: figuresOf(child.pid!).peakMegabytes };
  } finally {
    child.kill();
    server.close();
    server.closeAllConnections();
  }
}
