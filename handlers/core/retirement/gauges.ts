import { graceEnd } from '../key-moves/delete-retired';
import { exemptionInForce } from '../key-moves/exemption';
import { DAY, HOUR, type Instant } from '../../../contract/instant';
import type { Journal } from '../model/journal';
import type { Metrics } from '../model/ports';
import type { Settings } from '../../../contract/settings';
import {
  HEARTBEAT,
  PER_USER_GAUGES,
  type FindingKind,
  type PerUserGauge,
} from '../../../contract/telemetry-names';
import type { OpenFinding } from './finding';
import { dueAt } from './rotation-due';

/** One user after a run, whether the run could visit it or not. */
export interface WatchedUser {
  readonly stableKey: string;
  /** Undefined where they cannot be read. */
  readonly settings: Settings | undefined;
  /** As it was read or written last; undefined where there is none, or none that can be read. */
  readonly journal: Journal | undefined;
  /** Of a user that was not visited: what was open when it was. */
  readonly open: readonly OpenFinding[];
}

export interface RunResult {
  readonly watched: readonly WatchedUser[];
  readonly failed: number;
  readonly notReached: number;
  readonly deletionsRefused: number;
}

/** What is true of the stack after a run. What is 0 is recorded as well, so that an alarm ends. */
export function recordRun(
  metrics: Metrics,
  { watched, failed, notReached, deletionsRefused }: RunResult,
  { perUser, now }: { readonly perUser: boolean; readonly now: Instant },
): void {
  const byUser = watched.map((user) => ({ stableKey: user.stableKey, gauges: gaugesOf(user, now) }));
  for (const name of PER_USER_GAUGES) {
    const values = byUser.map(({ gauges }) => gauges[name]);
    metrics.record(name, isWorst(name) ? Math.max(0, ...values) : sum(values));
    if (!perUser) continue;
    for (const { stableKey, gauges } of byUser) metrics.recordOfUser(stableKey, name, gauges[name]);
  }
  metrics.record('UsersWatched', watched.length);
  metrics.record('UsersFailed', failed);
  metrics.record('DeletionsRefused', deletionsRefused);
  if (notReached === 0) metrics.record(HEARTBEAT, 1);
}

/** What is true of one user. */
export function gaugesOf(user: WatchedUser, now: Instant): Readonly<Record<PerUserGauge, number>> {
  const count = (...kinds: FindingKind[]): number =>
    user.open.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    OldestCurrentKeyDays: rounded((now - (user.journal?.current?.since ?? now)) / DAY),
    HoursOverdue: rounded(Math.max(0, now - (dueAt(user, now) ?? now)) / HOUR),
    RotationsStuck: count('rotationStuck'),
    KeysPastMaximumAge: count('keyPastMaximumAge'),
    KeysHeld: count('stillInUse', 'reactivatedByPerson'),
    KeysHeldPastMaximumAge: count('heldPastMaximumAge'),
    RetiredKeysPastGracePeriod: retiredPastGracePeriod(user, now),
    UnmanagedKeys: count('unmanagedKey'),
  };
}

const isWorst = (name: PerUserGauge): boolean => name === 'OldestCurrentKeyDays' || name === 'HoursOverdue';

/** Of an exempted user nothing is retired, on purpose. */
function retiredPastGracePeriod({ settings, journal }: WatchedUser, now: Instant): number {
  if (settings === undefined || exemptionInForce(settings, now) !== undefined) return 0;
  return (journal?.previous ?? []).filter((key) => (graceEnd(key, settings) ?? Infinity) < now).length;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const rounded = (value: number): number => Math.round(value * 100) / 100;
