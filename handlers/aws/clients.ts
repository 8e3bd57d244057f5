import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { NodeHttpHandler } from '@smithy/node-http-handler';

import type { RotationPorts } from '../core/ports';
import { SECOND } from '../core/instant';
import { DynamoDbJournalStore } from './dynamodb-journal-store';
import { DynamoDbSettingsStore } from './dynamodb-settings-store';
import { IamAccessKeyStore } from './iam-access-key-store';
import { SecretsManagerSecretStore } from './secrets-manager-secret-store';
import { StsCredentialProbe } from './sts-credential-probe';

/** Short enough that the SDK's three tries and its pauses fit into LONGEST_CALL. */
const requestHandler = new NodeHttpHandler({
  connectionTimeout: 2 * SECOND,
  requestTimeout: 4 * SECOND,
  throwOnRequestTimeout: true,
});
const config = { requestHandler, maxAttempts: 3 };

export type AwsPorts = Pick<RotationPorts, 'keys' | 'secrets' | 'probe' | 'journals' | 'settings'>;

/** The ports that are AWS, from the environment's region and credentials. */
export function createAwsPorts(tableName: string): AwsPorts {
  const dynamodb = new DynamoDBClient(config);
  return {
    keys: new IamAccessKeyStore(new IAMClient(config), new IAMClient({ ...config, maxAttempts: 1 })),
    secrets: new SecretsManagerSecretStore(new SecretsManagerClient(config)),
    probe: new StsCredentialProbe({ requestHandler }),
    journals: new DynamoDbJournalStore(dynamodb, tableName),
    settings: new DynamoDbSettingsStore(dynamodb, tableName),
  };
}
