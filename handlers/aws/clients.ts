import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { NodeHttpHandler } from '@smithy/node-http-handler';

import { SECOND } from '../core/instant';
import type { Log, RotationPorts } from '../core/ports';
import type { SweepPorts } from '../core/retirement/retirement-ports';
import { CloudTrailUsageTrail } from './cloudtrail-usage-trail';
import { DynamoDbFindingStore } from './dynamodb-finding-store';
import { DynamoDbJournalStore } from './dynamodb-journal-store';
import { DynamoDbSettingsStore } from './dynamodb-settings-store';
import { DynamoDbSweepLog } from './dynamodb-sweep-log';
import { DynamoDbUserDirectory } from './dynamodb-user-directory';
import { EventBridgeLifecycle } from './eventbridge-lifecycle';
import { IamAccessKeyStore } from './iam-access-key-store';
import { SecretsManagerRotationRequests } from './secrets-manager-rotation-requests';
import { SecretsManagerSecretStore } from './secrets-manager-secret-store';
import { StsCredentialProbe } from './sts-credential-probe';

/** Short enough that the SDK's three tries and its pauses fit into LONGEST_CALL. */
const requestHandler = new NodeHttpHandler({
  connectionTimeout: 2 * SECOND,
  requestTimeout: 4 * SECOND,
  throwOnRequestTimeout: true,
});
const config = { requestHandler, maxAttempts: 3 };

/** One try: for CreateAccessKey, which must not be repeated, and where a pacer decides when to try again. */
const onceOnly = { ...config, maxAttempts: 1 };

/**
 * One retry, and no more than some seconds in all: nobody waits for an event. Nothing is sent twice that EventBridge has
 * answered for; where an answer is lost a listener may hear of a thing twice, as EventBridge's own delivery allows.
 */
const inPassing = {
  requestHandler: new NodeHttpHandler({
    connectionTimeout: 1 * SECOND,
    requestTimeout: 2 * SECOND,
    throwOnRequestTimeout: true,
  }),
  maxAttempts: 2,
};

type OursNotAws = 'clock' | 'log' | 'newHolder' | 'lifecycle' | 'metrics';

export type AwsRotationPorts = Omit<RotationPorts, OursNotAws>;

/** The ports of a rotation that are AWS, from the environment's region and credentials. */
export function createRotationPorts(tableName: string): AwsRotationPorts {
  const dynamodb = new DynamoDBClient(config);
  return {
    keys: new IamAccessKeyStore(new IAMClient(config), new IAMClient(onceOnly)),
    secrets: new SecretsManagerSecretStore(new SecretsManagerClient(config)),
    probe: new StsCredentialProbe({ requestHandler }),
    journals: new DynamoDbJournalStore(dynamodb, tableName),
    settings: new DynamoDbSettingsStore(dynamodb, tableName),
  };
}

/** The ports of a sweep that are AWS. IAM is tried once: the pacer has to see when it throttles. */
export function createSweepPorts(tableName: string): Omit<SweepPorts, OursNotAws> {
  const dynamodb = new DynamoDBClient(config);
  const iam = new IAMClient(onceOnly);
  return {
    ...createRotationPorts(tableName),
    keys: new IamAccessKeyStore(iam, iam),
    rotations: new SecretsManagerRotationRequests(new SecretsManagerClient(config)),
    directory: new DynamoDbUserDirectory(dynamodb, tableName),
    sweeps: new DynamoDbSweepLog(dynamodb, tableName),
    trail: new CloudTrailUsageTrail(new CloudTrailClient(config)),
    findings: new DynamoDbFindingStore(dynamodb, tableName),
  };
}

/** Makes the teller of one invocation: it logs with that invocation's own log. @param stack the stack's prefix. */
export function createLifecycle(stack: string): (log: Log) => EventBridgeLifecycle {
  const client = new EventBridgeClient(inPassing);
  return (log) => new EventBridgeLifecycle(client, stack, log);
}
