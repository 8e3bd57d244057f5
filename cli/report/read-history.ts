import { CloudTrailClient, LookupEventsCommand, type Event } from '@aws-sdk/client-cloudtrail';

import type { Instant } from '../../contract/instant';
import { callAws, incomplete } from '../../handlers/aws/call-aws';
import type { CallName } from '../../handlers/core/model/call-errors';
import { Pacer, type PacerOptions } from '../../handlers/core/retirement/pacer';
import type { AwsClock } from '../aws-clock';
import { clientConfig, type AwsConnection } from '../aws-options';
import { recordIn, type TrailRecord } from './trail-record';

/** Two calls a second in an account and region, by everybody together (F 7.5). */
const HISTORY_RATE: PacerOptions = { startRate: 2, maximumRate: 2 };

/** The most that the service gives at a time. */
const PAGE = 50;

export interface Period {
  readonly from: Instant;
  readonly until: Instant;
}

/** How a question about the event history ended. */
export interface Answer {
  /** How many events came. */
  readonly events: number;
  /** How many of them cannot be read. */
  readonly unreadable: number;
  /** Undefined: the whole period was read. Otherwise the moment before which nothing was, because there was too much. */
  readonly cutAt: Instant | undefined;
}

/** CloudTrail's event history of one region, newest first: management events of the last 90 days (F 7.6). */
export class EventHistory {
  readonly #client: CloudTrailClient;
  readonly #pacer: Pacer;

  constructor(connection: AwsConnection, clock: AwsClock) {
    // Tried once: the pacer has to see when AWS throttles.
    this.#client = new CloudTrailClient({
      ...clientConfig(connection),
      systemClockOffset: clock.offset,
      maxAttempts: 1,
    });
    this.#pacer = new Pacer(clock, HISTORY_RATE);
  }

  /**
   * Hands over each event of this name in the period, page by page, and keeps none.
   *
   * @param most of more events only the newest are read
   * @throws CallRefusedError, CallUnansweredError
   */
  async eachOf(
    eventName: string,
    { from, until }: Period,
    most: number,
    take: (record: TrailRecord) => void,
    atPage: (events: number) => void,
  ): Promise<Answer> {
    const call: CallName = { service: 'CloudTrail', action: 'LookupEvents' };
    let [events, unreadable] = [0, 0];
    let oldest: Instant | undefined;
    let next: string | undefined;
    do {
      const page = await this.#pacer.read(() =>
        callAws(call, 'reads', (options) =>
          this.#client.send(
            new LookupEventsCommand({
              LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: eventName }],
              StartTime: new Date(from),
              EndTime: new Date(until),
              MaxResults: PAGE,
              ...(next === undefined ? {} : { NextToken: next }),
            }),
            options,
          ),
        ),
      );
      if (page.Events === undefined) throw incomplete(call, 'the answer holds no list');
      for (const event of page.Events) {
        oldest = timeOf(event) ?? oldest;
        const record = recordIn(event);
        if (record === undefined) unreadable += 1;
        else take(record);
      }
      events += page.Events.length;
      next = page.NextToken;
      atPage(events);
    } while (next !== undefined && events < most);
    return { events, unreadable, cutAt: next === undefined ? undefined : (oldest ?? until) };
  }
}

const timeOf = ({ EventTime }: Event): Instant | undefined => EventTime?.getTime();
