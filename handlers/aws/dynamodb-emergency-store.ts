import { UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';

import type { Instant } from '../../contract/instant';
import { storedInstant } from '../../contract/stored-instant';
import { emergencyItemKey, TABLE_PARTITION_KEY } from '../../contract/table';
import { IN_ENGLISH } from '../../contract/schema-parts';
import type { EmergencyStore } from '../core/model/emergencies';
import { callAws } from './call-aws';
import { getItem } from './get-item';
import { readItem } from './read-item';
import { unlessConditionFails } from './unless-condition-fails';

const itemSchema = z.object({ began: storedInstant });

/** The item `emergency#<whose>`. */
export class DynamoDbEmergencyStore implements EmergencyStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async read(whose: string): Promise<Instant | undefined> {
    const itemKey = emergencyItemKey(whose);
    const found = await getItem(this.client, this.tableName, itemKey);
    if (found === undefined) return undefined;
    const item = readItem(itemKey, itemSchema, found);
    if (item instanceof Error) throw item;
    return item.began;
  }

  async begin(whose: string, since: Instant, before: Instant | undefined): Promise<boolean> {
    const isAsItWasRead = before === undefined ? 'attribute_not_exists(began)' : 'began = :before';
    const stored = (moment: Instant): string => z.encode(storedInstant, moment, IN_ENGLISH);
    const values = {
      ':since': stored(since),
      ...(before === undefined ? {} : { ':before': stored(before) }),
    };
    const answer = await unlessConditionFails(() =>
      callAws({ service: 'DynamoDB', action: 'UpdateItem' }, 'changes', (options) =>
        this.client.send(
          new UpdateItemCommand({
            TableName: this.tableName,
            Key: marshall({ [TABLE_PARTITION_KEY]: emergencyItemKey(whose) }),
            UpdateExpression: 'SET began = :since',
            // An answer that was lost may have been a success: then it is there already.
            ConditionExpression: `${isAsItWasRead} OR began = :since`,
            ExpressionAttributeValues: marshall(values),
          }),
          options,
        ),
      ),
    );
    return answer !== undefined;
  }
}
