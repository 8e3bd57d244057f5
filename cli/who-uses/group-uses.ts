import type { KeyUse } from '../../handlers/core/retirement/retirement-ports';
import type { UseGroup } from './uses-document';

/** Collects uses by who, from where, with what, and which service. Memory grows with the groups, and not with the uses. */
export class UseGroups {
  readonly #groups = new Map<string, UseGroup>();

  add({ at, call, principal, sourceAddress, userAgent, hasFailed }: KeyUse): void {
    const [service = '', action = ''] = call.split(' ');
    const id = JSON.stringify([principal, sourceAddress, userAgent, service]);
    const moment = new Date(at).toISOString();
    const known = this.#groups.get(id);
    if (known === undefined) {
      this.#groups.set(id, {
        ...{ principal, sourceAddress, userAgent, service },
        ...{ actions: [action], calls: 1, failed: hasFailed ? 1 : 0, first: moment, last: moment },
      });
      return;
    }
    this.#groups.set(id, {
      ...known,
      actions: known.actions.includes(action) ? known.actions : [...known.actions, action].toSorted(),
      calls: known.calls + 1,
      failed: known.failed + (hasFailed ? 1 : 0),
      first: moment < known.first ? moment : known.first,
      last: moment > known.last ? moment : known.last,
    });
  }

  /** The most recent first. */
  all(): UseGroup[] {
    return [...this.#groups.values()].toSorted((a, b) => (a.last > b.last ? -1 : 1));
  }
}
