import { QUIET, type FaultState } from '../../../../../handlers/core/notifications/fault-state';
import type {
  FaultId,
  NotificationStore,
} from '../../../../../handlers/core/notifications/notification-ports';

interface Stored {
  readonly state: FaultState;
  readonly version: number;
}

/** The table's items; test/conformance/hold-notification-store.ts holds it and the adapter to the same. */
export class InMemoryNotificationStore implements NotificationStore {
  readonly #items = new Map<string, Stored>();

  async load(fault: FaultId): Promise<Stored> {
    return this.#items.get(keyOf(fault)) ?? { state: QUIET, version: 0 };
  }

  async replace(fault: FaultId, state: FaultState, version: number): Promise<boolean> {
    if ((this.#items.get(keyOf(fault))?.version ?? 0) !== version) return false;
    this.#items.set(keyOf(fault), { state, version: version + 1 });
    return true;
  }
}

const keyOf = ({ kind, user, about = '' }: FaultId): string => `${user ?? '*'}#${kind}#${about}`;
