import { ACT_GROUPS } from '../../handlers/core/notifications/fault-report';
import type { ToldActsStore } from '../../handlers/core/notifications/notification-ports';

const NOON = Date.UTC(2026, 0, 15, 12);
const ONE = { since: NOON, identities: ['one'] };
const TWO = { since: NOON, identities: ['one', 'two'] };

/** Whoever remembers which acts people are told of loads them by group, and replaces them by version. */
export function holdToldActsStore(open: () => Promise<ToldActsStore>): void {
  let store: ToldActsStore;
  beforeAll(async () => {
    store = await open();
  });

  it('each group of acts has none at first, in version 0, and then its own', async () => {
    for (const group of ACT_GROUPS) {
      expect(await store.load(group)).toEqual({ told: undefined, version: 0 });
      expect(await store.replace(group, { ...ONE, identities: [group] }, 0)).toBe(true);
    }
    for (const group of ACT_GROUPS) expect((await store.load(group)).told?.identities).toEqual([group]);
  });

  it('acts that changed since they were loaded are left as they are', async () => {
    const { version } = await store.load('watch');
    expect(await store.replace('watch', ONE, version)).toBe(true);
    for (const old of [0, version, version + 2]) expect(await store.replace('watch', TWO, old)).toBe(false);
    expect((await store.load('watch')).told).toEqual(ONE);
  });

  it('of several that replace the acts of one group at the same moment, one succeeds', async () => {
    const { version } = await store.load('reads');
    const results = await Promise.all(
      [ONE, TWO, ONE, TWO].map((told) => store.replace('reads', told, version)),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
  });
}
