import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';

import { toldActsItemKey } from '../../contract/table';
import type { ActGroup } from '../core/notifications/fault-report';
import type { ToldActsStore } from '../core/notifications/notification-ports';
import { toldActsSchema, type ToldActs } from '../core/notifications/told-acts';
import { readItem } from './read-item';
import { VersionedItem } from './versioned-item';

/** Acts that cannot be read are begun anew: rather a message twice than none. Without a version nothing can replace them. */
const itemSchema = z.object({ told: z.catch(z.optional(toldActsSchema), undefined), version: z.number() });

/** The items `notified#*#suspiciousAct#<group>`. */
export class DynamoDbToldActsStore implements ToldActsStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async load(group: ActGroup): Promise<{ readonly told: ToldActs | undefined; readonly version: number }> {
    const stored = await this.#item(group).load();
    if (stored === undefined) return { told: undefined, version: 0 };
    const item = readItem(toldActsItemKey(group), itemSchema, stored);
    if (item instanceof Error) throw item;
    return { told: item.told, version: item.version };
  }

  replace(group: ActGroup, told: ToldActs, version: number): Promise<boolean> {
    return this.#item(group).replace({ told }, version);
  }

  #item(group: ActGroup): VersionedItem {
    return new VersionedItem(this.client, this.tableName, toldActsItemKey(group));
  }
}
