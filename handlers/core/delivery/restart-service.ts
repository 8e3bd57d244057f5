import type { RestartTarget } from '../../../contract/delivery';
import { MINUTE, SECOND, type Instant } from '../../../contract/instant';
import { restartedSince } from '../key-moves/deliveries';
import type { CurrentKey } from '../model/journal';
import { CLOCK_SKEW, READ_LAG } from '../model/timing';
import type { Rollout } from './delivery-ports';
import type { DeliveryWork } from './delivery-work';
import { TargetRefusedError } from './target-refused-error';

/**
 * How long after its begin a run still waits for rollouts, however many services there are. Another event of the same promotion
 * waits for the lease meanwhile, and gives up after LEASE_WAIT. Most rollouts take longer: the next run, within the hour, looks again.
 */
export const ROLLOUT_WAIT = 1 * MINUTE;
const ROLLOUT_POLL = 10 * SECOND;

/**
 * From when on a task that starts reads the current key, wherever it reads it: by AWS's clock, and whatever AWS still shows
 * of before. Every other target of the user has the key already.
 */
export const readFrom = ({ settings, leased }: DeliveryWork, current: CurrentKey): Instant =>
  restartedSince(current, settings, leased.content) + READ_LAG + CLOCK_SKEW;

/** A restart of our own begins late enough that it counts, should AWS's clock be behind ours. */
export const waitUntilItCounts = ({ ports, leased }: DeliveryWork, from: Instant): Promise<void> =>
  leased.sleep(Math.max(0, from + CLOCK_SKEW - ports.clock.now()));

/**
 * Makes sure that each task of a service was started after the current key could be read. A rollout that somebody else began
 * since then does as well, and so does one of ours that AWS did not answer; so a service is restarted once for each promotion. One that
 * failed is tried again, and is told of until another one has come to its end.
 *
 * @throws TargetRefusedError if the rollout failed, or the one before it and this one is not over
 */
export async function restartService(
  { ports, leased, patientUntil }: DeliveryWork,
  target: RestartTarget,
  from: Instant,
): Promise<'delivered' | 'underWay'> {
  const counts = ({ startedAt }: Rollout): boolean => startedAt >= from;
  const last = await ports.restartTargets.lastRollout(target);
  if (!counts(last) || last.state === 'failed') {
    await leased.act(() => ports.restartTargets.restart(target));
  }
  for (;;) {
    const { startedAt, state, reason } = await ports.restartTargets.lastRollout(target);
    if (counts({ startedAt, state }) && startedAt !== failedAt(last)) {
      if (state === 'complete') return 'delivered';
      if (state === 'failed') throw didNotComeUp(reason);
    }
    if (ports.clock.now() >= patientUntil) {
      if (counts(last) && last.state === 'failed') throw didNotComeUp(last.reason);
      return 'underWay';
    }
    await leased.sleep(ROLLOUT_POLL);
  }
}

const didNotComeUp = (reason = 'ECS gives no reason'): TargetRefusedError =>
  new TargetRefusedError(
    `The new tasks of the service did not come up: ${reason.replace(/\.$/, '')}.`,
    'Those of before may still run, with the key of before. Mend the cause: until then the service is restarted every hour.',
  );

const failedAt = ({ startedAt, state }: Rollout): Instant | undefined =>
  state === 'failed' ? startedAt : undefined;
