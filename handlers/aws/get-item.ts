import { GetItemCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

import { TABLE_PARTITION_KEY } from '../../contract/table';
import { callAws } from './call-aws';

/** An item of the table, strongly consistent. Undefined: there is none. */
export async function getItem(
  client: DynamoDBClient,
  tableName: string,
  itemKey: string,
): Promise<Record<string, AttributeValue> | undefined> {
  const { Item } = await callAws({ service: 'DynamoDB', action: 'GetItem' }, 'reads', (options) =>
    client.send(
      new GetItemCommand({
        TableName: tableName,
        Key: marshall({ [TABLE_PARTITION_KEY]: itemKey }),
        ConsistentRead: true,
      }),
      options,
    ),
  );
  return Item;
}
