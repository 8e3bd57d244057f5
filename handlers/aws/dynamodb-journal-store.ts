import { UpdateItemCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';

import type { Instant } from '../../contract/instant';
import { journalSchema, type Journal } from '../core/model/journal';
import type { JournalRecord, JournalStore, Lease } from '../core/model/ports';
import { journalItemKey } from '../../contract/table';
import { IN_ENGLISH } from '../../contract/schema-parts';
import { callAws, incomplete } from './call-aws';
import { DynamoDbLeasedItem, UPDATE_ITEM } from './dynamodb-leased-item';
import { journalItemSchema } from './journal-item';
import { readItem } from './read-item';

/** The journal and its lease in DynamoDB. */
export class DynamoDbJournalStore implements JournalStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async read(stableKey: string): Promise<JournalRecord> {
    return toRecord(stableKey, await this.#item(stableKey).read());
  }

  async acquire(stableKey: string, lease: Lease, now: Instant): Promise<JournalRecord | undefined> {
    const item = await this.#item(stableKey).acquire(lease, now);
    return item && toRecord(stableKey, item);
  }

  write(stableKey: string, lease: Lease, journal: Journal): Promise<void> {
    return this.#item(stableKey).write(lease, z.encode(journalSchema, journal, IN_ENGLISH));
  }

  async announceRemoval(stableKey: string, secretArn: string | undefined): Promise<void> {
    const { Attributes } = await callAws(UPDATE_ITEM, 'changes', (options) =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: this.#item(stableKey).key,
          UpdateExpression: 'SET removalOf = :secret',
          ExpressionAttributeValues: marshall({ ':secret': secretArn ?? null }),
          ReturnValues: 'ALL_NEW',
        }),
        options,
      ),
    );
    const written = Attributes?.['removalOf'];
    if (secretArn === undefined ? written?.NULL !== true : written?.S !== secretArn)
      throw incomplete(UPDATE_ITEM, 'the answer does not show what was written');
  }

  release(stableKey: string, holder: string): Promise<void> {
    return this.#item(stableKey).release(holder);
  }

  #item(stableKey: string): DynamoDbLeasedItem {
    return new DynamoDbLeasedItem(this.client, this.tableName, journalItemKey(stableKey), 'journal');
  }
}

function toRecord(stableKey: string, attributes: Record<string, AttributeValue>): JournalRecord {
  const item = readItem(journalItemKey(stableKey), journalItemSchema, attributes);
  if (item instanceof Error) throw item;
  return { journal: item.journal, removalOf: item.removalOf ?? undefined };
}
