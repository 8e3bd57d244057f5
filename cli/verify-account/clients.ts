import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';

import { SECOND } from '../../contract/instant';
import { clientConfig, type AwsConnection } from '../aws-options';

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

export function createClients(connection: AwsConnection): Clients {
  // IAM and CloudTrail throttle early: the checks run at the same time.
  const config = { ...clientConfig(connection, limits), maxAttempts: 6 };
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
