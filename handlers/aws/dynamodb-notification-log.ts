import {
  DeleteItemCommand,
  GetItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';

import type { Instant } from '../core/instant';
import type { FaultKind } from '../core/notifications/fault-kinds';
import { REPORTERS } from '../core/notifications/fault-report';
import type { Claim, FaultId, NotificationLog, ToldFault } from '../core/notifications/notification-ports';
import { notifiedItemKey, TABLE_PARTITION_KEY } from '../core/settings';
import { callAws } from './call-aws';
import { unlessConditionFails } from './unless-condition-fails';

const faultSchema = z.object({
  reporter: z.enum(REPORTERS),
  began: z.number(),
  toldAt: z.number().optional(),
});
const kindSchema = z.object({ toldAt: z.number() });

/** The items `notified#<stable key>#<kind>`, with a `#` and the key's last four characters where it is about one: one for each fault that people were told of, until its end is told. */
export class DynamoDbNotificationLog implements NotificationLog {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async claim(fault: FaultId, { reporter, at, since, retellBefore }: Claim): Promise<boolean> {
    // A claim without `toldAt` was left by an invocation that died; `since` is newer where an end went missing.
    const isNew = 'attribute_not_exists(toldAt) OR toldAt < :retellBefore';
    const answer = await this.update(itemKeyOf(fault), {
      UpdateExpression:
        since === undefined
          ? 'SET reporter = :reporter, began = :began REMOVE since, toldAt'
          : 'SET reporter = :reporter, began = :began, since = :since REMOVE toldAt',
      ConditionExpression: since === undefined ? isNew : `${isNew} OR since < :since`,
      ExpressionAttributeValues: marshall({
        ':reporter': reporter,
        ':began': since ?? at,
        ':retellBefore': retellBefore,
        ...(since === undefined ? {} : { ':since': since }),
      }),
    });
    return answer !== undefined;
  }

  async told(fault: FaultId, at: Instant): Promise<void> {
    // Where the end of the fault was faster, there is no item any more, and none is made.
    await this.update(itemKeyOf(fault), {
      UpdateExpression: 'SET toldAt = :at',
      ConditionExpression: 'attribute_exists(began)',
      ExpressionAttributeValues: marshall({ ':at': at }),
    });
  }

  async read(fault: FaultId): Promise<ToldFault | undefined> {
    const item = await this.get(itemKeyOf(fault));
    if (item === undefined) return undefined;
    const { toldAt, ...told } = faultSchema.parse(item);
    return toldAt === undefined ? undefined : told;
  }

  async forget(fault: FaultId): Promise<void> {
    await callAws({ service: 'DynamoDB', action: 'DeleteItem' }, 'changes', (options) =>
      this.client.send(
        new DeleteItemCommand({ TableName: this.tableName, Key: keyOf(itemKeyOf(fault)) }),
        options,
      ),
    );
  }

  async lastTold(kind: FaultKind): Promise<Instant | undefined> {
    const item = await this.get(notifiedItemKey(undefined, kind, 'last'));
    return item === undefined ? undefined : kindSchema.parse(item).toldAt;
  }

  async noteTold(kind: FaultKind, at: Instant): Promise<void> {
    await this.update(notifiedItemKey(undefined, kind, 'last'), {
      UpdateExpression: 'SET toldAt = :at',
      ExpressionAttributeValues: marshall({ ':at': at }),
    });
  }

  private async get(itemKey: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await callAws({ service: 'DynamoDB', action: 'GetItem' }, 'reads', (options) =>
      this.client.send(
        new GetItemCommand({ TableName: this.tableName, Key: keyOf(itemKey), ConsistentRead: true }),
        options,
      ),
    );
    return Item === undefined ? undefined : unmarshall(Item);
  }

  /** Undefined: the condition does not hold. */
  private update(
    itemKey: string,
    change: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>,
  ): Promise<object | undefined> {
    return unlessConditionFails(() =>
      callAws({ service: 'DynamoDB', action: 'UpdateItem' }, 'changes', (options) =>
        this.client.send(
          new UpdateItemCommand({ TableName: this.tableName, Key: keyOf(itemKey), ...change }),
          options,
        ),
      ),
    );
  }
}

const itemKeyOf = ({ kind, user, keyIdSuffix }: FaultId): string => notifiedItemKey(user, kind, keyIdSuffix);

const keyOf = (itemKey: string): Record<string, AttributeValue> =>
  marshall({ [TABLE_PARTITION_KEY]: itemKey });
