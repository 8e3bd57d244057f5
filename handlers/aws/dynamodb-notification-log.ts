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

import type { Instant } from '../../contract/instant';
import type { FaultKind } from '../../contract/faults';
import { REPORTERS } from '../core/notifications/fault-report';
import type {
  Claim,
  Claimant,
  FaultId,
  NotificationLog,
  ReportedEnd,
  ToldFault,
} from '../core/notifications/notification-ports';
import { notifiedItemKey, TABLE_PARTITION_KEY } from '../../contract/table';
import { callAws } from './call-aws';
import { unlessConditionFails } from './unless-condition-fails';

const faultSchema = z.object({
  reporter: z.enum(REPORTERS),
  began: z.number(),
  reportedAt: z.number(),
  toldAt: z.number().optional(),
  endedAt: z.number().optional(),
});
const kindSchema = z.object({ toldAt: z.number() });

/** Nobody has claimed it, or this very event, or somebody who has come to nothing since. */
const IS_FREE = 'attribute_not_exists(claimedAt) OR claimedBy = :claimedBy OR claimedAt < :freeBefore';

/**
 * The items `notified#<stable key>#<kind>`, with a `#` and the key's last four characters where it is about one: one for
 * each fault that people were told of, until its end is told. `claimedBy` and `claimedAt` are there while a message is
 * under way: that of the beginning as long as there is no `toldAt`, then that of the end. `endedAt` is there while that
 * message is under way, or once an end came before anybody was told; older than `reportedAt`, it is that of a fault before.
 */
export class DynamoDbNotificationLog implements NotificationLog {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async claim(fault: FaultId, { reporter, at, since, retellBefore, ...claimant }: Claim): Promise<boolean> {
    // `since` is newer where an end went missing: that is another fault, and the other one's claim is not about it.
    const isOver = 'endedAt >= reportedAt AND endedAt <= :reportedAt';
    const isNew = `attribute_not_exists(toldAt) AND (${IS_FREE}) OR toldAt < :retellBefore OR ${isOver}`;
    const set =
      'reporter = :reporter, reportedAt = :reportedAt, began = :began, claimedBy = :claimedBy, claimedAt = :claimedAt';
    const answer = await this.update(itemKeyOf(fault), {
      UpdateExpression:
        since === undefined ? `SET ${set} REMOVE since, toldAt` : `SET ${set}, since = :since REMOVE toldAt`,
      ConditionExpression: since === undefined ? isNew : `${isNew} OR since < :since`,
      ExpressionAttributeValues: marshall({
        ...valuesOf(claimant),
        ':reporter': reporter,
        ':reportedAt': at,
        ':began': since ?? at,
        ':retellBefore': retellBefore,
        ...(since === undefined ? {} : { ':since': since }),
      }),
    });
    return answer !== undefined;
  }

  async told(fault: FaultId, claimedBy: string, at: Instant): Promise<void> {
    // Where another event has claimed it since, what that one says is told, too, and marked by it alone.
    await this.update(itemKeyOf(fault), {
      UpdateExpression: 'SET toldAt = :at REMOVE claimedBy, claimedAt',
      ConditionExpression: 'claimedBy = :claimedBy',
      ExpressionAttributeValues: marshall({ ':claimedBy': claimedBy, ':at': at }),
    });
  }

  async noteEnd(fault: FaultId, { reporter, at }: ReportedEnd): Promise<boolean> {
    // An alarm that is quiet again says nothing of what others have reported.
    const itsOwn = reporter === 'alarm' ? ' AND reporter = :reporter' : '';
    const answer = await this.update(itemKeyOf(fault), {
      UpdateExpression: 'SET endedAt = :at',
      ConditionExpression: `reportedAt <= :at AND attribute_not_exists(toldAt)${itsOwn}`,
      ExpressionAttributeValues: marshall({
        ':at': at,
        ...(reporter === 'alarm' ? { ':reporter': reporter } : {}),
      }),
    });
    return answer !== undefined;
  }

  async read(fault: FaultId): Promise<ToldFault | undefined> {
    const item = await this.get(itemKeyOf(fault));
    if (item === undefined) return undefined;
    const { reporter, began, reportedAt, toldAt, endedAt } = faultSchema.parse(item);
    if (toldAt === undefined) return undefined;
    return endedAt === undefined || endedAt < reportedAt ? { reporter, began } : { reporter, began, endedAt };
  }

  async claimEnd(fault: FaultId, { at, ...claimant }: Claimant & { readonly at: Instant }): Promise<boolean> {
    const answer = await this.update(itemKeyOf(fault), {
      UpdateExpression: 'SET claimedBy = :claimedBy, claimedAt = :claimedAt, endedAt = :at',
      ConditionExpression: `attribute_exists(toldAt) AND reportedAt <= :at AND (${IS_FREE})`,
      ExpressionAttributeValues: marshall({ ...valuesOf(claimant), ':at': at }),
    });
    return answer !== undefined;
  }

  async forget(fault: FaultId, claimedBy: string): Promise<void> {
    await unlessConditionFails(() =>
      callAws({ service: 'DynamoDB', action: 'DeleteItem' }, 'changes', (options) =>
        this.client.send(
          new DeleteItemCommand({
            TableName: this.tableName,
            Key: keyOf(itemKeyOf(fault)),
            // Else it has begun anew meanwhile.
            ConditionExpression: 'claimedBy = :claimedBy',
            ExpressionAttributeValues: marshall({ ':claimedBy': claimedBy }),
          }),
          options,
        ),
      ),
    );
  }

  async release(fault: FaultId, claimedBy: string): Promise<void> {
    await this.update(itemKeyOf(fault), {
      UpdateExpression: 'REMOVE claimedBy, claimedAt',
      ConditionExpression: 'claimedBy = :claimedBy',
      ExpressionAttributeValues: marshall({ ':claimedBy': claimedBy }),
    });
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

const valuesOf = ({ claimedBy, claimedAt, freeBefore }: Claimant): Record<string, unknown> => ({
  ':claimedBy': claimedBy,
  ':claimedAt': claimedAt,
  ':freeBefore': freeBefore,
});
