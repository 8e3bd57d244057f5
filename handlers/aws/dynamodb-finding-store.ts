import { UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';

import { findingsSchema, type OpenFinding } from '../core/model/open-finding';
import type { FindingReader } from '../core/notifications/notification-ports';
import type { FindingStore } from '../core/retirement/retirement-ports';
import { findingsItemKey, TABLE_PARTITION_KEY } from '../../contract/table';
import { IN_ENGLISH } from '../../contract/schema-parts';
import { callAws } from './call-aws';
import { getItem } from './get-item';
import { readItem } from './read-item';

/** The item `findings#<stable key>`. */
export const findingsItemSchema = z.object({ findings: findingsSchema });

/** The open findings of one user at a time. Only a sweep writes them, and of sweeps there is one at a time. */
export class DynamoDbFindingStore implements FindingStore, FindingReader {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async write(stableKey: string, open: readonly OpenFinding[]): Promise<void> {
    const findings = z.encode(findingsSchema, [...open], IN_ENGLISH);
    await callAws({ service: 'DynamoDB', action: 'UpdateItem' }, 'changes', (options) =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: marshall({ [TABLE_PARTITION_KEY]: findingsItemKey(stableKey) }),
          UpdateExpression: 'SET findings = :findings',
          ExpressionAttributeValues: marshall({ ':findings': findings }, { removeUndefinedValues: true }),
        }),
        options,
      ),
    );
  }

  async read(stableKey: string): Promise<readonly OpenFinding[]> {
    const itemKey = findingsItemKey(stableKey);
    const found = await getItem(this.client, this.tableName, itemKey);
    if (found === undefined) return [];
    const item = readItem(itemKey, findingsItemSchema, found);
    if (item instanceof Error) throw item;
    return item.findings;
  }
}
