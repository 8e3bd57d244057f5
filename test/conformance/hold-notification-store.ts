import { QUIET, type FaultState } from '../../handlers/core/notifications/fault-state';
import type { FaultId, NotificationStore } from '../../handlers/core/notifications/notification-ports';

const NOON = Date.UTC(2026, 0, 15, 12);
const FAULT = { began: NOON, reports: { others: NOON }, ends: {} } as const;
const BEGINNING: FaultState = { state: 'beginning', ...FAULT, claim: { by: 'event-1', at: NOON } };
const TOLD: FaultState = { state: 'told', ...FAULT, since: NOON - 1, toldAt: NOON + 1 };
const ENDING: FaultState = { state: 'ending', ...FAULT, ends: { others: NOON + 2 }, over: NOON + 2 };
const OVER: FaultState = { state: 'quiet', ends: { alarm: NOON, others: NOON + 2 }, toldUntil: NOON + 2 };

/** Whoever remembers what people were told loads it, and replaces it by version. */
export function holdNotificationStore(open: () => Promise<NotificationStore>): void {
  let store: NotificationStore;
  let users = 0;
  beforeAll(async () => {
    store = await open();
  });
  const aFault = (): FaultId => {
    users += 1;
    return { kind: 'rotationFailed', user: `user-${users}` };
  };

  it('a fault that nothing was stored of is quiet, in version 0', async () => {
    expect(await store.load(aFault())).toEqual({ state: QUIET, version: 0 });
  });

  it('every state is loaded as it was stored, in a version that nothing had before', async () => {
    const fault = aFault();
    const versions = new Set([0]);
    for (const state of [BEGINNING, TOLD, ENDING, OVER]) {
      const { version } = await store.load(fault);
      expect(await store.replace(fault, state, version)).toBe(true);
      const stored = await store.load(fault);
      expect(stored.state).toEqual(state);
      versions.add(stored.version);
    }
    expect(versions.size).toBe(5);
  });

  it('a state that changed since it was loaded is left as it is', async () => {
    const fault = aFault();
    expect(await store.replace(fault, BEGINNING, 0)).toBe(true);
    const { version } = await store.load(fault);
    expect(await store.replace(fault, TOLD, version)).toBe(true);
    for (const old of [0, version, version + 2]) expect(await store.replace(fault, ENDING, old)).toBe(false);
    expect((await store.load(fault)).state).toEqual(TOLD);
  });

  it('of several that replace one version at the same moment, one succeeds', async () => {
    const fault = aFault();
    const results = await Promise.all(
      [BEGINNING, TOLD, ENDING, OVER].map((state) => store.replace(fault, state, 0)),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  it('each kind, each user and each key has a state of its own', async () => {
    const fault = aFault();
    const others: FaultId[] = [aFault(), { ...fault, kind: 'rotationStuck' }, { ...fault, user: undefined }];
    others.push({ ...fault, about: 'MPLE' });
    await store.replace(fault, TOLD, 0);
    for (const other of others) expect((await store.load(other)).state).toEqual(QUIET);
  });
}
