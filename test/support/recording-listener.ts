import type { OpenFinding } from '../../handlers/core/model/open-finding';
import type { LifecycleEvent } from '../../contract/lifecycle-event';
import type { DetailType } from '../../contract/telemetry-names';
import type { Listener } from './in-memory-aws/in-memory-ports';

/** Records all events and metrics of the product. */
export class RecordingListener implements Listener {
  readonly events: LifecycleEvent[] = [];
  /** `KeysCreated 1`, with what it is measured by, if anything. */
  readonly measured: string[] = [];
  /** Open findings by stable key, as they were written last. */
  readonly stored = new Map<string, readonly OpenFinding[]>();
  /** Whether the event bus takes what is sent to it. */
  busAccepts = true;

  readonly lifecycle: Listener['lifecycle'] = {
    note: (event) => {
      this.events.push(event);
    },
    flush: () => Promise.resolve(),
    send: async (events) => {
      if (this.busAccepts) this.events.push(...events);
      return this.busAccepts;
    },
  };

  readonly metrics: Listener['metrics'] = {
    record: (name, value, by = {}) => {
      this.measured.push(
        [name, value, ...Object.entries(by).map(([what, which]) => `${what}=${which}`)].join(' '),
      );
    },
    recordOfUser: (user, name, value) => {
      this.measured.push(`${name} ${value} of ${user}`);
    },
  };

  readonly findings: Listener['findings'] = {
    write: async (stableKey, open) => {
      this.stored.set(stableKey, open);
    },
  };

  /** The detail types of the events, in order. */
  get told(): readonly DetailType[] {
    return this.events.map(({ detailType }) => detailType);
  }

  /** The details of all events of one type. */
  detailsOf(detailType: DetailType): readonly LifecycleEvent['detail'][] {
    return this.events.filter((event) => event.detailType === detailType).map(({ detail }) => detail);
  }

  forget(): void {
    this.events.length = 0;
    this.measured.length = 0;
  }
}
