import type { ActGroup } from '../../../../../handlers/core/notifications/fault-report';
import type { ToldActsStore } from '../../../../../handlers/core/notifications/notification-ports';
import type { ToldActs } from '../../../../../handlers/core/notifications/told-acts';

interface Stored {
  readonly told: ToldActs | undefined;
  readonly version: number;
}

/** The table's items; test/conformance/hold-told-acts-store.ts holds it and the adapter to the same. */
export class InMemoryToldActsStore implements ToldActsStore {
  readonly #items = new Map<ActGroup, Stored>();

  async load(group: ActGroup): Promise<Stored> {
    return this.#items.get(group) ?? { told: undefined, version: 0 };
  }

  async replace(group: ActGroup, told: ToldActs, version: number): Promise<boolean> {
    if ((this.#items.get(group)?.version ?? 0) !== version) return false;
    this.#items.set(group, { told, version: version + 1 });
    return true;
  }
}
