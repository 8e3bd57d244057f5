import { NO_ACKNOWLEDGEMENTS, type Acknowledgements } from '../../../handlers/core/model/acknowledgements';
import * as z from 'zod/mini';

import { UnreadableRecordError } from '../../../handlers/core/model/call-errors';
import type { Instant } from '../../../contract/instant';
import { IN_ENGLISH } from '../../../contract/schema-parts';
import { deliveryJournalSchema, type DeliveryJournal } from '../../../handlers/core/model/delivery-journal';
import { journalSchema, type Journal } from '../../../handlers/core/model/journal';
import type { JournalRecord, Lease } from '../../../handlers/core/model/ports';
import type { SweepStart, TableEntry } from '../../../handlers/core/retirement/retirement-ports';
import { settingsSchema, type Settings } from '../../../contract/settings';
import {
  acknowledgementItemKey,
  emergencyItemKey,
  deliveryItemKey,
  journalItemKey,
  settingsItemKey,
} from '../../../contract/table';
import type { Doer, Witness } from './events';
import { call, refusal } from './refusals';

interface LeasedItem {
  /** JSON, as it is stored; whatever does not parse is unreadable. */
  text: string | undefined;
  lease: Lease | undefined;
  removalOf?: string | undefined;
}

/** The DynamoDB table: consistent reads, conditional writes. */
export class InMemoryTable {
  readonly #journals = new Map<string, LeasedItem>();
  readonly #deliveries = new Map<string, LeasedItem>();
  readonly #settings = new Map<string, string>();
  #sweep: { holder: string | undefined; until: Instant; resumeAfter: string | undefined } = {
    holder: undefined,
    until: 0,
    resumeAfter: undefined,
  };

  readonly #acknowledgements = new Map<string, Acknowledgements | UnreadableRecordError>();

  readonly #emergencies = new Map<string, Instant | UnreadableRecordError>();

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
    return isTaken(this.#item(stableKey), lease, now) ? this.read(stableKey) : undefined;
  }

  write(stableKey: string, lease: Lease, journal: Journal, now: Instant, doer: Doer): void {
    const text = JSON.stringify(z.encode(journalSchema, journal));
    replace(this.#item(stableKey), lease, text);
    this.witness({ what: 'journalWritten', at: now, doer, stableKey, text });
  }

  deliveries(stableKey: string): DeliveryJournal | undefined {
    const { text } = this.#delivery(stableKey);
    return text === undefined ? undefined : parse(deliveryJournalSchema, text, deliveryItemKey(stableKey));
  }

  acknowledgements(stableKey: string): Acknowledgements {
    const known = this.#acknowledgements.get(stableKey) ?? NO_ACKNOWLEDGEMENTS;
    if (known instanceof Error) throw known;
    return known;
  }

  /** What a person does to the item by hand. */
  garbleAcknowledgements(stableKey: string): void {
    const unreadable = new UnreadableRecordError(
      acknowledgementItemKey(stableKey),
      'It was garbled by hand.',
    );
    this.#acknowledgements.set(stableKey, unreadable);
  }

  /** Said again, the last time counts. */
  acknowledge(stableKey: string, keyId: string, at: Instant): void {
    this.#acknowledgements.set(stableKey, new Map([...this.acknowledgements(stableKey), [keyId, at]]));
  }

  emergency(whose: string): Instant | undefined {
    const began = this.#emergencies.get(whose);
    if (began instanceof Error) throw began;
    return began;
  }

  /** Refused, as DynamoDB refuses what does not meet its condition, also of an item that makes no sense. */
  beginEmergency(whose: string, since: Instant, before: Instant | undefined): boolean {
    const began = this.#emergencies.get(whose);
    if (began !== before && began !== since) return false;
    this.#emergencies.set(whose, since);
    return true;
  }

  /** What a person does to the item by hand. */
  garbleEmergency(whose: string): void {
    this.#emergencies.set(
      whose,
      new UnreadableRecordError(emergencyItemKey(whose), 'It was garbled by hand.'),
    );
  }

  areDeliveriesReadable(stableKey: string): boolean {
    return !(orError(() => this.deliveries(stableKey)) instanceof Error);
  }

  setDeliveriesText(stableKey: string, text: string | undefined): void {
    this.#delivery(stableKey).text = text;
  }

  acquireDeliveries(
    stableKey: string,
    lease: Lease,
    now: Instant,
  ): { readonly content: DeliveryJournal | undefined } | undefined {
    return isTaken(this.#delivery(stableKey), lease, now)
      ? { content: this.deliveries(stableKey) }
      : undefined;
  }

  writeDeliveries(stableKey: string, lease: Lease, written: DeliveryJournal, now: Instant, doer: Doer): void {
    const text = JSON.stringify(z.encode(deliveryJournalSchema, written));
    replace(this.#delivery(stableKey), lease, text);
    this.witness({ what: 'deliveriesWritten', at: now, doer, stableKey, text });
  }

  releaseDeliveries(stableKey: string, holder: string): void {
    const item = this.#delivery(stableKey);
    if (item.lease?.holder === holder) item.lease = undefined;
  }

  announceRemoval(stableKey: string, secretArn: string | undefined): void {
    this.#item(stableKey).removalOf = secretArn;
  }

  release(stableKey: string, holder: string): void {
    const item = this.#item(stableKey);
    if (item.lease?.holder === holder) item.lease = undefined;
  }

  #item(stableKey: string): LeasedItem {
    return itemIn(this.#journals, stableKey);
  }

  #delivery(stableKey: string): LeasedItem {
    return itemIn(this.#deliveries, stableKey);
  }
}

function itemIn(items: Map<string, LeasedItem>, stableKey: string): LeasedItem {
  let item = items.get(stableKey);
  if (item === undefined) {
    item = { text: undefined, lease: undefined };
    items.set(stableKey, item);
  }
  return item;
}

function isTaken(item: LeasedItem, lease: Lease, now: Instant): boolean {
  const held = item.lease;
  const isFree =
    held === undefined ||
    held.until < now ||
    // A call of the holder that arrives late does not shorten the lease.
    (held.holder === lease.holder && held.until <= lease.until);
  if (isFree) item.lease = lease;
  return isFree;
}

function replace(item: LeasedItem, lease: Lease, text: string): void {
  // A write that arrives late finds a lease that was renewed beyond its own.
  if (item.lease?.holder !== lease.holder || item.lease.until > lease.until) {
    throw refusal(
      call.updateItem,
      'conflict',
      'ConditionalCheckFailedException',
      'The conditional request failed',
    );
  }
  item.text = text;
  item.lease = lease;
}

function parse<Schema extends z.ZodMiniType>(
  schema: Schema,
  text: string,
  itemKey: string,
): z.output<Schema> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new UnreadableRecordError(itemKey, 'it is no JSON document', { cause });
  }
  const parsed = schema.safeParse(document, IN_ENGLISH);
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
