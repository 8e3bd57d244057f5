import { DynamodbTableItem } from '@cdktf/provider-aws/lib/dynamodb-table-item';
import { Construct } from 'constructs';

import type { StoredSettings } from '../../contract/settings';
import { addressed } from '../terraform/address';
import type { OrReference } from '../terraform/reference';
import type { JournalTableReference } from './journal-table';
import { TABLE_PARTITION_KEY, settingsItemKey } from '../../contract/table';

export interface SettingsItemProps {
  /** Name in the Terraform addresses. */
  readonly address: string;
  readonly table: JournalTableReference;
  /** The handlers' own type: what they read and what is written here cannot drift apart. */
  readonly settings: OrReference<StoredSettings>;
  /**
   * An expression of Terraform for settings of which only Terraform knows whether they are there: a list of
   * `{ said = <condition>, item = <attributes as DynamoDB has them> }`.
   * @default none
   */
  readonly optional?: string;
}

/** What the functions know about one rotated user. Terraform alone writes it. */
export class SettingsItem extends Construct {
  readonly resource: DynamodbTableItem;

  constructor(scope: Construct, id: string, { address, table, settings, optional }: SettingsItemProps) {
    super(scope, id);
    this.resource = addressed(
      address,
      new DynamodbTableItem(this, 'Resource', {
        tableName: table.tableName,
        hashKey: TABLE_PARTITION_KEY,
        item:
          optional === undefined ? settingsItem(settings) : withOptional(settingsItem(settings), optional),
      }),
    );
  }
}

function withOptional(item: string, optional: string): string {
  const said = `[for part in ${optional} : part.item if part.said]`;
  return `\${jsonencode(merge(concat([jsondecode(${JSON.stringify(item)})], ${said})...))}`;
}

/**
 * The settings in DynamoDB's own JSON, where a number is a string under `N`. Not by the SDK's `marshall`, which refuses
 * the number that stands for a Terraform reference.
 */
export function settingsItem(settings: OrReference<StoredSettings>): string {
  return JSON.stringify(
    attributes({ [TABLE_PARTITION_KEY]: settingsItemKey(settings.stableKey), ...settings }),
  );
}

type Attribute =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly L: readonly Attribute[] }
  | { readonly M: Readonly<Record<string, Attribute>> };

/** All that settings are made of; the compiler says so where they come to hold something else. */
type Value = string | number | readonly Value[] | { readonly [name: string]: Value } | undefined;

function attributes(item: Readonly<Record<string, Value>>): Record<string, Attribute> {
  return Object.fromEntries(
    Object.entries(item).flatMap(([name, value]) => (value === undefined ? [] : [[name, attribute(value)]])),
  );
}

function attribute(value: NonNullable<Value>): Attribute {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (isList(value)) return { L: value.flatMap((one) => (one === undefined ? [] : [attribute(one)])) };
  return { M: attributes(value) };
}

const isList = (value: object): value is readonly Value[] => Array.isArray(value);
