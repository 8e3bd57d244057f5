import { randomBytes } from 'node:crypto';

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

import { SECOND, type Instant } from '../../contract/instant';

/** What a user's own secret and the targets hold: made up, and the same for all. */
const SECRET_ACCESS_KEY = randomBytes(30).toString('base64');
const OWN_SECRET = /:secret:iam-key-rotation\/user_(\d+)-\w{6}$/;
/** The secret with the token for targets outside AWS. */
export const TOKEN_SECRET = 'bench/token';

type Answer = (request: never) => string;

interface UpdateItem {
  readonly ExpressionAttributeValues: Readonly<Record<string, AttributeValue>>;
}

/**
 * What AWS answers a run of deliveries, by action: every lease is free, every target is there, and takes what it gets. A service
 * that is restarted has its new tasks at once.
 *
 * @param itemOf an item of the table that is not written here
 */
export function deliveryAnswers(
  itemOf: (itemKey: string) => Readonly<Record<string, unknown>> | undefined,
  keyIdOf: (user: number) => string,
): Readonly<Record<string, Answer>> {
  /** By service. */
  const restartedAt = new Map<string, Instant>();
  return {
    GetItem: ({ Key }: { Key: { pk: { S: string } } }) => {
      const item = itemOf(Key.pk.S);
      return JSON.stringify(item === undefined ? {} : { Item: marshall(item) });
    },
    UpdateItem: ({ ExpressionAttributeValues: values }: UpdateItem) => {
      const [leaseHolder, leaseUntil] = [values[':holder'], values[':until']];
      // Giving a lease back sets nothing.
      return JSON.stringify(leaseUntil === undefined ? {} : { Attributes: { leaseHolder, leaseUntil } });
    },
    GetSecretValue: ({ SecretId }: { SecretId: string }) => {
      const user = OWN_SECRET.exec(SecretId)?.[1];
      const key = { Version: 1, AccessKeyId: keyIdOf(Number(user)), SecretAccessKey: SECRET_ACCESS_KEY };
      const held = SecretId === TOKEN_SECRET ? 'token' : JSON.stringify(user === undefined ? {} : key);
      return JSON.stringify({ ARN: SecretId, VersionId: 'v1', SecretString: held });
    },
    PutSecretValue: ({ SecretId, ClientRequestToken }: { SecretId: string; ClientRequestToken: string }) =>
      JSON.stringify({ ARN: SecretId, VersionId: ClientRequestToken }),
    PutParameter: () => JSON.stringify({ Version: 2 }),
    DescribeServices: ({ services: [serviceArn] }: { services: readonly [string] }) => {
      const createdAt = (restartedAt.get(serviceArn) ?? 0) / SECOND;
      const tasks = { desiredCount: 2, runningCount: 2, pendingCount: 0 };
      const deployment = { status: 'PRIMARY', rolloutState: 'COMPLETED', createdAt, ...tasks };
      return JSON.stringify({ services: [{ serviceArn, status: 'ACTIVE', deployments: [deployment] }] });
    },
    UpdateService: ({ service: serviceArn }: { service: string }) => {
      restartedAt.set(serviceArn, Date.now());
      return JSON.stringify({ service: { serviceArn, status: 'ACTIVE' } });
    },
    PutEvents: ({ Entries }: { Entries: readonly object[] }) =>
      JSON.stringify({
        FailedEntryCount: 0,
        Entries: Entries.map((_, index) => ({ EventId: String(index) })),
      }),
  };
}
