import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DeliveryTarget } from '../../contract/delivery';
import { DELIVER_ALL } from '../../contract/delivery-input';
import type { Milliseconds } from '../../contract/instant';
import type { DeliverySummary } from '../../handlers/core/delivery/deliver-all';
import { bundle } from '../../modules/node-function/bundle';
import { DELIVER_ACCESS_KEYS_ENTRY } from '../../modules/node-function/handler-entries';
import { nodeOf } from '../../sandbox/lambda/node-binary';
import { figuresOf } from './process-figures';
import { startStubAws } from './stub-aws';
import { TOKEN_SECRET } from './stub-deliveries';
import { startStubOutside } from './stub-outside';

const FIELDS = { AWS_ACCESS_KEY_ID: 'AccessKeyId', AWS_SECRET_ACCESS_KEY: 'SecretAccessKey' } as const;

/** A target of each kind that a key can go to. */
export const TARGETS: {
  readonly [Kind in DeliveryTarget['kind']]: (
    user: number,
    outside: string,
  ) => DeliveryTarget & { readonly kind: Kind };
} = {
  secret: (user) => ({ kind: 'secret', id: `targets/user_${user}`, fields: FIELDS }),
  parameter: (user) => ({ kind: 'parameter', name: `/targets/user_${user}` }),
  restart: (user) => ({
    kind: 'restart',
    ecsService: `arn:aws:ecs:eu-west-1:111122223333:service/targets/user_${user}`,
  }),
  githubActions: (user, outside) => ({
    ...{ kind: 'githubActions', repository: `example/user_${user}`, secrets: FIELDS },
    ...{ tokenSecret: TOKEN_SECRET, apiUrl: outside, allowPrivate: ['127.0.0.1'] },
  }),
  https: (user, outside) => ({
    ...{ kind: 'https', url: `${outside}/user_${user}`, method: 'PUT', tokenSecret: TOKEN_SECRET },
    headers: { authorization: 'Bearer {token}' },
    body: { format: 'json', template: '{"id":"{AccessKeyId}","secret":"{SecretAccessKey}"}' },
    allowPrivate: ['127.0.0.1'],
  }),
};

export interface DeliveryRun {
  readonly seconds: number;
  readonly cpuMilliseconds: number;
  readonly peakMegabytes: number;
  /** By service. */
  readonly calls: Readonly<Record<string, number>>;
}

/**
 * Has the delivery function, as it is deployed and in the Node.js of Lambda, look at all users once. None of them has its current
 * key at its target.
 *
 * @throws Error unless each target has it then
 */
export async function runDeliveries(
  kind: DeliveryTarget['kind'],
  { users, answersAfter }: { readonly users: number; readonly answersAfter?: Milliseconds },
): Promise<DeliveryRun> {
  const outside = await startStubOutside(answersAfter);
  const aws = await startStubAws({
    ...{ users, iamCallsPerSecondAllowed: 'any', answersAfter },
    deliver: (user) => [TARGETS[kind](user, outside.url)],
  });
  const folder = mkdtempSync(join(tmpdir(), 'bench-deliveries-'));
  const [file, authority] = [join(folder, 'index.mjs'), join(folder, 'authority.pem')];
  writeFileSync(file, bundle(DELIVER_ACCESS_KEYS_ENTRY)[0]!.bytes);
  writeFileSync(authority, outside.authority);
  const child = fork(join(__dirname, 'invoke.mjs'), [file, JSON.stringify(DELIVER_ALL)], {
    execPath: nodeOf('nodejs22.x'),
    execArgv: [],
    env: {
      ...{
        TABLE_NAME: 'iam-key-rotation',
        STACK: 'iam-key-rotation',
        SECRET_NAME_PREFIX: 'iam-key-rotation',
      },
      ...{ AWS_ENDPOINT_URL: aws.endpoint, AWS_REGION: 'eu-west-1', NODE_EXTRA_CA_CERTS: authority },
      ...{ AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'not-a-secret' },
      AWS_LAMBDA_FUNCTION_NAME: 'iam-key-rotation-deliver',
    },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  try {
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`The delivery function has ended: ${String(code)}`);
    });
    const message = async <Message>(): Promise<Message> => {
      const [received] = (await Promise.race([once(child, 'message'), ended])) as [Message];
      return received;
    };
    await message(); // It is loaded.
    const before = figuresOf(child.pid!);
    child.send({});
    const { begins } = await message<{ begins: number }>();
    const { result } = await message<{ result?: DeliverySummary }>();
    const seconds = (Number(process.hrtime.bigint()) - begins) / 1e9;
    const after = figuresOf(child.pid!);
    if (result?.delivered !== users)
      throw new Error(`Not every key was delivered (${kind}): ${JSON.stringify(result)}`);
    const byService = new Map([['outside AWS', outside.calls.all]]);
    for (const [target, count] of aws.calls.byTarget) {
      const service = serviceOf(target);
      byService.set(service, (byService.get(service) ?? 0) + count);
    }
    return {
      seconds,
      cpuMilliseconds: after.cpuMilliseconds - before.cpuMilliseconds,
      peakMegabytes: after.peakMegabytes,
      calls: Object.fromEntries(byService),
    };
  } finally {
    child.kill();
    aws.stop();
    outside.stop();
    rmSync(folder, { recursive: true });
  }
}

const SERVICES: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'DynamoDB',
  secretsmanager: 'Secrets Manager',
  AmazonSSM: 'Systems Manager',
  AmazonEC2ContainerServiceV20141113: 'ECS',
  AWSEvents: 'EventBridge',
};

/** @param target as in the header `x-amz-target`: `secretsmanager.GetSecretValue` */
function serviceOf(target: string): string {
  const [prefix = ''] = target.split('.');
  return SERVICES[prefix] ?? prefix;
}
