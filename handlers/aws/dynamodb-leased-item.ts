import { UpdateItemCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';

import type { CallName } from '../core/model/call-errors';
import type { Instant } from '../../contract/instant';
import type { Lease } from '../core/model/ports';
import { TABLE_PARTITION_KEY } from '../../contract/table';
import { callAws, incomplete } from './call-aws';
import { getItem } from './get-item';
import { unlessConditionFails } from './unless-condition-fails';

export const UPDATE_ITEM: CallName = { service: 'DynamoDB', action: 'UpdateItem' };

/** The lease that stands beside the content of an item. */
export const leaseAttributes = {
  leaseHolder: z.optional(z.string()),
  /** Milliseconds since 1970, as a number, because conditions compare it. */
  leaseUntil: z.optional(z.number()),
};

type Item = Record<string, AttributeValue>;

/** An item of the table that only the holder of its lease writes: consistent reads, conditional writes. */
export class DynamoDbLeasedItem {
  /** @param attribute the one that holds the content, a map */
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
    private readonly itemKey: string,
    private readonly attribute: string,
  ) {}

  get key(): Item {
    return marshall({ [TABLE_PARTITION_KEY]: this.itemKey });
  }

  async read(): Promise<Item> {
    return (await getItem(this.client, this.tableName, this.itemKey)) ?? {};
  }

  /** @returns the item, if the lease is taken */
  async acquire(lease: Lease, now: Instant): Promise<Item | undefined> {
    const answer = await unlessConditionFails(() =>
      callAws(UPDATE_ITEM, 'changes', (options) =>
        this.client.send(
          new UpdateItemCommand({
            TableName: this.tableName,
            Key: this.key,
            UpdateExpression: 'SET leaseHolder = :holder, leaseUntil = :until',
            // The holder itself may be there already: an earlier try of the SDK got no answer. A try that arrives
            // late, when the lease was renewed meanwhile, must not shorten it.
            ConditionExpression:
              'attribute_not_exists(leaseHolder) OR leaseUntil < :now OR (leaseHolder = :holder AND leaseUntil <= :until)',
            ExpressionAttributeValues: marshall({
              ':holder': lease.holder,
              ':until': lease.until,
              ':now': now,
            }),
            ReturnValues: 'ALL_NEW',
          }),
          options,
        ),
      ),
    );
    if (answer === undefined) return undefined;
    const { Attributes: item = {} } = answer;
    if (item['leaseHolder']?.S !== lease.holder || item['leaseUntil']?.N !== String(lease.until))
      throw incomplete(UPDATE_ITEM, 'the answer does not show the lease that was asked for');
    return item;
  }

  /** @param content as it is stored */
  async write(lease: Lease, content: unknown): Promise<void> {
    const { Attributes } = await callAws(UPDATE_ITEM, 'changes', (options) =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: this.key,
          UpdateExpression: `SET ${this.attribute} = :${this.attribute}, leaseUntil = :until`,
          // A write that arrives late finds a later leaseUntil and changes nothing.
          ConditionExpression: 'leaseHolder = :holder AND leaseUntil <= :until',
          ExpressionAttributeValues: marshall(
            { [`:${this.attribute}`]: content, ':holder': lease.holder, ':until': lease.until },
            { removeUndefinedValues: true },
          ),
          // UPDATED_NEW may leave out what is as it was: the SDK's second try finds the first one done.
          ReturnValues: 'ALL_NEW',
        }),
        options,
      ),
    );
    // Every later act rests on it that this was written.
    if (Attributes?.['leaseUntil']?.N !== String(lease.until))
      throw incomplete(UPDATE_ITEM, 'the answer does not show what was written');
  }

  async release(holder: string): Promise<void> {
    await unlessConditionFails(() =>
      callAws(UPDATE_ITEM, 'changes', (options) =>
        this.client.send(
          new UpdateItemCommand({
            TableName: this.tableName,
            Key: this.key,
            UpdateExpression: 'REMOVE leaseHolder, leaseUntil',
            ConditionExpression: 'leaseHolder = :holder',
            ExpressionAttributeValues: marshall({ ':holder': holder }),
          }),
          options,
        ),
      ),
    );
  }
}
