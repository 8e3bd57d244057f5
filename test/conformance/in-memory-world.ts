import { SECOND } from '../../contract/instant';
import { OpenGate } from '../support/in-memory-aws/gate';
import { InMemoryAws } from '../support/in-memory-aws/in-memory-aws';
import { inMemoryPorts } from '../support/in-memory-aws/in-memory-ports';
import { FAIR } from '../support/in-memory-aws/weather';
import type { ContractWorld } from './contract-world';

const ACCOUNT = '111122223333';

/** The in-memory AWS without a scheduler: every call is performed at once, and time passes by itself. */
export async function inMemoryWorld(): Promise<ContractWorld> {
  const aws = new InMemoryAws(() => undefined);
  const gate = new OpenGate(Date.UTC(2026, 0, 5, 4, 0, 0));
  const ports = inMemoryPorts(aws, gate, {
    number: 1,
    weather: FAIR,
    skew: 0,
    requestRotation: () => undefined,
    log: () => undefined,
  });
  let users = 0;
  let tokens = 0;
  return {
    ...ports,
    now: () => gate.now(),
    pause: () => gate.sleep(SECOND / 2),
    untilKeysAreKnown: () => gate.sleep(FAIR.newKey),
    newUser: async () => {
      users += 1;
      const userName = `user-${users}`;
      const userId = `AIDA${String(users).padStart(9, 'M')}EXAMPLE`;
      const secretArn = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:${userName}-AbCdEf`;
      aws.iam.addUser({ userName, userId, accountId: ACCOUNT });
      aws.secretsManager.create(secretArn, gate.now());
      return { stableKey: userName, userName, userId, accountId: ACCOUNT, secretArn };
    },
    byHand: {
      beginRotation: async ({ secretArn }) => {
        tokens += 1;
        const token = `rotation-${String(tokens).padStart(27, '0')}`;
        return aws.secretsManager.startRotation(secretArn, token, gate.now());
      },
      deleteSecret: async ({ secretArn }) => {
        aws.secretsManager.scheduleDeletion(secretArn, gate.now());
      },
      restoreSecret: async ({ secretArn }) => {
        aws.secretsManager.restore(secretArn, gate.now());
      },
      copySecretTo: async ({ secretArn }, region) => {
        aws.secretsManager.replicate(secretArn, region, gate.now());
      },
      tagSecret: async ({ secretArn, userId }) => {
        aws.secretsManager.tagWithUser(secretArn, userId, gate.now());
      },
      writeSettings: async ({ stableKey }, settings) => {
        aws.table.setSettings(stableKey, settings);
      },
      garbleSettings: async ({ stableKey }) => {
        aws.table.setSettingsText(stableKey, '{"stableKey": 7}');
      },
      garbleJournal: async ({ stableKey }) => {
        aws.table.setJournalText(stableKey, '{"userId": 7}');
      },
      garbleAcknowledgements: async ({ stableKey }) => {
        aws.table.garbleAcknowledgements(stableKey);
      },
      garbleEmergency: async (whose) => {
        aws.table.garbleEmergency(whose);
      },
    },
    stop: () => Promise.resolve(),
  };
}
