import { GetItemCommand, PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';

import { notifiedItemKey, TABLE_PARTITION_KEY } from '../../contract/table';
import { REPORTERS } from '../core/notifications/fault-report';
import { faultStateSchema, QUIET, type FaultState } from '../core/notifications/fault-state';
import type { FaultId, NotificationStore } from '../core/notifications/notification-ports';
import { UnreadableRecordError } from '../core/model/call-errors';
import { callAws } from './call-aws';
import { readItem } from './read-item';
import { unlessConditionFails } from './unless-condition-fails';

const itemSchema = z.object({ state: faultStateSchema, version: z.number() });

/** Until there were versions: a fault that people were told of, or a claim that no message had followed yet. */
const formerSchema = z
  .object({
    reporter: z.enum(REPORTERS),
    began: z.number(),
    reportedAt: z.number(),
    since: z.number().optional(),
    toldAt: z.number(),
  })
  .transform(({ reporter, reportedAt, ...facts }): FaultState => {
    const reports = reporter === 'alarm' ? { alarm: reportedAt } : { others: reportedAt };
    return { state: 'told', ...facts, reports, ends: {} };
  })
  .catch(QUIET);
const formerItemSchema = z
  .looseObject({ version: z.undefined().optional() })
  .transform((item) => ({ state: formerSchema.parse(item), version: 0 }));

/** The items `notified#<stable key>#<kind>`, with a `#` and the key's last four characters or the act where it is about one. */
export class DynamoDbNotificationStore implements NotificationStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async load(fault: FaultId): Promise<{ readonly state: FaultState; readonly version: number }> {
    const { Item } = await callAws({ service: 'DynamoDB', action: 'GetItem' }, 'reads', (options) =>
      this.client.send(
        new GetItemCommand({
          TableName: this.tableName,
          Key: marshall({ [TABLE_PARTITION_KEY]: itemKeyOf(fault) }),
          ConsistentRead: true,
        }),
        options,
      ),
    );
    if (Item === undefined) return { state: QUIET, version: 0 };
    const item = readItem(itemKeyOf(fault), itemSchema.or(formerItemSchema), Item);
    if (item instanceof UnreadableRecordError) throw item;
    return item;
  }

  async replace(fault: FaultId, state: FaultState, version: number): Promise<boolean> {
    const item = { [TABLE_PARTITION_KEY]: itemKeyOf(fault), state, version: version + 1 };
    const answer = await unlessConditionFails(() =>
      callAws({ service: 'DynamoDB', action: 'PutItem' }, 'changes', (options) =>
        this.client.send(
          new PutItemCommand({
            TableName: this.tableName,
            Item: marshall(item, { removeUndefinedValues: true }),
            ...(version === 0
              ? { ConditionExpression: 'attribute_not_exists(version)' }
              : {
                  ConditionExpression: 'version = :version',
                  ExpressionAttributeValues: marshall({ ':version': version }),
                }),
          }),
          options,
        ),
      ),
    );
    return answer !== undefined;
  }
}

const itemKeyOf = ({ kind, user, about }: FaultId): string => notifiedItemKey(user, kind, about);
