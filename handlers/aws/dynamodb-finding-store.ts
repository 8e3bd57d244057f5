import { UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';

import { findingsSchema, type OpenFinding } from '../core/retirement/finding';
import type { FindingStore } from '../core/retirement/retirement-ports';
import { findingsItemKey, TABLE_PARTITION_KEY } from '../../contract/table';
import { callAws } from './call-aws';

/** The item `findings#<stable key>`, as the directory's Scan reads it. */
export const findingsItemSchema = z.object({ findings: findingsSchema });

/** The open findings of one user at a time. Only a sweep writes them, and of sweeps there is one at a time. */
export class DynamoDbFindingStore implements FindingStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async write(stableKey: string, open: readonly OpenFinding[]): Promise<void> {
    const findings = z.encode(findingsSchema, [...open]);
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
}
