import { DeleteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';

import { settingsItemKey, TABLE_PARTITION_KEY } from '../../contract/table';
import type { StackFacts } from './stack-facts';
import type { Resource, SynthesizedStack } from './synthesized-stack';

/** One item that Terraform writes. */
interface Item {
  readonly table: string;
  readonly key: string;
}

/**
 * Removes the settings of a stack's users, so that Terraform, which makes an item only where there is none, can write
 * them again. From then until it has, functions refuse to rotate and the retirement function leaves the users' keys alone.
 *
 * @param table the stack's table, which the caller names to confirm: nothing is removed from another one.
 * @returns the keys of the items.
 */
export async function removeSettings(
  dynamodb: DynamoDBClient,
  { stack, facts, table }: { stack: SynthesizedStack; facts: StackFacts; table: string },
): Promise<readonly string[]> {
  const items = await Promise.all(
    stack.resources
      .filter(({ type }) => type === 'aws_dynamodb_table_item')
      .map((resource) => settingsItemOf(resource, facts)),
  );
  const elsewhere = items.find((item) => item.table !== table);
  if (elsewhere !== undefined) {
    throw new Error(
      `The settings of this stack are in table ${elsewhere.table}, not in ${table}. Nothing was removed.`,
    );
  }
  for (const { key } of items) {
    const Key = marshall({ [TABLE_PARTITION_KEY]: key });
    await dynamodb.send(new DeleteItemCommand({ TableName: table, Key }));
  }
  return items.map(({ key }) => key);
}

const itemSchema = z.object({ [TABLE_PARTITION_KEY]: z.object({ S: z.string() }) });

/** @throws Error if it is not an item of settings: a journal must never be removed. */
async function settingsItemOf(resource: Resource, facts: StackFacts): Promise<Item> {
  const item = itemSchema.parse(JSON.parse(String(resource.arguments['item'])));
  const key = await facts.resolve(resource, item[TABLE_PARTITION_KEY].S);
  if (!key.startsWith(settingsItemKey(''))) {
    throw new Error(`${resource.address} is item ${key}, which holds no settings. Nothing was removed.`);
  }
  return { table: await facts.text(resource, 'table_name'), key };
}
