import { MINUTE, SECOND, type Instant } from '../../../contract/instant';
import type { Rollout } from '../../../handlers/core/delivery/delivery-ports';
import { call, refusal } from './refusals';

interface ServiceState {
  /** Oldest first. */
  readonly rollouts: { readonly startedAt: Instant; readonly overAt: Instant; readonly fails: boolean }[];
  /** `noTasks`: new tasks do not come up. */
  broken: 'accessDenied' | 'noTasks' | undefined;
}

/** Shorter and longer than a run of the delivery function waits. */
const ROLLOUTS_TAKE = [20 * SECOND, 20 * SECOND, 8 * MINUTE] as const;

/** How late a task may be shown what it reads. */
const TASKS_READ_LATE = 20 * SECOND;

/** Between two tasks of one rollout. */
const TASK_STARTS_EVERY = 20 * SECOND;

/** Services of ECS, by the names that `targetName` gives them. Their tasks read a key when they start, and keep it. */
export class InMemoryServices {
  readonly #services = new Map<string, ServiceState>();

  restart(service: string, now: Instant): void {
    const { broken, rollouts } = this.#of(service);
    if (broken === 'accessDenied') throw refusal(call.updateService, 'accessDenied', 'AccessDenied', 'no');
    this.deploy(service, now, ROLLOUTS_TAKE[rollouts.length % ROLLOUTS_TAKE.length]);
  }

  /** What a person does. */
  deploy(service: string, now: Instant, takes: number = ROLLOUTS_TAKE[0]): void {
    const { broken, rollouts } = this.#of(service);
    rollouts.push({ startedAt: now, overAt: now + takes, fails: broken === 'noTasks' });
  }

  lastRollout(service: string, now: Instant): Rollout {
    const { broken, rollouts } = this.#of(service);
    if (broken === 'accessDenied') throw refusal(call.describeServices, 'accessDenied', 'AccessDenied', 'no');
    const last = rollouts.at(-1);
    if (last === undefined) return { startedAt: 0, state: 'complete' };
    const { startedAt, overAt, fails } = last;
    if (now < overAt) return { startedAt, state: 'underWay' };
    return fails
      ? { startedAt, state: 'failed', reason: 'tasks failed to start' }
      : { startedAt, state: 'complete' };
  }

  break(service: string, how: ServiceState['broken']): void {
    this.#of(service).broken = how;
  }

  isBroken(service: string): boolean {
    return this.#of(service).broken !== undefined;
  }

  /**
   * Until when a task ran with each key that a task has read; undefined: one runs with it now.
   *
   * @param readAt what is served at a moment
   */
  heldUntil(
    service: string,
    now: Instant,
    readAt: (moment: Instant) => string | undefined,
  ): ReadonlyMap<string, Instant | undefined> {
    const { rollouts } = this.#of(service);
    const held = new Map<string, Instant | undefined>();
    rollouts.forEach(({ startedAt, overAt }, index) => {
      const replacedAt = rollouts
        .slice(index + 1)
        .filter((later) => !later.fails && later.overAt <= now)
        .map((later) => later.overAt);
      const until = replacedAt.length === 0 ? undefined : Math.min(...replacedAt);
      for (let at = startedAt; at <= Math.min(overAt, now); at += TASK_STARTS_EVERY) {
        for (const keyId of [readAt(at), readAt(at - TASKS_READ_LATE)]) {
          if (keyId === undefined) continue;
          const before = held.get(keyId);
          const isLater = !held.has(keyId) || (before !== undefined && (until ?? Infinity) > before);
          if (isLater) held.set(keyId, until);
        }
      }
    });
    return held;
  }

  #of(service: string): ServiceState {
    let state = this.#services.get(service);
    if (state === undefined) {
      state = { rollouts: [], broken: undefined };
      this.#services.set(service, state);
    }
    return state;
  }
}
