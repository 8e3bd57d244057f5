import { ScanCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

import type { CallName } from '../core/model/call-errors';
import type { TableEntry, UserDirectory } from '../core/retirement/retirement-ports';
import { settingsSchema } from '../../contract/settings';
import { findingsItemKey, journalItemKey, settingsItemKey, TABLE_PARTITION_KEY } from '../../contract/table';
import { allPages } from './all-pages';
import { callAws, readAnswer } from './call-aws';
import { findingsItemSchema } from './dynamodb-finding-store';
import { whyForeign } from './dynamodb-settings-store';
import { journalItemSchema } from './journal-item';
import { readItem } from './read-item';

const SETTINGS = settingsItemKey('');
const JOURNAL = journalItemKey('');
const FINDINGS = findingsItemKey('');

const SCAN: CallName = { service: 'DynamoDB', action: 'Scan' };

/** A page has up to 1 MB, which is hundreds of users: more than any stack has. */
const MOST_PAGES = 1_000;

/** All items of the table in one consistent, paginated Scan; an item that does not parse concerns its user alone. */
export class DynamoDbUserDirectory implements UserDirectory {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async list(): Promise<readonly TableEntry[]> {
    return entriesOf(await this.scan());
  }

  private scan(): Promise<readonly UserRecord[]> {
    return allPages(SCAN, MOST_PAGES, async (startKey: Record<string, AttributeValue> | undefined) => {
      const page = await callAws(SCAN, 'reads', (options) =>
        this.client.send(
          new ScanCommand({ TableName: this.tableName, ConsistentRead: true, ExclusiveStartKey: startKey }),
          options,
        ),
      );
      const { Items, LastEvaluatedKey: next } = page;
      // Page by page: an item as DynamoDB writes it takes several times the memory of what it says.
      const items = readAnswer(SCAN, () => Items?.flatMap((item) => recordOf(item) ?? []));
      return { items, isLast: next === undefined, next };
    });
  }
}

/** What one item says of its user. */
type UserRecord = Pick<TableEntry, 'stableKey'> &
  (
    | { readonly settings: TableEntry['settings'] }
    | { readonly journal: TableEntry['journal'] }
    | { readonly findings: TableEntry['findings'] }
  );

/** Undefined: it is about no user, or says nothing that a list of users has. */
function recordOf(item: Record<string, AttributeValue>): UserRecord | undefined {
  const itemKey = item[TABLE_PARTITION_KEY]?.S ?? '';
  if (itemKey.startsWith(SETTINGS))
    return { stableKey: itemKey.slice(SETTINGS.length), settings: ownSettings(itemKey, item) };
  if (itemKey.startsWith(JOURNAL)) {
    const record = readItem(itemKey, journalItemSchema, item);
    const journal = record instanceof Error ? record : record.journal;
    return { stableKey: itemKey.slice(JOURNAL.length), journal };
  }
  if (itemKey.startsWith(FINDINGS)) {
    const record = readItem(itemKey, findingsItemSchema, item);
    const findings = record instanceof Error ? record : record.findings;
    return { stableKey: itemKey.slice(FINDINGS.length), findings };
  }
  return undefined;
}

/** Who has settings is a user, in the order of the settings. */
function entriesOf(records: readonly UserRecord[]): readonly TableEntry[] {
  const journals = new Map<string, TableEntry['journal']>();
  const findings = new Map<string, TableEntry['findings']>();
  for (const record of records) {
    if ('journal' in record) journals.set(record.stableKey, record.journal);
    if ('findings' in record) findings.set(record.stableKey, record.findings);
  }
  return records.flatMap((record) =>
    'settings' in record
      ? [
          {
            ...record,
            journal: journals.get(record.stableKey),
            findings: findings.get(record.stableKey),
          },
        ]
      : [],
  );
}

function ownSettings(itemKey: string, item: Record<string, AttributeValue>): TableEntry['settings'] {
  const settings = readItem(itemKey, settingsSchema, item);
  return settings instanceof Error ? settings : (whyForeign(itemKey, settings) ?? settings);
}
