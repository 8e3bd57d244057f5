import { Readable } from 'node:stream';

import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';

import { CloudTrailUsageTrail } from '../../../handlers/aws/cloudtrail-usage-trail';
import { DynamoDbAcknowledgementStore } from '../../../handlers/aws/dynamodb-acknowledgement-store';
import { DynamoDbDeliveryJournalStore } from '../../../handlers/aws/dynamodb-delivery-journal-store';
import { DynamoDbEmergencyStore } from '../../../handlers/aws/dynamodb-emergency-store';
import { DynamoDbJournalStore } from '../../../handlers/aws/dynamodb-journal-store';
import { DynamoDbSettingsStore } from '../../../handlers/aws/dynamodb-settings-store';
import { DynamoDbSweepLog } from '../../../handlers/aws/dynamodb-sweep-log';
import { DynamoDbUserDirectory } from '../../../handlers/aws/dynamodb-user-directory';
import { EcsRestartTargets } from '../../../handlers/aws/ecs-restart-targets';
import { IamAccessKeyStore } from '../../../handlers/aws/iam-access-key-store';
import { silenceNodeVersionWarning } from '../../../handlers/aws/sdk-node-version';
import { SecretsManagerRotationRequests } from '../../../handlers/aws/secrets-manager-rotation-requests';
import { SecretsManagerSecretStore } from '../../../handlers/aws/secrets-manager-secret-store';
import { SecretsManagerSecretTargets } from '../../../handlers/aws/secrets-manager-secret-targets';
import { SecretsManagerTokens } from '../../../handlers/aws/secrets-manager-tokens';
import { SsmParameterTargets } from '../../../handlers/aws/ssm-parameter-targets';
import { StsCredentialProbe } from '../../../handlers/aws/sts-credential-probe';
import type { AcknowledgementStore } from '../../../handlers/core/model/acknowledgements';
import type { EmergencyStore } from '../../../handlers/core/model/emergencies';
import type { DeliverAllPorts, OutsidePorts } from '../../../handlers/core/delivery/delivery-ports';
import type { SweepPorts } from '../../../handlers/core/retirement/retirement-ports';

/** What a machine between us and AWS may answer in AWS's place, with status 200. */
export type NotOfAws = 'empty' | 'foreign';

const BODIES: Readonly<Record<NotOfAws, string>> = {
  empty: '',
  foreign: '<html><body>Sign in to continue</body></html>',
};

export type AwsPorts = Omit<
  SweepPorts &
    DeliverAllPorts & {
      readonly acknowledgements: AcknowledgementStore;
      readonly emergencies: EmergencyStore;
    },
  'clock' | 'log' | 'lifecycle' | 'metrics' | 'findings' | 'newHolder' | keyof OutsidePorts
>;

/** What the product's own adapters, and the SDK below them, make of such an answer: they believe it, or they do not. */
export const portsUpon: Readonly<Record<NotOfAws, AwsPorts>> = {
  empty: portsThatHear('empty'),
  foreign: portsThatHear('foreign'),
};

function portsThatHear(answer: NotOfAws): AwsPorts {
  silenceNodeVersionWarning();
  const config = {
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'a'.repeat(40) },
    maxAttempts: 1,
    requestHandler: {
      handle: () =>
        Promise.resolve({
          response: { statusCode: 200, headers: {}, body: Readable.from([Buffer.from(BODIES[answer])]) },
        }),
    },
  };
  const dynamodb = new DynamoDBClient(config);
  const iam = new IAMClient(config);
  const secretsManager = new SecretsManagerClient(config);
  const table = 'iam-key-rotation';
  const deliveries = new DynamoDbDeliveryJournalStore(dynamodb, table);
  return {
    keys: new IamAccessKeyStore(iam, iam),
    secrets: new SecretsManagerSecretStore(secretsManager, secretsManager),
    probe: new StsCredentialProbe(config),
    journals: new DynamoDbJournalStore(dynamodb, table),
    settings: new DynamoDbSettingsStore(dynamodb, table),
    rotations: new SecretsManagerRotationRequests(secretsManager),
    directory: new DynamoDbUserDirectory(dynamodb, table),
    sweeps: new DynamoDbSweepLog(dynamodb, table),
    trail: new CloudTrailUsageTrail(new CloudTrailClient(config)),
    acknowledgements: new DynamoDbAcknowledgementStore(dynamodb, table),
    emergencies: new DynamoDbEmergencyStore(dynamodb, table),
    deliveries,
    deliveryJournals: deliveries,
    secretTargets: new SecretsManagerSecretTargets(secretsManager, secretsManager),
    parameterTargets: new SsmParameterTargets(new SSMClient(config)),
    restartTargets: new EcsRestartTargets(new ECSClient(config), new ECSClient(config)),
    tokens: new SecretsManagerTokens(secretsManager),
  };
}
