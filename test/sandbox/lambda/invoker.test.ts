import { setTimeout as sleep } from 'node:timers/promises';

import { buildSync } from 'esbuild';
import { zipSync } from 'fflate';

import { SandboxClock } from '../../../sandbox/clock';
import type { ApiAnswer } from '../../../sandbox/front/api-call';
import type { LambdaFunction } from '../../../sandbox/lambda/functions';
import { Invoker } from '../../../sandbox/lambda/invoker';
import { UnpackedZips } from '../../../sandbox/lambda/unpacked-zips';
import { Moto } from '../../../sandbox/moto/moto';
import { isAlive } from '../../support/processes';
import { ACCOUNT, type FrontAlone, startFrontAlone } from '../support/front-alone';

/** Has the one role, and no log group. */
class MotoOfOneRole extends Moto {
  override query(): Promise<ApiAnswer> {
    return Promise.resolve({ status: 200, headers: {}, body: Buffer.from('<RoleId>AROAEXAMPLE</RoleId>') });
  }
  override json(): Promise<ApiAnswer> {
    return Promise.resolve({ status: 400, headers: {}, body: Buffer.from('{}') });
  }
}

/** Asks who it is over a client that it keeps, and sends nothing twice, as one has to do with a change. */
const CALLS_AWS = `
  import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
  import { NodeHttpHandler } from '@smithy/node-http-handler';
  const requestHandler = new NodeHttpHandler();
  const sts = new STSClient({ requestHandler, maxAttempts: 1 });
  export const handler = async ({ closes }) => {
    if (closes) requestHandler.destroy();
    await sts.send(new GetCallerIdentityCommand({}));
    return process.pid;
  };`;
const zip = Buffer.from(
  zipSync({
    'index.js': buildSync({
      stdin: { contents: CALLS_AWS, resolveDir: __dirname },
      ...{ write: false, bundle: true, platform: 'node', target: 'node22', format: 'cjs' },
    }).outputFiles[0]!.contents,
  }),
);

describe('a function in the local AWS that is invoked again', () => {
  let front: FrontAlone;
  let invoker: Invoker;

  async function start(concurrency: number): Promise<void> {
    const clock = new SandboxClock();
    front = await startFrontAlone({ clock });
    invoker = new Invoker({
      ...{ clock, moto: new MotoOfOneRole(0, 'eu-west-1'), zips, concurrency },
      ...{ sessions: front.sessions, connections: front.connections, endpoint: () => front.endpoint },
    });
  }
  const zips = new UnpackedZips();
  afterEach(async () => {
    await invoker.stop();
    await front.stop();
  });
  afterAll(zips.remove);

  const called = (name: string): LambdaFunction => ({
    ...{ name, zip, arn: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:${name}`, region: 'eu-west-1' },
    ...{
      roleArn: `arn:aws:iam::${ACCOUNT}:role/r`,
      grantee: undefined,
      handler: 'index.handler',
      runtime: 'nodejs22.x',
    },
    ...{ architectures: ['x86_64'], timeoutSeconds: 30, memoryMb: 128, environment: {}, loggingConfig: {} },
  });
  const invoke = (fn: LambdaFunction, requestId: string, closes = true) =>
    invoker.invoke(fn, JSON.stringify({ closes }), requestId);

  it('a function that is invoked again has lost the connections that it kept, without a word, and fails where it sends over one', async () => {
    await start(4);
    const fn = called('a');
    const first = await invoke(fn, '1', false);
    const second = await invoke(fn, '2', false);
    const third = await invoke(fn, '3', true);

    expect([first, second, third].map(({ failed }) => failed)).toEqual([false, true, false]);
    expect(second.payload).toContain('ECONNRESET');
    expect(third.payload).toBe(first.payload);
  });

  it('a function that is invoked again runs in the process of before, and its calls are those of the new invocation', async () => {
    await start(4);
    const fn = called('a');
    const [first, second] = [await invoke(fn, '1'), await invoke(fn, '2')];

    expect(second.payload).toBe(first.payload);
    expect(front.recorder.calls().map(({ principal }) => principal?.invocationId)).toEqual(['1', '2']);
  });

  it('a function gets another process while the first is busy', async () => {
    await start(4);
    const fn = called('a');
    const [first, second] = await Promise.all([invoke(fn, '1'), invoke(fn, '2')]);

    expect(second.payload).not.toBe(first.payload);
  });

  it('a function gets another process once it was changed, and one that was deleted leaves none', async () => {
    await start(4);
    const first = await invoke(called('a'), '1');
    const second = await invoke(called('a'), '2');
    expect(second.payload).not.toBe(first.payload);

    invoker.forget('a');
    for (const { payload } of [first, second]) while (isAlive(Number(payload))) await sleep(20);
  });

  it('a function gets another process where others needed the place of its own', async () => {
    await start(1);
    const [a, b] = [called('a'), called('b')];
    const first = await invoke(a, '1');
    await invoke(b, '2');

    expect((await invoke(a, '3')).payload).not.toBe(first.payload);
  });
});
