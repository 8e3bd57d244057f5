import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

import * as cloudtrail from '@aws-sdk/client-cloudtrail';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as events from '@aws-sdk/client-eventbridge';
import * as iam from '@aws-sdk/client-iam';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as scheduler from '@aws-sdk/client-scheduler';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';

import type { HttpRequest } from '@smithy/types';

import { toCloudTrailEvent } from '../../sandbox/cloudtrail/to-cloudtrail-event';
import { parseCall } from '../../sandbox/front/parse-call';
import type { Principal } from '../../sandbox/front/principal';
import { CallRecorder } from '../../sandbox/front/recorder';

/** The modules of the AWS SDK by what IAM calls their service, and the client of each. */
const SDK = {
  cloudtrail: [cloudtrail, cloudtrail.CloudTrailClient],
  cloudwatch: [cloudwatch, cloudwatch.CloudWatchClient],
  dynamodb: [dynamodb, dynamodb.DynamoDBClient],
  events: [events, events.EventBridgeClient],
  iam: [iam, iam.IAMClient],
  lambda: [lambda, lambda.LambdaClient],
  logs: [logs, logs.CloudWatchLogsClient],
  s3: [s3, s3.S3Client],
  scheduler: [scheduler, scheduler.SchedulerClient],
  secretsmanager: [secretsmanager, secretsmanager.SecretsManagerClient],
  sns: [sns, sns.SNSClient],
  sqs: [sqs, sqs.SQSClient],
} as const;

/** Such as `iam:CreateUser`. */
export type Operation = `${keyof typeof SDK}:${string}`;

/** Makes one call with the AWS SDK, as it is configured. */
export type Call = (config: object) => Promise<unknown>;

interface Sender {
  send(command: object): Promise<unknown>;
}

/** The call of an operation with the SDK. */
export function call(operation: Operation, input: object = {}): Call {
  const [service, name] = operation.split(':') as [keyof typeof SDK, string];
  const [commands, Client] = SDK[service];
  const Command = (commands as Readonly<Record<string, unknown>>)[`${name}Command`] as new (
    input: object,
  ) => object;
  return (config) => new (Client as new (config: object) => Sender)(config).send(new Command(input));
}

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
  const handle = (made: HttpRequest): Promise<never> => {
    request = made;
    return Promise.reject(new NobodyAnswers());
  };
  const config = {
    ...{ region, maxAttempts: 1, forcePathStyle: true, requestHandler: { handle } },
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'of-nobody' },
  };
  await call(config).catch((error: unknown) => {
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
