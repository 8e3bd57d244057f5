import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';

import { createRequestHandler } from '../../client/request-handler';
import { SECOND } from '../../contract/instant';

export interface ClientOptions {
  /** A profile of ~/.aws, before what the environment says. @default the SDK's own chain */
  readonly profile?: string | undefined;
  /** @default that of the environment, or of the profile */
  readonly region?: string | undefined;
  readonly credentials?: Credentials;
}

/** Of an access key or of a session. Never printed. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Clients {
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly secrets: SecretsManagerClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly events: EventBridgeClient;
  readonly trails: CloudTrailClient;
  readonly scheduler: SchedulerClient;
}

/** Nothing hangs for longer than this, so that Ctrl-C is not waited for in vain. */
const limits = {
  connectionTimeout: 5 * SECOND,
  requestTimeout: 20 * SECOND,
  throwOnRequestTimeout: true,
};

export function createClients({ profile, region, credentials }: ClientOptions): Clients {
  const config = {
    requestHandler: createRequestHandler(limits),
    // IAM and CloudTrail throttle early: the checks run at the same time.
    maxAttempts: 6,
    ...(profile === undefined ? {} : { profile }),
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
  };
  return {
    iam: new IAMClient(config),
    sts: new STSClient(config),
    secrets: new SecretsManagerClient(config),
    lambda: new LambdaClient(config),
    logs: new CloudWatchLogsClient(config),
    events: new EventBridgeClient(config),
    trails: new CloudTrailClient(config),
    scheduler: new SchedulerClient(config),
  };
}
