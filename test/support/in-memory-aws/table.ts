import * as z from 'zod';

import { UnreadableRecordError } from '../../../handlers/core/model/call-errors';
import type { Instant } from '../../../contract/instant';
import { journalSchema, type Journal } from '../../../handlers/core/model/journal';
import type { JournalRecord, Lease } from '../../../handlers/core/model/ports';
import type { SweepStart, TableEntry } from '../../../handlers/core/retirement/retirement-ports';
import { settingsSchema, type Settings } from '../../../contract/settings';
import { journalItemKey, settingsItemKey } from '../../../contract/table';
import type { Doer, Witness } from './events';
import { call, refusal } from './refusals';

interface JournalItem {
  /** JSON, as it is stored; whatever does not parse as a journal is an unreadable one. */
  text: string | undefined;
  lease: Lease | undefined;
  removalOf?: string | undefined;
}

/** The DynamoDB table: consistent reads, conditional writes. */
export class InMemoryTable {
  readonly #journals = new Map<string, JournalItem>();
  readonly #settings = new Map<string, string>();
  #sweep: { holder: string | undefined; until: Instant; resumeAfter: string | undefined } = {
    holder: undefined,
    until: 0,
    resumeAfter: undefined,
  };

  constructor(private readonly witness: Witness) {}

  journalText(stableKey: string): string | undefined {
    return this.#journals.get(stableKey)?.text;
  }

  lease(stableKey: string): Lease | undefined {
    return this.#journals.get(stableKey)?.lease;
  }

  /** Everybody's settings and journals, as the sweep reads them. */
  list(): readonly TableEntry[] {
    return [...this.#settings.keys()].map((stableKey) => ({
      stableKey,
      settings: orError(() => this.readSettings(stableKey)!),
      journal: orError(() => this.read(stableKey).journal),
    }));
  }

  beginSweep(
    run: { readonly holder: string; readonly until: Instant },
    now: Instant,
  ): SweepStart | undefined {
    if (this.#sweep.until > now && this.#sweep.holder !== run.holder) return undefined;
    this.#sweep = { ...this.#sweep, ...run };
    return { resumeAfter: this.#sweep.resumeAfter };
  }

  endSweep(holder: string, resumeAfter: string | undefined): void {
    if (this.#sweep.holder === holder) this.#sweep = { holder: undefined, until: 0, resumeAfter };
  }

  /** What a person does to the item by hand. */
  setJournalText(stableKey: string, text: string | undefined): void {
    this.#item(stableKey).text = text;
  }

  setSettings(stableKey: string, settings: Settings): void {
    this.setSettingsText(stableKey, JSON.stringify(z.encode(settingsSchema, settings)));
  }

  setSettingsText(stableKey: string, text: string | undefined): void {
    if (text === undefined) this.#settings.delete(stableKey);
    else this.#settings.set(stableKey, text);
  }

  readSettings(stableKey: string): Settings | undefined {
    const text = this.#settings.get(stableKey);
    return text === undefined ? undefined : parse(settingsSchema, text, settingsItemKey(stableKey));
  }

  read(stableKey: string): JournalRecord {
    const { text, removalOf } = this.#item(stableKey);
    return {
      removalOf,
      journal: text === undefined ? undefined : parse(journalSchema, text, journalItemKey(stableKey)),
    };
  }

  acquire(stableKey: string, lease: Lease, now: Instant): JournalRecord | undefined {
    const item = this.#item(stableKey);
    const held = item.lease;
    const isFree =
      held === undefined ||
      held.until < now ||
      // A call of the holder that arrives late does not shorten the lease.
      (held.holder === lease.holder && held.until <= lease.until);
    if (!isFree) return undefined;
    item.lease = lease;
    return this.read(stableKey);
  }

  write(stableKey: string, lease: Lease, journal: Journal, now: Instant, doer: Doer): void {
    const item = this.#item(stableKey);
    // A write that arrives late finds a lease that was renewed beyond its own.
    if (item.lease?.holder !== lease.holder || item.lease.until > lease.until) {
      throw refusal(
        call.updateItem,
        'conflict',
        'ConditionalCheckFailedException',
        'The conditional request failed',
      );
    }
    item.text = JSON.stringify(z.encode(journalSchema, journal));
    item.lease = lease;
    this.witness({ what: 'journalWritten', at: now, doer, stableKey, text: item.text });
  }

  announceRemoval(stableKey: string, secretArn: string | undefined): void {
    this.#item(stableKey).removalOf = secretArn;
  }

  release(stableKey: string, holder: string): void {
    const item = this.#item(stableKey);
    if (item.lease?.holder === holder) item.lease = undefined;
  }

  #item(stableKey: string): JournalItem {
    let item = this.#journals.get(stableKey);
    if (item === undefined) {
      item = { text: undefined, lease: undefined };
      this.#journals.set(stableKey, item);
    }
    return item;
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string, itemKey: string): z.output<Schema> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new UnreadableRecordError(itemKey, 'it is no JSON document', { cause });
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new UnreadableRecordError(itemKey, z.prettifyError(parsed.error), { cause: parsed.error });
}

/** The sweep goes on where one user's item does not parse. */
function orError<Result>(read: () => Result): Result | Error {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableRecordError) return error;
    throw error;
  }
}
