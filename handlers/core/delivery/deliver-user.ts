import { isWritten, targetName, type DeliveryTarget } from '../../../contract/delivery';
import type { Settings } from '../../../contract/settings';
import { isDelivered } from '../key-moves/deliveries';
import { whileLeased } from '../key-moves/lease';
import type { CurrentKey } from '../model/journal';
import type { StoredValue } from '../model/ports';
import { currentKeyOf, readCurrent } from './current-key';
import { deliverTo, write, type TargetResult } from './deliver-to';
import type { DeliveryPorts } from './delivery-ports';
import type { DeliveryWork } from './delivery-work';
import { readFrom, restartService, ROLLOUT_WAIT, waitUntilItCounts } from './restart-service';

/** What came of a user's targets, by their names. */
export interface DeliveryOutcome {
  /** They got the current key now. */
  readonly delivered: readonly string[];
  /** They are taking it, or wait for those that failed; the next run looks again. */
  readonly pending: readonly string[];
  /** They have not, or may not have, the current key; the next run tries again. */
  readonly failed: readonly string[];
}

const NOTHING: DeliveryOutcome = { delivered: [], pending: [], failed: [] };

/**
 * Brings the current key to each target that does not have it. Each delivery is announced before the act and recorded
 * after it, under a lease of its own, so that a slow target blocks no rotation (R12).
 *
 * Between announcement and act it looks whether the key is still current: whoever retires a key reads the user's journal
 * first and the announcements after it, so one of the two sees the other. A target that gave no clear answer is not
 * written to again in this run: AWS may perform the first write late (R13), and no write of a target compares (F 12.1).
 */
export async function deliverUser(ports: DeliveryPorts, settings: Settings): Promise<DeliveryOutcome> {
  const { deliver = [], stableKey } = settings;
  if (deliver.length === 0) return NOTHING;
  const current = await currentKeyOf(ports, settings);
  if (current === undefined) return NOTHING;
  const known = await ports.deliveries.read(stableKey);
  if (deliver.every((target) => isDelivered(target, current, settings, known))) return NOTHING;
  const of = {
    store: ports.deliveryJournals,
    stableKey,
    othersWork: `Another run has been delivering the key of ${stableKey}`,
  };
  return whileLeased(ports, of, (leased) =>
    deliverUnderLease({ ports, settings, leased, patientUntil: ports.clock.now() + ROLLOUT_WAIT }),
  );
}

/** Begins again for as long as another key becomes current meanwhile. */
async function deliverUnderLease(work: DeliveryWork): Promise<DeliveryOutcome> {
  const { ports, settings, leased } = work;
  const { deliver = [] } = settings;
  // A lease can be renewed only where there is a record.
  if (leased.content === undefined) await leased.write({ targets: [] });
  const results = new Map<string, TargetResult | 'waits'>();
  for (;;) {
    const { current, value } = await readCurrent(work);
    for (const target of inOrder(deliver)) {
      const name = targetName(target);
      if (isDelivered(target, current, settings, leased.content) || results.get(name) === 'unclear') continue;
      const result = await bringTo(work, target, current, value);
      if (result === 'no longer current') break;
      results.set(name, result);
    }
    const now = await currentKeyOf(ports, settings);
    if (now?.versionId === current.versionId) break;
  }
  const named = (...wanted: (TargetResult | 'waits')[]): readonly string[] =>
    [...results].filter(([, result]) => wanted.includes(result)).map(([name]) => name);
  return {
    delivered: named('delivered'),
    pending: named('underWay', 'waits'),
    failed: named('refused', 'unclear'),
  };
}

/** A service that is restarted may read any of the other targets. */
const inOrder = (deliver: readonly DeliveryTarget[]): readonly DeliveryTarget[] =>
  deliver.toSorted((a, b) => Number(isWritten(b)) - Number(isWritten(a)));

async function bringTo(
  work: DeliveryWork,
  target: DeliveryTarget,
  current: CurrentKey,
  value: StoredValue,
): Promise<TargetResult | 'waits' | 'no longer current'> {
  if (isWritten(target)) return deliverTo(work, target, current, () => write(work, target, value));
  const { deliver = [] } = work.settings;
  const written = deliver.filter(isWritten);
  if (!written.every((other) => isDelivered(other, current, work.settings, work.leased.content)))
    return 'waits';
  const from = readFrom(work, current);
  await waitUntilItCounts(work, from);
  return deliverTo(work, target, current, async () => {
    const rollout = await restartService(work, target, from);
    // Where AWSCURRENT went back and forth meanwhile, some tasks may have read the other key.
    const now = await currentKeyOf(work.ports, work.settings);
    return now?.since === current.since ? rollout : 'underWay';
  });
}
