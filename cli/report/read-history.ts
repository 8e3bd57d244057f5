import type { Instant } from '../../contract/instant';
import type { AwsConnection } from '../aws-options';
import { lookUpEvents } from '../event-history';
import { recordIn, type TrailRecord } from './trail-record';

export interface Period {
  readonly from: Instant;
  readonly until: Instant;
}

/** A question about the event history of a region. */
export interface HistoryQuestion {
  readonly eventName: string;
  readonly period: Period;
  /** Of more events, only the newest so many are read. */
  readonly most: number;
}

/** How it was answered. */
export interface HistoryAnswer {
  readonly events: number;
  /** How many of them hold no record that can be read. */
  readonly unreadable: number;
  /** Undefined: the whole period was read. Otherwise nothing before that moment was, because there was too much. */
  readonly cutAt: Instant | undefined;
}

/** Hands over each event of the period, the newest first, and keeps none. */
export async function eachEvent(
  connection: AwsConnection,
  { eventName, period, most }: HistoryQuestion,
  take: (record: TrailRecord) => void,
  atEvent: (events: number) => void,
): Promise<HistoryAnswer> {
  let [events, unreadable] = [0, 0];
  let oldest = period.until;
  const attribute = { AttributeKey: 'EventName', AttributeValue: eventName } as const;
  const { from: since, until } = period;
  for await (const event of lookUpEvents(connection, { attribute, since, until })) {
    if (events === most) return { events, unreadable, cutAt: oldest };
    events += 1;
    oldest = event.EventTime?.getTime() ?? oldest;
    const record = recordIn(event);
    if (record === undefined) unreadable += 1;
    else take(record);
    atEvent(events);
  }
  return { events, unreadable, cutAt: undefined };
}
