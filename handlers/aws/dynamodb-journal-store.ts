import { UpdateItemCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

import type { CallName } from '../core/model/call-errors';
import type { Instant } from '../../contract/instant';
import { journalSchema, type Journal } from '../core/model/journal';
import type { JournalRecord, JournalStore, Lease } from '../core/model/ports';
import { journalItemKey, TABLE_PARTITION_KEY } from '../../contract/table';
import { callAws, incomplete } from './call-aws';
import { getItem } from './get-item';
import { journalItemSchema } from './journal-item';
import { readItem } from './read-item';
import { unlessConditionFails } from './unless-condition-fails';

const dynamodb = (action: string): CallName => ({ service: 'DynamoDB', action });

/** The journal and its lease in DynamoDB: consistent reads, conditional writes. */
export class DynamoDbJournalStore implements JournalStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async read(stableKey: string): Promise<JournalRecord> {
    return toRecord(stableKey, (await getItem(this.client, this.tableName, journalItemKey(stableKey))) ?? {});
  }

  async acquire(stableKey: string, lease: Lease, now: Instant): Promise<JournalRecord | undefined> {
    const answer = await unlessConditionFails(() =>
      callAws(dynamodb('UpdateItem'), 'changes', (options) =>
        this.client.send(
          new UpdateItemCommand({
            TableName: this.tableName,
            Key: keyOf(stableKey),
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
      throw incomplete(dynamodb('UpdateItem'), 'the answer does not show the lease that was asked for');
    return toRecord(stableKey, item);
  }

  async write(stableKey: string, lease: Lease, journal: Journal): Promise<void> {
    const { Attributes } = await callAws(dynamodb('UpdateItem'), 'changes', (options) =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: keyOf(stableKey),
          UpdateExpression: 'SET journal = :journal, leaseUntil = :until',
          // A write that arrives late finds a later leaseUntil and changes nothing.
          ConditionExpression: 'leaseHolder = :holder AND leaseUntil <= :until',
          ExpressionAttributeValues: marshall(
            { ':journal': journalSchema.encode(journal), ':holder': lease.holder, ':until': lease.until },
            { removeUndefinedValues: true },
          ),
          ReturnValues: 'UPDATED_NEW',
        }),
        options,
      ),
    );
    // Every later act rests on it that this was written.
    if (Attributes?.['leaseUntil']?.N !== String(lease.until))
      throw incomplete(dynamodb('UpdateItem'), 'the answer does not show what was written');
  }

  async announceRemoval(stableKey: string, secretArn: string | undefined): Promise<void> {
    const { Attributes } = await callAws(dynamodb('UpdateItem'), 'changes', (options) =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: keyOf(stableKey),
          UpdateExpression: 'SET removalOf = :secret',
          ExpressionAttributeValues: marshall({ ':secret': secretArn ?? null }),
          ReturnValues: 'UPDATED_NEW',
        }),
        options,
      ),
    );
    const written = Attributes?.['removalOf'];
    if (secretArn === undefined ? written?.NULL !== true : written?.S !== secretArn)
      throw incomplete(dynamodb('UpdateItem'), 'the answer does not show what was written');
  }

  async release(stableKey: string, holder: string): Promise<void> {
    await unlessConditionFails(() =>
      callAws(dynamodb('UpdateItem'), 'changes', (options) =>
        this.client.send(
          new UpdateItemCommand({
            TableName: this.tableName,
            Key: keyOf(stableKey),
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

const keyOf = (stableKey: string): Record<string, AttributeValue> =>
  marshall({ [TABLE_PARTITION_KEY]: journalItemKey(stableKey) });

function toRecord(stableKey: string, attributes: Record<string, AttributeValue>): JournalRecord {
  const item = readItem(journalItemKey(stableKey), journalItemSchema, attributes);
  if (item instanceof Error) throw item;
  return { journal: item.journal, removalOf: item.removalOf ?? undefined };
}
