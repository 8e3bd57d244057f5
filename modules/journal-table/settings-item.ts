import { marshall } from '@aws-sdk/util-dynamodb';
import { DynamodbTableItem } from '@cdktf/provider-aws/lib/dynamodb-table-item';
import { Construct } from 'constructs';

import type { StoredSettings } from '../../handlers/core/settings';
import { addressed } from '../address';
import type { JournalTable } from './journal-table';
import { PARTITION_KEY, settingsKey } from './keys';

export interface SettingsItemProps {
  readonly table: JournalTable;
  /** The handlers' own type: what they read and what is written here cannot drift apart. */
  readonly settings: StoredSettings;
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
export function settingsItem(settings: StoredSettings): string {
  const item = { [PARTITION_KEY]: settingsKey(settings.stableKey), ...settings };
  return JSON.stringify(marshall(item, { removeUndefinedValues: true }));
}
