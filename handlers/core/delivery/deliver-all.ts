import type { Instant } from '../../../contract/instant';
import type { DeliverAllPorts } from './delivery-ports';
import { deliverUser } from './deliver-user';

/** What came of one run over all users. */
export interface DeliverySummary {
  /** Users with targets. */
  readonly users: number;
  /** Targets that got the current key now. */
  readonly delivered: number;
  /** Targets that are taking it, or wait for those that did not. */
  readonly pending: number;
  /** Targets that did not take it. */
  readonly failed: number;
  /** Users who could not be looked at, each with an error in the log. */
  readonly usersFailed: number;
  /** Users for whom there was no time left: the next run comes to them. */
  readonly notReached: number;
}

export interface DeliverAllOptions {
  /** How many users are looked at a time. */
  readonly concurrency: number;
  /** No user is begun after this moment. */
  readonly stopAt: Instant;
}

/**
 * Looks at every user that has targets: events may be lost, and a target may have refused. A user that fails does not stop
 * the others (R8). Whom the last run did not reach comes first by chance: the order is another one each time.
 */
export async function deliverAll(
  ports: DeliverAllPorts,
  { concurrency, stopAt }: DeliverAllOptions,
): Promise<DeliverySummary> {
  const entries = (await ports.directory.list()).filter(
    ({ settings }) => settings instanceof Error || (settings.deliver ?? []).length > 0,
  );
  const start = entries.length === 0 ? 0 : ports.clock.now() % entries.length;
  const queue = [...entries.slice(start), ...entries.slice(0, start)];
  const total = { delivered: 0, pending: 0, failed: 0, usersFailed: 0 };
  let next = 0;
  const deliverNext = async (): Promise<void> => {
    while (next < queue.length && ports.clock.now() < stopAt) {
      const entry = queue[next++];
      if (entry === undefined) continue;
      try {
        if (entry.settings instanceof Error) throw entry.settings;
        const outcome = await deliverUser(ports, entry.settings);
        total.delivered += outcome.delivered.length;
        total.pending += outcome.pending.length;
        total.failed += outcome.failed.length;
      } catch (error) {
        total.usersFailed += 1;
        ports.log.error('the key of this user could not be delivered; the run goes on with the others', {
          user: entry.stableKey,
          error,
        });
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, deliverNext));
  return { users: entries.length, ...total, notReached: queue.length - next };
}
