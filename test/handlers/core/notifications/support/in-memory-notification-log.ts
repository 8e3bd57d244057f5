import type { FaultKind } from '../../../../../contract/faults';
import type { Reporter } from '../../../../../handlers/core/notifications/fault-report';
import type {
  Claim,
  Claimant,
  FaultId,
  NotificationLog,
  ReportedEnd,
} from '../../../../../handlers/core/notifications/notification-ports';

interface Item {
  readonly reporter: Reporter;
  readonly reportedAt: number;
  readonly began: number;
  readonly since: number | undefined;
  readonly claim?: Pick<Claimant, 'claimedBy' | 'claimedAt'> | undefined;
  readonly toldAt?: number | undefined;
  readonly endedAt?: number | undefined;
}

/** The table's items; test/conformance/hold-notification-log.ts holds it and the adapter to the same. */
export class InMemoryNotificationLog implements NotificationLog {
  private readonly items = new Map<string, Item>();
  private readonly last = new Map<FaultKind, number>();

  async claim(fault: FaultId, { reporter, at, since, retellBefore, ...claim }: Claim): Promise<boolean> {
    const item = this.items.get(keyOf(fault));
    const isNew =
      item === undefined ||
      (item.toldAt === undefined ? isFree(item, claim) : item.toldAt < retellBefore) ||
      (isOver(item) && item.endedAt <= at) ||
      (since !== undefined && item.since !== undefined && item.since < since);
    if (isNew) {
      const told = { toldAt: undefined, claim };
      this.items.set(keyOf(fault), { ...item, reporter, reportedAt: at, since, began: since ?? at, ...told });
    }
    return isNew;
  }

  async told(fault: FaultId, claimedBy: string, at: number): Promise<void> {
    const item = this.claimed(fault, claimedBy);
    if (item !== undefined) this.items.set(keyOf(fault), { ...item, claim: undefined, toldAt: at });
  }

  async noteEnd(fault: FaultId, { reporter, at }: ReportedEnd): Promise<boolean> {
    const item = this.items.get(keyOf(fault));
    if (item === undefined || item.toldAt !== undefined || item.reportedAt > at) return false;
    if (reporter === 'alarm' && item.reporter !== 'alarm') return false;
    this.items.set(keyOf(fault), { ...item, endedAt: at });
    return true;
  }

  async read(fault: FaultId) {
    const item = this.items.get(keyOf(fault));
    if (item?.toldAt === undefined) return undefined;
    const { reporter, began } = item;
    return isOver(item) ? { reporter, began, endedAt: item.endedAt } : { reporter, began };
  }

  async claimEnd(fault: FaultId, { at, ...claim }: Claimant & { readonly at: number }): Promise<boolean> {
    const item = this.items.get(keyOf(fault));
    if (item?.toldAt === undefined || item.reportedAt > at || !isFree(item, claim)) return false;
    this.items.set(keyOf(fault), { ...item, claim, endedAt: at });
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

const isOver = (item: Item): item is Item & { readonly endedAt: number } =>
  item.endedAt !== undefined && item.endedAt >= item.reportedAt;

const keyOf = ({ kind, user, keyIdSuffix = '' }: FaultId): string => `${user ?? '*'}#${kind}#${keyIdSuffix}`;
