import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';

import { notifiedItemKey } from '../../contract/table';
import { REPORTERS } from '../core/notifications/fault-report';
import { faultStateSchema, QUIET, type FaultState } from '../core/notifications/fault-state';
import type { FaultId, NotificationStore } from '../core/notifications/notification-ports';
import { UnreadableRecordError } from '../core/model/call-errors';
import { readItem } from './read-item';
import { VersionedItem } from './versioned-item';

const itemSchema = z.object({ state: faultStateSchema, version: z.number() });

/** Until there were versions: a fault that people were told of, or a claim that no message had followed yet. */
const formerSchema = z.object({
  reporter: z.enum(REPORTERS),
  began: z.number(),
  reportedAt: z.number(),
  since: z.optional(z.number()),
  toldAt: z.number(),
});
const formerItemSchema = z.pipe(
  z.looseObject({ version: z.optional(z.undefined()) }),
  z.transform((item) => ({ state: formerState(item), version: 0 })),
);
const storedSchema = z.union([itemSchema, formerItemSchema]);

function formerState(item: unknown): FaultState {
  const { data } = formerSchema.safeParse(item);
  if (data === undefined) return QUIET;
  const { reporter, reportedAt, ...facts } = data;
  const reports = reporter === 'alarm' ? { alarm: reportedAt } : { others: reportedAt };
  return { state: 'told', ...facts, reports, ends: {} };
}

/** The items `notified#<stable key>#<kind>`, with a `#` and the key's last four characters or an act's place where it is about one. */
export class DynamoDbNotificationStore implements NotificationStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async load(fault: FaultId): Promise<{ readonly state: FaultState; readonly version: number }> {
    const stored = await this.#item(fault).load();
    if (stored === undefined) return { state: QUIET, version: 0 };
    const item = readItem(itemKeyOf(fault), storedSchema, stored);
    if (item instanceof UnreadableRecordError) throw item;
    return item;
  }

  replace(fault: FaultId, state: FaultState, version: number): Promise<boolean> {
    return this.#item(fault).replace({ state }, version);
  }

  #item(fault: FaultId): VersionedItem {
    return new VersionedItem(this.client, this.tableName, itemKeyOf(fault));
  }
}

const itemKeyOf = ({ kind, user, about }: FaultId): string => notifiedItemKey(user, kind, about);
