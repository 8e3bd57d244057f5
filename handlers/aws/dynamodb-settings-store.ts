import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { UnreadableRecordError } from '../core/model/call-errors';
import type { SettingsStore } from '../core/model/ports';
import { settingsSchema, type Settings } from '../../contract/settings';
import { settingsItemKey } from '../../contract/table';
import { getItem } from './get-item';
import { readItem } from './read-item';

/** The items `settings#<stable key>`, written by Terraform and read here. */
export class DynamoDbSettingsStore implements SettingsStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async read(stableKey: string): Promise<Settings | undefined> {
    const itemKey = settingsItemKey(stableKey);
    const found = await getItem(this.client, this.tableName, itemKey);
    if (found === undefined) return undefined;
    const settings = readItem(itemKey, settingsSchema, found);
    if (settings instanceof Error) throw settings;
    const foreign = whyForeign(itemKey, settings);
    if (foreign !== undefined) throw foreign;
    return settings;
  }
}

/**
 * Settings copied to another user's item would have the keys they name changed under that user's lease and journal.
 *
 * @returns the error where they name another user than the key of their item does (R8).
 */
export function whyForeign(itemKey: string, { stableKey }: Settings): UnreadableRecordError | undefined {
  if (itemKey === settingsItemKey(stableKey)) return undefined;
  const problem = `its stableKey is ${stableKey}, which belongs in item ${settingsItemKey(stableKey)}; run \`terraform apply\`.`;
  return new UnreadableRecordError(itemKey, problem);
}
