/*
 * `status` over 5,000 users, as a process of its own, against an AWS that answers at once and throttles IAM beyond 20 calls a
 * second, or not at all. `npm run bench:status` prints seconds, calls and the peak of resident memory as JSON. The limit that
 * is asked of it is 200 MB.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { marshall } from '@aws-sdk/util-dynamodb';

import { journalItemKey, settingsItemKey } from '../contract/table';

const CLI = join(__dirname, '../dist/cli.js');
const PAGE = 500;

interface Measured {
  readonly users: number;
  readonly iamCallsPerSecondAllowed: number | 'any';
  readonly seconds: number;
  readonly iamCalls: number;
  readonly peakMegabytes: number;
}

const arnOf = (n: number): string =>
  `arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/user_${n}-AbCdEf`;
const keyOf = (n: number): string => `AKIA${String(n).padStart(9, 'A')}EXAMPLE`;
const since = '2026-01-01T00:00:00.000Z';

function itemsOf(n: number): readonly Record<string, unknown>[] {
  const stableKey = `user_${n}`;
  return [
    {
      pk: settingsItemKey(stableKey),
      ...{
        stableKey,
        accountId: '111122223333',
        userName: stableKey,
        userId: `AIDA${n}`,
        secretArn: arnOf(n),
      },
      ...{ overlapSeconds: 86_400, gracePeriodSeconds: 604_800, maximumKeyAgeSeconds: 315_360_000 },
      ...{ whenStillInUse: 'hold', owner: `team-${n % 50}` },
    },
    {
      pk: journalItemKey(stableKey),
      journal: {
        ...{ userId: `AIDA${n}`, secretArn: arnOf(n), previous: [] },
        current: { keyId: keyOf(n), versionId: 'v1', since },
      },
    },
  ];
}

async function measure(users: number, allowed: number | 'any'): Promise<Measured> {
  let [iamCalls, tokens, filledAt] = [0, 20, Date.now()];
  const isAllowed = (): boolean => {
    iamCalls += 1;
    if (allowed === 'any') return true;
    tokens = Math.min(20, tokens + ((Date.now() - filledAt) / 1000) * allowed);
    filledAt = Date.now();
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const action =
        request.headers['x-amz-target']?.toString().split('.').pop() ??
        new URLSearchParams(body).get('Action');
      const isIam = action === 'ListAccessKeys' || action === 'GetAccessKeyLastUsed';
      if (isIam && !isAllowed()) {
        response
          .writeHead(400, { 'x-amzn-requestid': 'r' })
          .end(
            '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>',
          );
        return;
      }
      response
        .writeHead(200, { date: new Date().toUTCString(), 'x-amzn-requestid': 'r' })
        .end(answer(action, body, users));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const begun = Date.now();
  const child = spawn(process.execPath, ['-r', join(__dirname, 'peak-memory.cjs'), CLI, 'status', '--json'], {
    env: {
      ...{ AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_REGION: 'eu-west-1', NODE_NO_WARNINGS: '1' },
      ...{ AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'not-a-secret' },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  let told = '';
  child.stdout.on('data', (part: Buffer) => out.push(part));
  child.stderr.on('data', (part: Buffer) => (told += part.toString()));
  await once(child, 'close');
  server.close();
  if (out.length === 0) throw new Error(told);
  const shown = (JSON.parse(Buffer.concat(out).toString()) as { users: readonly unknown[] }).users.length;
  if (shown !== users) throw new Error(`status showed ${shown} of ${users} users: ${told}`);
  const peak = Number(/peak memory (\d+) kB/.exec(told)?.[1]);
  return {
    users,
    iamCallsPerSecondAllowed: allowed,
    seconds: Math.round((Date.now() - begun) / 1000),
    iamCalls,
    peakMegabytes: Math.round(peak / 1000),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function answer(action: string | null, body: string, users: number): string {
  switch (action) {
    case 'Scan': {
      const { ExclusiveStartKey } = JSON.parse(body) as { ExclusiveStartKey?: { pk: { S: string } } };
      const from = Number(ExclusiveStartKey?.pk.S ?? 0);
      const to = Math.min(users, from + PAGE);
      const numbers = Array.from({ length: to - from }, (_, index) => from + index);
      const Items = numbers.flatMap(itemsOf).map((item) => marshall(item));
      return JSON.stringify({
        Items,
        ...(to < users ? { LastEvaluatedKey: { pk: { S: String(to) } } } : {}),
      });
    }
    case 'DescribeSecret': {
      const { SecretId } = JSON.parse(body) as { SecretId: string };
      return JSON.stringify({
        ARN: SecretId,
        RotationEnabled: true,
        VersionIdsToStages: { v1: ['AWSCURRENT'] },
      });
    }
    case 'ListAccessKeys': {
      const user = new URLSearchParams(body).get('UserName') ?? '';
      const id = keyOf(Number(user.slice('user_'.length)));
      return `<ListAccessKeysResponse><ListAccessKeysResult><IsTruncated>false</IsTruncated><AccessKeyMetadata><member><UserName>${user}</UserName><AccessKeyId>${id}</AccessKeyId><Status>Active</Status><CreateDate>${since}</CreateDate></member></AccessKeyMetadata></ListAccessKeysResult></ListAccessKeysResponse>`;
    }
    case 'GetAccessKeyLastUsed':
      return `<GetAccessKeyLastUsedResponse><GetAccessKeyLastUsedResult><UserName>u</UserName><AccessKeyLastUsed><LastUsedDate>${since}</LastUsedDate><ServiceName>s3</ServiceName><Region>eu-west-1</Region></AccessKeyLastUsed></GetAccessKeyLastUsedResult></GetAccessKeyLastUsedResponse>`;
    default:
      return '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/x</Arn><UserId>x</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';
  }
}

async function main(): Promise<void> {
  const results: Measured[] = [];
  for (const [users, allowed] of [
    [1000, 'any'],
    [5000, 'any'],
    [1000, 20],
  ] as const)
    results.push(await measure(users, allowed));
  console.log(JSON.stringify(results, undefined, 2));
}

void main();
