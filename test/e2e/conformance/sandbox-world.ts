import { setTimeout } from 'node:timers/promises';

import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  ReplicateSecretToRegionsCommand,
  RestoreSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { marshall } from '@aws-sdk/util-dynamodb';

import { DynamoDbAcknowledgementStore } from '../../../handlers/aws/dynamodb-acknowledgement-store';
import { DynamoDbEmergencyStore } from '../../../handlers/aws/dynamodb-emergency-store';
import { DynamoDbJournalStore } from '../../../handlers/aws/dynamodb-journal-store';
import { DynamoDbSettingsStore } from '../../../handlers/aws/dynamodb-settings-store';
import { IamAccessKeyStore } from '../../../handlers/aws/iam-access-key-store';
import { SecretsManagerSecretStore } from '../../../handlers/aws/secrets-manager-secret-store';
import { StsCredentialProbe } from '../../../handlers/aws/sts-credential-probe';
import {
  acknowledgementItemKey,
  emergencyItemKey,
  journalItemKey,
  settingsItemKey,
  TABLE_PARTITION_KEY,
} from '../../../contract/table';
import { TAG_KEYS } from '../../../contract/tags';
import { startLocalAws } from '../../../sandbox/local-aws';
import type { ContractUser, ContractWorld } from '../../conformance/contract-world';
import { createFunction } from '../support/create-function';

export const TABLE = 'contract';
const KEYS_KNOWN_AFTER_S = 1;

/** The local AWS, reached through the product's own adapters. */
export async function sandboxWorld(): Promise<ContractWorld> {
  // One attempt that fails leaves a rotation just begun.
  const local = await startLocalAws({
    rotation: { attempts: 1 },
    accessKeys: { propagation: { delaySeconds: KEYS_KNOWN_AFTER_S, flapping: true } },
  });
  const config = local.clientConfig();
  const onceOnly = { ...config, maxAttempts: 1 };
  const iam = new IAMClient(config);
  const secretsManager = new SecretsManagerClient(config);
  const dynamodb = new DynamoDBClient(config);
  await createTable(dynamodb);
  // Its createSecret fails, so that a rotation stays where Secrets Manager began it.
  const { functionArn } = await createFunction(local, {
    FunctionName: 'contract-rotation',
    code: "export const handler = async () => { throw new Error('fails on purpose'); };",
    invoker: { Principal: 'secretsmanager.amazonaws.com', SourceAccount: local.accountId },
  });

  const putItem = (key: string, attributes: object): Promise<unknown> =>
    dynamodb.send(
      new PutItemCommand({
        TableName: TABLE,
        Item: marshall({ [TABLE_PARTITION_KEY]: key, ...attributes }, { removeUndefinedValues: true }),
      }),
    );
  let users = 0;
  return {
    keys: new IamAccessKeyStore(iam, new IAMClient(onceOnly)),
    secrets: new SecretsManagerSecretStore(secretsManager, new SecretsManagerClient(onceOnly)),
    probe: new StsCredentialProbe({ endpoint: local.endpoint, region: local.region }),
    journals: new DynamoDbJournalStore(dynamodb, TABLE),
    acknowledgements: new DynamoDbAcknowledgementStore(dynamodb, TABLE),
    emergencies: new DynamoDbEmergencyStore(dynamodb, TABLE),
    settings: new DynamoDbSettingsStore(dynamodb, TABLE),
    now: () => local.now().getTime(),
    pause: () => setTimeout(500),
    untilKeysAreKnown: () => setTimeout(KEYS_KNOWN_AFTER_S * 1000),
    async newUser(): Promise<ContractUser> {
      users += 1;
      const userName = `contract-user-${users}`;
      const { User } = await iam.send(new CreateUserCommand({ UserName: userName }));
      const { ARN } = await secretsManager.send(new CreateSecretCommand({ Name: `contract/${userName}` }));
      const { accountId } = local;
      return { stableKey: userName, userName, userId: User!.UserId!, accountId, secretArn: ARN! };
    },
    byHand: {
      async beginRotation({ secretArn }) {
        await secretsManager.send(
          new RotateSecretCommand({
            SecretId: secretArn,
            RotationLambdaARN: functionArn,
            RotationRules: { AutomaticallyAfterDays: 30 },
          }),
        );
        await local.rotationsSettled(secretArn);
        const { VersionIdsToStages } = await secretsManager.send(
          new DescribeSecretCommand({ SecretId: secretArn }),
        );
        return Object.entries(VersionIdsToStages!).find(([, stages]) => stages.includes('AWSPENDING'))![0];
      },
      deleteSecret: async ({ secretArn }) => {
        await secretsManager.send(new DeleteSecretCommand({ SecretId: secretArn }));
      },
      restoreSecret: async ({ secretArn }) => {
        await secretsManager.send(new RestoreSecretCommand({ SecretId: secretArn }));
      },
      copySecretTo: async ({ secretArn }, Region) => {
        await secretsManager.send(
          new ReplicateSecretToRegionsCommand({ SecretId: secretArn, AddReplicaRegions: [{ Region }] }),
        );
      },
      tagSecret: async ({ secretArn, userId }) => {
        await secretsManager.send(
          new TagResourceCommand({ SecretId: secretArn, Tags: [{ Key: TAG_KEYS.userId, Value: userId }] }),
        );
      },
      writeSettings: async ({ stableKey }, settings) => {
        await putItem(settingsItemKey(stableKey), settings);
      },
      garbleSettings: async ({ stableKey }) => {
        await putItem(settingsItemKey(stableKey), { stableKey: 7 });
      },
      garbleJournal: async ({ stableKey }) => {
        await putItem(journalItemKey(stableKey), { journal: { userId: 7 } });
      },
      garbleAcknowledgements: async ({ stableKey }) => {
        await putItem(acknowledgementItemKey(stableKey), { AKIAIOSFODNN7EXAMPLE: { at: 7 } });
      },
      garbleEmergency: async (whose) => {
        await putItem(emergencyItemKey(whose), { began: 'yesterday' });
      },
    },
    stop: () => local.stop(),
  };
}

export async function createTable(dynamodb: DynamoDBClient): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: TABLE_PARTITION_KEY, AttributeType: 'S' }],
      KeySchema: [{ AttributeName: TABLE_PARTITION_KEY, KeyType: 'HASH' }],
    }),
  );
}
