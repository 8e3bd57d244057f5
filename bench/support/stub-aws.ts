import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import { marshall } from '@aws-sdk/util-dynamodb';

import type { DeliveryTarget } from '../../contract/delivery';
import { DAY, HOUR, MINUTE, SECOND, type Instant, type Milliseconds } from '../../contract/instant';
import { functionName } from '../../contract/names';
import { journalItemKey, settingsItemKey } from '../../contract/table';
import { TokenBucket } from './token-bucket';
import { deliveryAnswers } from './stub-deliveries';

/** What is in the account. */
export interface StubOptions {
  readonly users: number;
  /** So many of the users were rotated in the last 60 days: each has a key of that rotation, and its events. @default 0 */
  readonly rotations?: number;
  /** How often the secrets were read in the last 60 days. @default 0 */
  readonly reads?: number;
  /** Beyond so many calls a second IAM throttles, after 20 at once. */
  readonly iamCallsPerSecondAllowed: number | 'any';
  /** Where the key of a user goes besides. @default nowhere */
  readonly deliver?: (user: number) => readonly DeliveryTarget[];
  /** How long each answer takes. @default none */
  readonly answersAfter?: Milliseconds;
}

export interface StubAws {
  /** For AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  /** How many calls were answered so far, with those that were throttled. */
  readonly calls: {
    readonly iam: number;
    readonly all: number;
    readonly byTarget: ReadonlyMap<string, number>;
  };
  stop(): void;
}

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';
/** As many users as the table answers at once. */
const PAGE = 500;
const EVENTS_PAGE = 50;
const BURST = 20;

/** An AWS with a stack of many users, that answers at once. It keeps nothing, so that it takes no part in what is measured. */
export async function startStubAws(options: StubOptions): Promise<StubAws> {
  const calls = { iam: 0, all: 0, byTarget: new Map<string, number>() };
  const { iamCallsPerSecondAllowed: allowed } = options;
  const bucket =
    allowed === 'any' ? undefined : new TokenBucket({ perSecond: allowed, burst: BURST }, Date.now());
  const isAllowed = (): boolean => {
    calls.iam += 1;
    return bucket?.take(Date.now()) ?? true;
  };
  const answer = answers(options);
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      calls.all += 1;
      const target = request.headers['x-amz-target']?.toString();
      if (target !== undefined) calls.byTarget.set(target, (calls.byTarget.get(target) ?? 0) + 1);
      const action = target?.split('.').pop() ?? new URLSearchParams(body).get('Action');
      const isIam = action === 'ListAccessKeys' || action === 'GetAccessKeyLastUsed';
      if (isIam && !isAllowed()) {
        response
          .writeHead(400, { 'x-amzn-requestid': 'r' })
          .end(
            '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>',
          );
        return;
      }
      const send = (): void => {
        response
          .writeHead(200, { date: new Date().toUTCString(), 'x-amzn-requestid': 'r' })
          .end(answer(action, body));
      };
      if (options.answersAfter === undefined) send();
      else setTimeout(send, options.answersAfter);
    });
  });
  // A caller that keeps its connection longer than the server would otherwise meet a reset.
  server.keepAliveTimeout = MINUTE;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    stop() {
      server.close();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

const PREFIX = 'iam-key-rotation';
const arnOf = (n: number): string =>
  `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${PREFIX}/user_${n}-AbCdEf`;
/** Of the function that rotates a secret. */
const functionArnOf = (secretArn: string): string =>
  `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${functionName(PREFIX, /user_\d+/.exec(secretArn)![0])}`;
const keyOf = (n: number): string => `AKIA${String(n).padStart(9, 'A')}EXAMPLE`;
const formerKeyOf = (n: number): string => `AKIA${String(n).padStart(9, 'B')}EXAMPLE`;
const iso = (at: Instant): string => new Date(at).toISOString();

function answers(options: StubOptions): (action: string | null, body: string) => string {
  const { users, deliver = () => [] } = options;
  const now = Date.now();
  /** Since when the user's key is current: some day of the last 60. */
  const sinceOf = (n: number): Instant => now - HOUR - (n % 60) * DAY;
  const events = eventsOf(options, sinceOf, now);
  const deliveries = deliveryAnswers((itemKey) => {
    const n = Number(itemKey.split('_').pop());
    return itemsOf(n, sinceOf(n), deliver(n)).find(({ pk }) => pk === itemKey);
  }, keyOf);
  return (action, body) => {
    switch (action) {
      case 'Scan': {
        const { ExclusiveStartKey } = JSON.parse(body) as { ExclusiveStartKey?: { pk: { S: string } } };
        const from = Number(ExclusiveStartKey?.pk.S ?? 0);
        const to = Math.min(users, from + PAGE);
        const numbers = Array.from({ length: to - from }, (_, index) => from + index);
        const Items = numbers
          .flatMap((n) => itemsOf(n, sinceOf(n), deliver(n)))
          .map((item) => marshall(item));
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
          RotationLambdaARN: functionArnOf(SecretId),
          VersionIdsToStages: { v1: ['AWSCURRENT'] },
        });
      }
      case 'LookupEvents': {
        const { LookupAttributes, NextToken } = JSON.parse(body) as {
          LookupAttributes: readonly { AttributeValue: string }[];
          NextToken?: string;
        };
        const found = events.get(LookupAttributes[0]!.AttributeValue) ?? [];
        const from = Number(NextToken ?? 0);
        const to = from + EVENTS_PAGE;
        return JSON.stringify({
          Events: found
            .slice(from, to)
            .map(({ at, record }) => ({ EventTime: at / SECOND, CloudTrailEvent: JSON.stringify(record) })),
          ...(to < found.length ? { NextToken: String(to) } : {}),
        });
      }
      case 'ListAccessKeys': {
        const user = new URLSearchParams(body).get('UserName') ?? '';
        const n = Number(user.slice('user_'.length));
        return `<ListAccessKeysResponse><ListAccessKeysResult><IsTruncated>false</IsTruncated><AccessKeyMetadata><member><UserName>${user}</UserName><AccessKeyId>${keyOf(n)}</AccessKeyId><Status>Active</Status><CreateDate>${iso(sinceOf(n))}</CreateDate></member></AccessKeyMetadata></ListAccessKeysResult></ListAccessKeysResponse>`;
      }
      case 'GetAccessKeyLastUsed':
        return `<GetAccessKeyLastUsedResponse><GetAccessKeyLastUsedResult><UserName>u</UserName><AccessKeyLastUsed><LastUsedDate>${iso(now - DAY)}</LastUsedDate><ServiceName>s3</ServiceName><Region>${REGION}</Region></AccessKeyLastUsed></GetAccessKeyLastUsedResult></GetAccessKeyLastUsedResponse>`;
      default:
        if (action !== null && action in deliveries) return deliveries[action]!(JSON.parse(body) as never);
        return `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::${ACCOUNT}:user/x</Arn><UserId>x</UserId><Account>${ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
    }
  };
}

function itemsOf(
  n: number,
  since: Instant,
  deliver: readonly DeliveryTarget[],
): readonly Record<string, unknown>[] {
  const stableKey = `user_${n}`;
  return [
    {
      pk: settingsItemKey(stableKey),
      ...{
        stableKey,
        accountId: ACCOUNT,
        userName: stableKey,
        userId: `AIDA${n}`,
        secretArn: arnOf(n),
      },
      ...{ overlapSeconds: 86_400, gracePeriodSeconds: 604_800, maximumKeyAgeSeconds: 315_360_000 },
      ...{ whenStillInUse: 'hold', owner: `team-${n % 50}` },
      ...(deliver.length === 0 ? {} : { deliver }),
    },
    {
      pk: journalItemKey(stableKey),
      journal: {
        ...{ userId: `AIDA${n}`, secretArn: arnOf(n), previous: [] },
        current: { keyId: keyOf(n), versionId: 'v1', since: iso(since) },
      },
    },
  ];
}

interface Event {
  readonly at: Instant;
  readonly record: object;
}

/** By name, the newest first, with what a record of AWS weighs: about a kilobyte. */
function eventsOf(
  { users, rotations = 0, reads = 0 }: StubOptions,
  sinceOf: (n: number) => Instant,
  now: Instant,
): ReadonlyMap<string, readonly Event[]> {
  const events = new Map<string, Event[]>();
  const add = (name: string, at: Instant, own: object): void => {
    if (at > now) return;
    const record = { eventVersion: '1.11', eventName: name, awsRegion: REGION, ...ROLE, ...own };
    const ofName = events.get(name) ?? [];
    events.set(name, ofName);
    ofName.push({ at, record });
  };
  for (let n = 0; n < rotations; n += 1) {
    const [since, userName] = [sinceOf(n), `user_${n}`];
    const ofSecret = { additionalEventData: { SecretId: arnOf(n) } };
    add('RotationStarted', since - 10 * SECOND, ofSecret);
    add('CreateAccessKey', since - 9 * SECOND, {
      requestParameters: { userName },
      responseElements: { accessKey: { userName, accessKeyId: keyOf(n), status: 'Active' } },
    });
    add('RotationSucceeded', since, ofSecret);
    const former = { userName, accessKeyId: formerKeyOf(n) };
    add('UpdateAccessKey', since + DAY, { requestParameters: { ...former, status: 'Inactive' } });
    add('DeleteAccessKey', since + 8 * DAY, { requestParameters: former });
  }
  for (let n = 0; n < reads; n += 1) {
    const secretId = arnOf(n % users);
    add('GetSecretValue', now - HOUR - (n % 1440) * HOUR, { requestParameters: { secretId } });
  }
  for (const ofName of events.values()) ofName.sort((a, b) => b.at - a.at);
  return events;
}

const ROLE = {
  userIdentity: {
    type: 'AssumedRole',
    principalId: 'AROAEXAMPLE:session',
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/application/session`,
    accountId: ACCOUNT,
    sessionContext: {
      sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/application` },
      attributes: { creationDate: '2026-11-01T04:00:00Z', mfaAuthenticated: 'false' },
    },
  },
  sourceIPAddress: '10.20.4.17',
  userAgent: 'aws-sdk-js/3.1164.0 ua/2.1 os/linux#6.8 lang/js md/nodejs#22.20.0 api/secrets-manager#3.1164.0',
  tlsDetails: { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256' },
};
