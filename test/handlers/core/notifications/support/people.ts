import type { Journal } from '../../../../../handlers/core/model/journal';
import type { OpenFinding } from '../../../../../handlers/core/model/open-finding';
import type { Message } from '../../../../../handlers/core/notifications/message';
import type {
  NotificationPlace,
  NotificationPorts,
  Topic,
} from '../../../../../handlers/core/notifications/notification-ports';
import { notify, type Notified } from '../../../../../handlers/core/notifications/notify';
import type { Settings } from '../../../../../contract/settings';
import { journalWith, NOON, settingsOf } from '../../../support/fixtures';
import { InMemoryNotificationStore } from './in-memory-notification-store';
import { InMemoryToldActsStore } from './in-memory-told-acts-store';

class Inbox implements Topic {
  readonly messages: Message[] = [];
  /** As long as it is set, nothing gets through. */
  failure: Error | undefined;
  /** What happens while a message is on its way. */
  meanwhile: (() => Promise<unknown>) | undefined;

  constructor(readonly arn: string) {}

  async publish(message: Message): Promise<void> {
    const { meanwhile } = this;
    this.meanwhile = undefined;
    await meanwhile?.();
    if (this.failure !== undefined) throw this.failure;
    this.messages.push(message);
  }
}

/** The notification rules with two topics, at noon. */
export class People {
  readonly topic = new Inbox('arn:aws:sns:eu-west-1:111122223333:iam-key-rotation-alerts');
  readonly other = new Inbox('arn:aws:sns:eu-west-1:111122223333:oncall');
  place: NotificationPlace = {
    accountId: '111122223333',
    ...{ stack: 'iam-key-rotation', secretPrefix: 'iam-key-rotation', sharded: false },
    runbookUrl: 'docs/runbook.md',
  };
  now = NOON;
  settings: Settings | Error | undefined = settingsOf({ owner: 'platform-team' });
  journal: Journal | Error = journalWith();
  /** Whether the retirement function ran at all. */
  hasSwept: boolean | Error = true;
  /** By stable key. */
  readonly findings = new Map<string, readonly OpenFinding[] | Error>();
  readonly store = new InMemoryNotificationStore();
  readonly acts = new InMemoryToldActsStore();

  /** What becomes of an event that somebody has put on the bus, while nothing has happened. */
  hearForged(event: unknown): Promise<readonly Notified[]> {
    return this.#notified(event);
  }

  /** What becomes of an event of what has happened: the clock and the table have it. */
  hear(event: unknown): Promise<readonly Notified[]> {
    if (isEvent(event)) this.#happens(event);
    return this.#notified(event);
  }

  #happens({ 'detail-type': detailType, detail }: Event): void {
    const moment = Date.parse(detail.at ?? detail.eventTime ?? detail.state?.timestamp ?? '');
    if (!Number.isNaN(moment)) this.now = Math.max(this.now, moment);
    const { user = '', keyIdSuffix, kind } = detail;
    const open = this.findings.get(user) ?? [];
    switch (detailType) {
      case 'Finding Began':
      case 'Finding Ended': {
        if (open instanceof Error) return;
        const keyId = keyIdSuffix === undefined ? undefined : keyIdOf(keyIdSuffix);
        const others = open.filter((one) => one.kind !== kind || one.keyId !== keyId);
        const began = { kind, keyId, what: detail.what, since: Date.parse(detail.since ?? ''), told: false };
        const isOver = detailType === 'Finding Ended';
        this.findings.set(user, isOver ? others : [...others, began as OpenFinding]);
        return;
      }
      case 'Key Promoted':
        if (this.journal instanceof Error || keyIdSuffix === undefined) return;
        this.journal = {
          ...this.journal,
          current: {
            keyId: keyIdOf(keyIdSuffix),
            versionId: 'version-2',
            since: Math.max(moment, this.journal.current?.since ?? moment),
          },
        };
        return;
      default:
    }
  }

  #notified(event: unknown): Promise<readonly Notified[]> {
    return notify(this.ports(), this.place, event);
  }

  get subjects(): readonly string[] {
    return this.topic.messages.map(({ subject }) => subject);
  }

  private ports(): NotificationPorts {
    return {
      notifications: this.store,
      acts: this.acts,
      topics: [this.topic, this.other],
      settings: {
        read: async () => {
          if (this.settings instanceof Error) throw this.settings;
          return this.settings;
        },
      },
      journals: {
        read: async () => {
          if (this.journal instanceof Error) throw this.journal;
          return { journal: this.journal, lease: undefined };
        },
      },
      findings: {
        read: async (stableKey) => {
          const findings = this.findings.get(stableKey) ?? [];
          if (findings instanceof Error) throw findings;
          return findings;
        },
      },
      sweeps: {
        hasBegun: async () => {
          if (this.hasSwept instanceof Error) throw this.hasSwept;
          return this.hasSwept;
        },
      },
      clock: { now: () => this.now, sleep: async () => undefined },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    };
  }
}

/** What the tests' own events have. */
interface Event {
  readonly 'detail-type': string;
  readonly detail: Readonly<
    Partial<Record<'at' | 'eventTime' | 'keyIdSuffix' | 'kind' | 'since' | 'user' | 'what', string>>
  > & {
    readonly state?: { readonly timestamp: string };
  };
}

const isEvent = (event: unknown): event is Event =>
  typeof event === 'object' && event !== null && 'detail-type' in event && 'detail' in event;

const keyIdOf = (suffix: string): string => `AKIAIOSFODNN7EXA${suffix}`;
