import type { Journal } from '../../../../../handlers/core/model/journal';
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
    ...{ stack: 'iam-key-rotation', secretPrefix: 'iam-key-rotation', sharded: false },
    runbookUrl: 'docs/runbook.md',
  };
  now = NOON;
  settings: Settings | Error | undefined = settingsOf({ owner: 'platform-team' });
  journal: Journal | Error = journalWith();
  readonly store = new InMemoryNotificationStore();
  readonly acts = new InMemoryToldActsStore();

  /** What becomes of an event. */
  hear(event: unknown): Promise<readonly Notified[]> {
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
      clock: { now: () => this.now, sleep: async () => undefined },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    };
  }
}
