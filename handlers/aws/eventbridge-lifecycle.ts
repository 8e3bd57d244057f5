import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';

import type { CallName } from '../core/model/call-errors';
import type { Lifecycle, Log } from '../core/model/ports';
import type { LifecycleEvent } from '../../contract/lifecycle-event';
import { EVENT_SOURCE, EVENT_VERSION } from '../../contract/telemetry-names';
import { callAws, incomplete } from './call-aws';

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const ENTRIES_PER_CALL = 10;

const PUT_EVENTS: CallName = { service: 'EventBridge', action: 'PutEvents' };

/** Events on the account's default bus. A failure is logged and goes no further: the work does not depend on its events. */
export class EventBridgeLifecycle implements Lifecycle {
  #noted: LifecycleEvent[] = [];

  constructor(
    private readonly client: EventBridgeClient,
    /** The stack's prefix. */
    private readonly stack: string,
    private readonly log: Log,
  ) {}

  note(event: LifecycleEvent): void {
    this.#noted.push(event);
  }

  async flush(): Promise<void> {
    const noted = this.#noted;
    this.#noted = [];
    await this.send(noted);
  }

  async send(events: readonly LifecycleEvent[]): Promise<boolean> {
    let areAccepted = true;
    for (let start = 0; start < events.length; start += ENTRIES_PER_CALL) {
      const batch = events.slice(start, start + ENTRIES_PER_CALL);
      if (!(await this.#put(batch))) areAccepted = false;
    }
    return areAccepted;
  }

  async #put(batch: readonly LifecycleEvent[]): Promise<boolean> {
    try {
      const answer = await callAws(PUT_EVENTS, 'changes', (options) =>
        this.client.send(
          new PutEventsCommand({ Entries: batch.map((event) => this.#entryOf(event)) }),
          options,
        ),
      );
      const { Entries = [] } = answer;
      // One for each event, in the same order, with the id that an accepted one got.
      if (Entries.length !== batch.length) throw incomplete(PUT_EVENTS, 'the answer is about other events');
      const lost = batch.filter((_, index) => Entries[index]?.EventId === undefined);
      if (lost.length === 0) return true;
      this.#warn(
        lost,
        Entries.map(({ ErrorCode }) => ErrorCode).find((code) => code !== undefined),
      );
    } catch (error) {
      this.#warn(batch, error);
    }
    return false;
  }

  #entryOf({ detailType, detail }: LifecycleEvent): {
    Source: string;
    DetailType: string;
    Time: Date;
    Detail: string;
  } {
    return {
      Source: EVENT_SOURCE,
      DetailType: detailType,
      Time: new Date(detail.at),
      Detail: JSON.stringify({ version: EVENT_VERSION, stack: this.stack, ...detail }),
    };
  }

  #warn(lost: readonly LifecycleEvent[], error: unknown): void {
    this.log.warn('the event bus did not accept these events; what they report is done', {
      events: lost.map(({ detailType, detail }) => `${detailType} (${detail.user})`),
      error,
    });
  }
}
