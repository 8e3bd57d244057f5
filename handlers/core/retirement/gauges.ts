import { graceEnd } from '../key-moves/delete-retired';
import { exemptionInForce } from '../key-moves/exemption';
import { DAY, HOUR, type Instant } from '../../../contract/instant';
import type { Journal } from '../model/journal';
import type { Metrics } from '../model/ports';
import type { Settings } from '../../../contract/settings';
import { FAULTS } from '../../../contract/faults';
import {
  GAUGE_ROWS,
  HEARTBEAT,
  PER_USER_GAUGES,
  type MeasuredUserGauge,
  type PerUserGauge,
  type StackGauge,
} from '../../../contract/telemetry-names';
import type { OpenFinding } from '../model/open-finding';
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
    metrics.record(name, GAUGE_ROWS[name].ofStack === 'maximum' ? Math.max(0, ...values) : sum(values));
    if (!perUser) continue;
    for (const { stableKey, gauges } of byUser) metrics.recordOfUser(stableKey, name, gauges[name]);
  }
  const ofStack: Readonly<Record<StackGauge, number>> = {
    UsersWatched: watched.length,
    UsersFailed: failed,
    DeletionsRefused: deletionsRefused,
  };
  for (const [name, value] of Object.entries(ofStack)) metrics.record(name as StackGauge, value);
  if (notReached === 0) metrics.record(HEARTBEAT, 1);
}

/** What is true of one user. */
function gaugesOf(user: WatchedUser, now: Instant): Readonly<Record<PerUserGauge, number>> {
  const values = PER_USER_GAUGES.map((name) => [
    name,
    isMeasured(name) ? MEASURED[name](user, now) : openFindingsIn(user, name),
  ]);
  return Object.fromEntries(values) as Record<PerUserGauge, number>;
}

const isMeasured = (name: PerUserGauge): name is MeasuredUserGauge => GAUGE_ROWS[name].counts === 'measured';

const openFindingsIn = ({ open }: WatchedUser, name: PerUserGauge): number =>
  open.filter(({ kind }) => FAULTS[kind].gauge?.name === name).length;

const MEASURED: Readonly<Record<MeasuredUserGauge, (user: WatchedUser, now: Instant) => number>> = {
  OldestCurrentKeyDays: ({ journal }, now) => rounded((now - (journal?.current?.since ?? now)) / DAY),
  HoursOverdue: (user, now) => rounded(Math.max(0, now - (dueAt(user, now) ?? now)) / HOUR),
  RetiredKeysPastGracePeriod: retiredPastGracePeriod,
};

/** Of an exempted user nothing is retired, on purpose. */
function retiredPastGracePeriod({ settings, journal }: WatchedUser, now: Instant): number {
  if (settings === undefined || exemptionInForce(settings, now) !== undefined) return 0;
  return (journal?.previous ?? []).filter((key) => (graceEnd(key, settings) ?? Infinity) < now).length;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const rounded = (value: number): number => Math.round(value * 100) / 100;
