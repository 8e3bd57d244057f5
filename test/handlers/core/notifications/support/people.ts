import type { Journal } from '../../../../../handlers/core/journal';
import type { FaultKind } from '../../../../../handlers/core/notifications/fault-kinds';
import type { Reporter } from '../../../../../handlers/core/notifications/fault-report';
import type { Message } from '../../../../../handlers/core/notifications/message';
import type {
  Claim,
  Claimant,
  FaultId,
  NotificationLog,
  NotificationPlace,
  NotificationPorts,
  Topic,
} from '../../../../../handlers/core/notifications/notification-ports';
import { notify, type Notified } from '../../../../../handlers/core/notifications/notify';
import type { Settings } from '../../../../../handlers/core/settings';
import { journalWith, NOON, settingsOf } from '../../../support/fixtures';

interface Item {
  readonly reporter: Reporter;
  readonly began: number;
  readonly since: number | undefined;
  readonly claim?: Pick<Claimant, 'claimedBy' | 'claimedAt'> | undefined;
  readonly toldAt?: number;
}

/** The table's items, with DynamoDB's conditions as the adapter writes them. */
class InMemoryNotificationLog implements NotificationLog {
  readonly items = new Map<string, Item>();
  private readonly last = new Map<FaultKind, number>();

  async claim(fault: FaultId, { reporter, at, since, retellBefore, ...claim }: Claim): Promise<boolean> {
    const item = this.items.get(keyOf(fault));
    const isNew =
      item === undefined ||
      (item.toldAt === undefined ? isFree(item, claim) : item.toldAt < retellBefore) ||
      (since !== undefined && item.since !== undefined && item.since < since);
    if (isNew) this.items.set(keyOf(fault), { reporter, since, began: since ?? at, claim });
    return isNew;
  }

  async told(fault: FaultId, claimedBy: string, at: number): Promise<void> {
    const item = this.claimed(fault, claimedBy);
    if (item !== undefined) this.items.set(keyOf(fault), { ...item, claim: undefined, toldAt: at });
  }

  async read(fault: FaultId) {
    const item = this.items.get(keyOf(fault));
    return item?.toldAt === undefined ? undefined : item;
  }

  async claimEnd(fault: FaultId, claim: Claimant): Promise<boolean> {
    const item = this.items.get(keyOf(fault));
    if (item?.toldAt === undefined || !isFree(item, claim)) return false;
    this.items.set(keyOf(fault), { ...item, claim });
    return true;
  }

  async forget(fault: FaultId, claimedBy: string): Promise<void> {
    if (this.claimed(fault, claimedBy) !== undefined) this.items.delete(keyOf(fault));
  }

  async release(fault: FaultId, claimedBy: string): Promise<void> {
    const item = this.claimed(fault, claimedBy);
    if (item !== undefined) this.items.set(keyOf(fault), { ...item, claim: undefined });
  }

  async lastTold(kind: FaultKind) {
    return this.last.get(kind);
  }

  async noteTold(kind: FaultKind, at: number): Promise<void> {
    this.last.set(kind, at);
  }

  private claimed(fault: FaultId, claimedBy: string): Item | undefined {
    const item = this.items.get(keyOf(fault));
    return item?.claim?.claimedBy === claimedBy ? item : undefined;
  }
}

const isFree = ({ claim }: Item, { claimedBy, freeBefore }: Claimant): boolean =>
  claim === undefined || claim.claimedBy === claimedBy || claim.claimedAt < freeBefore;

const keyOf = ({ kind, user, keyIdSuffix = '' }: FaultId): string => `${user ?? '*'}#${kind}#${keyIdSuffix}`;

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
  readonly log = new InMemoryNotificationLog();

  /** What becomes of an event. */
  hear(event: unknown): Promise<readonly Notified[]> {
    return notify(this.ports(), this.place, event);
  }

  get subjects(): readonly string[] {
    return this.topic.messages.map(({ subject }) => subject);
  }

  private ports(): NotificationPorts {
    return {
      notifications: this.log,
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
