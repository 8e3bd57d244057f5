import { DynamodbTableItem } from '@cdktf/provider-aws/lib/dynamodb-table-item';
import { Construct } from 'constructs';

import type { Settings } from '../../handlers/core/settings';
import { addressed } from '../address';
import type { JournalTable } from './journal-table';
import { PARTITION_KEY, settingsKey } from './keys';

export interface SettingsItemProps {
  readonly table: JournalTable;
  /** The handlers' own type: what they read and what is written here cannot drift apart. */
  readonly settings: Settings;
}

/** What the functions know about one rotated user. Terraform alone writes it. */
export class SettingsItem extends Construct {
  readonly resource: DynamodbTableItem;

  constructor(scope: Construct, id: string, { table, settings }: SettingsItemProps) {
    super(scope, id);
    this.resource = addressed(
      settings.stableKey,
      new DynamodbTableItem(this, 'Resource', {
        tableName: table.tableName,
        hashKey: PARTITION_KEY,
        item: settingsItem(settings),
      }),
    );
  }
}

/** The settings in DynamoDB's own JSON, where a number is a string under `N`. */
export function settingsItem(settings: Settings): string {
  const attributes = Object.entries(settings).flatMap(
    ([name, value]: [string, string | number | undefined]) => {
      if (value === undefined) {
        return [];
      }
      return [[name, typeof value === 'number' ? { N: String(value) } : { S: value }] as const];
    },
  );
  return JSON.stringify({
    [PARTITION_KEY]: { S: settingsKey(settings.stableKey) },
    ...Object.fromEntries(attributes),
  });
}
