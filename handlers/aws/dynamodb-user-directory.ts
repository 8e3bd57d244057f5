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
    const items = await this.scan();
    return readAnswer(SCAN, () => entriesIn(items));
  }

  private scan(): Promise<readonly Record<string, AttributeValue>[]> {
    return allPages(SCAN, MOST_PAGES, async (startKey: Record<string, AttributeValue> | undefined) => {
      const page = await callAws(SCAN, 'reads', (options) =>
        this.client.send(
          new ScanCommand({ TableName: this.tableName, ConsistentRead: true, ExclusiveStartKey: startKey }),
          options,
        ),
      );
      const { LastEvaluatedKey: next } = page;
      return { items: page.Items, isLast: next === undefined, next };
    });
  }
}

function entriesIn(items: readonly Record<string, AttributeValue>[]): readonly TableEntry[] {
  const settings = new Map<string, TableEntry['settings']>();
  const journals = new Map<string, TableEntry['journal']>();
  const findings = new Map<string, TableEntry['findings']>();
  for (const item of items) {
    const itemKey = item[TABLE_PARTITION_KEY]?.S ?? '';
    if (itemKey.startsWith(SETTINGS)) {
      settings.set(itemKey.slice(SETTINGS.length), ownSettings(itemKey, item));
    } else if (itemKey.startsWith(JOURNAL)) {
      const record = readItem(itemKey, journalItemSchema, item);
      journals.set(itemKey.slice(JOURNAL.length), record instanceof Error ? record : record.journal);
    } else if (itemKey.startsWith(FINDINGS)) {
      const record = readItem(itemKey, findingsItemSchema, item);
      findings.set(itemKey.slice(FINDINGS.length), record instanceof Error ? record : record.findings);
    }
  }
  return [...settings].map(([stableKey, value]) => ({
    stableKey,
    settings: value,
    journal: journals.get(stableKey),
    findings: findings.get(stableKey),
  }));
}

function ownSettings(itemKey: string, item: Record<string, AttributeValue>): TableEntry['settings'] {
  const settings = readItem(itemKey, settingsSchema, item);
  return settings instanceof Error ? settings : (whyForeign(itemKey, settings) ?? settings);
}
