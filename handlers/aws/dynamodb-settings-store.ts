import { GetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';

import { UnreadableRecordError } from '../core/errors';
import type { SettingsStore } from '../core/ports';
import { settingsItemKey, settingsSchema, TABLE_PARTITION_KEY, type Settings } from '../core/settings';
import { callAws } from './call-aws';

/** The items `settings#<stable key>`, written by Terraform and read here. */
export class DynamoDbSettingsStore implements SettingsStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async read(stableKey: string): Promise<Settings | undefined> {
    const itemKey = settingsItemKey(stableKey);
    const { Item } = await callAws({ service: 'DynamoDB', action: 'GetItem' }, 'reads', (options) =>
      this.client.send(
        new GetItemCommand({
          TableName: this.tableName,
          Key: marshall({ [TABLE_PARTITION_KEY]: itemKey }),
          ConsistentRead: true,
        }),
        options,
      ),
    );
    if (Item === undefined) return undefined;
    const parsed = settingsSchema.safeParse(unmarshall(Item));
    if (!parsed.success) {
      throw new UnreadableRecordError(itemKey, z.prettifyError(parsed.error), { cause: parsed.error });
    }
    return parsed.data;
  }
}
