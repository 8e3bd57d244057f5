import { UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';

import { storedInstant } from '../../contract/stored-instant';
import { acknowledgementItemKey, TABLE_PARTITION_KEY } from '../../contract/table';
import {
  NO_ACKNOWLEDGEMENTS,
  type AcknowledgementStore,
  type Acknowledgements,
} from '../core/model/acknowledgements';
import { callAws } from './call-aws';
import { getItem } from './get-item';
import { readItem } from './read-item';
import { IN_ENGLISH, someText } from '../../contract/schema-parts';

const wordSchema = z.object({ at: storedInstant, by: someText });

/** An attribute for each key, called as its id: two who speak at a time do not write over each other. */
const itemSchema = z.catchall(z.object({ [TABLE_PARTITION_KEY]: z.string() }), wordSchema);

/** The item `acknowledgement#<stable key>`. */
export class DynamoDbAcknowledgementStore implements AcknowledgementStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async read(stableKey: string): Promise<Acknowledgements> {
    const itemKey = acknowledgementItemKey(stableKey);
    const found = await getItem(this.client, this.tableName, itemKey);
    if (found === undefined) return NO_ACKNOWLEDGEMENTS;
    const item = readItem(itemKey, itemSchema, found);
    if (item instanceof Error) throw item;
    return new Map(
      Object.entries(item).flatMap(([keyId, word]) => (typeof word === 'string' ? [] : [[keyId, word.at]])),
    );
  }

  async add(
    stableKey: string,
    { keyId, ...word }: Parameters<AcknowledgementStore['add']>[1],
  ): Promise<void> {
    await callAws({ service: 'DynamoDB', action: 'UpdateItem' }, 'changes', (options) =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: marshall({ [TABLE_PARTITION_KEY]: acknowledgementItemKey(stableKey) }),
          UpdateExpression: 'SET #key = :word',
          ExpressionAttributeNames: { '#key': keyId },
          ExpressionAttributeValues: marshall({ ':word': z.encode(wordSchema, word, IN_ENGLISH) }),
        }),
        options,
      ),
    );
  }
}
