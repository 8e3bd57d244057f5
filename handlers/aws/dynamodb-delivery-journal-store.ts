import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';

import type { Instant } from '../../contract/instant';
import { deliveryItemKey } from '../../contract/table';
import { IN_ENGLISH } from '../../contract/schema-parts';
import { deliveryJournalSchema, type DeliveryJournal } from '../core/model/delivery-journal';
import type { DeliveryReader, Lease, LeasedStore } from '../core/model/ports';
import { DynamoDbLeasedItem, leaseAttributes } from './dynamodb-leased-item';
import { readItem } from './read-item';

/** The item `delivery#<stable key>`: the deliveries as a map, and the lease beside it. */
const deliveryItemSchema = z.object({
  deliveries: z.optional(deliveryJournalSchema),
  ...leaseAttributes,
});

/** What is delivered to each user's targets, and its lease, in DynamoDB. */
export class DynamoDbDeliveryJournalStore implements DeliveryReader, LeasedStore<DeliveryJournal> {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async read(stableKey: string): Promise<DeliveryJournal | undefined> {
    return contentOf(stableKey, await this.#item(stableKey).read());
  }

  async acquire(
    stableKey: string,
    lease: Lease,
    now: Instant,
  ): Promise<{ readonly content: DeliveryJournal | undefined } | undefined> {
    const item = await this.#item(stableKey).acquire(lease, now);
    return item && { content: contentOf(stableKey, item) };
  }

  write(stableKey: string, lease: Lease, deliveries: DeliveryJournal): Promise<void> {
    return this.#item(stableKey).write(lease, z.encode(deliveryJournalSchema, deliveries, IN_ENGLISH));
  }

  release(stableKey: string, holder: string): Promise<void> {
    return this.#item(stableKey).release(holder);
  }

  #item(stableKey: string): DynamoDbLeasedItem {
    return new DynamoDbLeasedItem(this.client, this.tableName, deliveryItemKey(stableKey), 'deliveries');
  }
}

function contentOf(
  stableKey: string,
  attributes: Record<string, AttributeValue>,
): DeliveryJournal | undefined {
  const item = readItem(deliveryItemKey(stableKey), deliveryItemSchema, attributes);
  if (item instanceof Error) throw item;
  return item.deliveries;
}
