import { UpdateItemCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';

import type { Instant } from '../../contract/instant';
import type { CallName } from '../core/model/call-errors';
import type { SweepHistory } from '../core/notifications/notification-ports';
import type { SweepLog, SweepStart } from '../core/retirement/retirement-ports';
import { SWEEP_ITEM_KEY, TABLE_PARTITION_KEY } from '../../contract/table';
import { callAws, incomplete, type Answered } from './call-aws';
import { getItem } from './get-item';
import { readItem } from './read-item';
import { unlessConditionFails } from './unless-condition-fails';

const UPDATE: CallName = { service: 'DynamoDB', action: 'UpdateItem' };

const itemSchema = z.object({ resumeAfter: z.optional(z.string()) });

/** The item `sweep`: who sweeps until when, and where the next sweep begins. */
export class DynamoDbSweepLog implements SweepLog, SweepHistory {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async begin(
    sweep: { readonly holder: string; readonly until: Instant },
    now: Instant,
  ): Promise<SweepStart | undefined> {
    const answer = await this.update({
      UpdateExpression: 'SET runHolder = :holder, runUntil = :until',
      ConditionExpression: 'attribute_not_exists(runHolder) OR runUntil < :now OR runHolder = :holder',
      ExpressionAttributeValues: marshall({ ':holder': sweep.holder, ':until': sweep.until, ':now': now }),
      ReturnValues: 'ALL_NEW',
    });
    if (answer === undefined) return undefined;
    const { Attributes: attributes = {} } = answer;
    if (attributes['runHolder']?.S !== sweep.holder)
      throw incomplete(UPDATE, 'the answer does not show the run that was asked for');
    const item = readItem(SWEEP_ITEM_KEY, itemSchema, attributes);
    if (item instanceof Error) throw item;
    return { resumeAfter: item.resumeAfter };
  }

  async end(holder: string, resumeAfter: string | undefined): Promise<void> {
    const values = {
      ':holder': holder,
      ...(resumeAfter === undefined ? {} : { ':resumeAfter': resumeAfter }),
    };
    await this.update({
      UpdateExpression:
        resumeAfter === undefined
          ? 'REMOVE runHolder, runUntil, resumeAfter'
          : 'SET resumeAfter = :resumeAfter REMOVE runHolder, runUntil',
      ConditionExpression: 'runHolder = :holder',
      ExpressionAttributeValues: marshall(values),
    });
  }

  /** The item stays when a run ends. */
  async hasBegun(): Promise<boolean> {
    return (await getItem(this.client, this.tableName, SWEEP_ITEM_KEY)) !== undefined;
  }

  private update(
    change: Pick<
      ConstructorParameters<typeof UpdateItemCommand>[0],
      'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeValues' | 'ReturnValues'
    >,
  ): Promise<(Answered & { Attributes?: Record<string, AttributeValue> }) | undefined> {
    return unlessConditionFails(() =>
      callAws(UPDATE, 'changes', (options) =>
        this.client.send(
          new UpdateItemCommand({
            TableName: this.tableName,
            Key: marshall({ [TABLE_PARTITION_KEY]: SWEEP_ITEM_KEY }),
            ...change,
          }),
          options,
        ),
      ),
    );
  }
}
