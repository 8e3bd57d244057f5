import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { HttpRequest } from '@smithy/types';

import { toCloudTrailEvent } from '../../sandbox/cloudtrail/to-cloudtrail-event';
import { parseCall } from '../../sandbox/front/parse-call';
import type { Principal } from '../../sandbox/front/principal';
import { CallRecorder } from '../../sandbox/front/recorder';

/** Makes one call with a client of the AWS SDK. */
export type Call = (aws: Clients) => Promise<unknown>;

type Clients = ReturnType<typeof clientsOf>;

export interface Caller {
  readonly who: Principal;
  /** Whose trail records it. */
  readonly accountId: string;
  readonly region: string;
  /**
   * How it was refused.
   * @default it was done
   */
  readonly errorCode?: string;
}

/** What EventBridge gets to know of a call, by way of CloudTrail. The request is the SDK's own, and goes nowhere. */
export async function eventOfCall(
  call: Call,
  { accountId, errorCode, region, who }: Caller,
): Promise<object> {
  const sent = await parseCall(await requestOf(call, region));
  const recorder = new CallRecorder();
  recorder.record(new Date('2026-11-01T12:00:00Z'), sent, who, undefined);
  const detail = toCloudTrailEvent(accountId, { ...recorder.calls()[0]!, errorCode });
  return {
    ...{ version: '0', 'detail-type': 'AWS API Call via CloudTrail', source: `aws.${sent.service}` },
    ...{ account: accountId, region: detail.awsRegion, detail },
  };
}

/** Not an error: the request has been made, and nobody is to answer it. */
class NobodyAnswers extends Error {}

async function requestOf(call: Call, region: string): Promise<IncomingMessage> {
  let request: HttpRequest | undefined;
  const clients = clientsOf(region, (made) => {
    request = made;
    return Promise.reject(new NobodyAnswers());
  });
  await call(clients).catch((error: unknown) => {
    if (!(error instanceof NobodyAnswers)) throw error;
  });
  const { method, path, query, headers, body } = request!;
  const search = new URLSearchParams(Object.entries(query ?? {}) as [string, string][]).toString();
  const chunks = body === undefined ? [] : [typeof body === 'string' ? Buffer.from(body) : body];
  return Object.assign(Readable.from(chunks as Uint8Array[]), {
    method,
    url: search === '' ? path : `${path}?${search}`,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  }) as unknown as IncomingMessage;
}

function clientsOf(region: string, handle: (request: HttpRequest) => Promise<never>) {
  const config = {
    region,
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'of-nobody' },
    maxAttempts: 1,
    requestHandler: { handle },
  };
  return {
    cloudtrail: new CloudTrailClient(config),
    cloudwatch: new CloudWatchClient(config),
    dynamodb: new DynamoDBClient(config),
    events: new EventBridgeClient(config),
    iam: new IAMClient(config),
    lambda: new LambdaClient(config),
    logs: new CloudWatchLogsClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    scheduler: new SchedulerClient(config),
    secretsManager: new SecretsManagerClient(config),
    sns: new SNSClient(config),
    sqs: new SQSClient(config),
  };
}
