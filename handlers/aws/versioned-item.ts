import { PutItemCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

import { TABLE_PARTITION_KEY } from '../../contract/table';
import { callAws } from './call-aws';
import { getItem } from './get-item';
import { unlessConditionFails } from './unless-condition-fails';

/** One item of the table, which whoever has read it replaces as a whole, unless it changed since. */
export class VersionedItem {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
    private readonly itemKey: string,
  ) {}

  /** Strongly consistent. Undefined: there is none. */
  load(): Promise<Record<string, AttributeValue> | undefined> {
    return getItem(this.client, this.tableName, this.itemKey);
  }

  /**
   * Stores it in the version after the one that was read; 0: there was none, or none with a version.
   *
   * @returns false: it has another version by now, and was left as it is.
   */
  async replace(fields: Readonly<Record<string, unknown>>, version: number): Promise<boolean> {
    const item = { [TABLE_PARTITION_KEY]: this.itemKey, ...fields, version: version + 1 };
    const answer = await unlessConditionFails(() =>
      callAws({ service: 'DynamoDB', action: 'PutItem' }, 'changes', (options) =>
        this.client.send(
          new PutItemCommand({
            TableName: this.tableName,
            Item: marshall(item, { removeUndefinedValues: true }),
            ...(version === 0
              ? { ConditionExpression: 'attribute_not_exists(version)' }
              : {
                  ConditionExpression: 'version = :version',
                  ExpressionAttributeValues: marshall({ ':version': version }),
                }),
          }),
          options,
        ),
      ),
    );
    return answer !== undefined;
  }
}
