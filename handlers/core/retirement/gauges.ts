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
  readonly failed: number;
  readonly notReached: number;
  readonly deletionsRefused: number;
}

/**
 * What is true of the stack after a run. Of each user it keeps nothing but what it adds to the numbers of the stack. Where each
 * user has metrics of its own, what sends them keeps those until the run ends.
 */
export class RunGauges {
  #users = 0;
  readonly #ofStack = new Map<PerUserGauge, number>(PER_USER_GAUGES.map((name) => [name, 0]));

  /** @param perUser whether metrics are recorded for each user, too. */
  constructor(
    private readonly metrics: Metrics,
    private readonly perUser: boolean,
  ) {}

  add(user: WatchedUser, now: Instant): void {
    this.#users += 1;
    for (const [name, before] of this.#ofStack) {
      const value = valueOf(name, user, now);
      this.#ofStack.set(
        name,
        GAUGE_ROWS[name].ofStack === 'maximum' ? Math.max(before, value) : before + value,
      );
      if (this.perUser) this.metrics.recordOfUser(user.stableKey, name, value);
    }
  }

  /** What is 0 is recorded as well, so that an alarm ends. */
  record({ failed, notReached, deletionsRefused }: RunResult): void {
    for (const [name, value] of this.#ofStack) this.metrics.record(name, value);
    const ofRun: Readonly<Record<StackGauge, number>> = {
      UsersWatched: this.#users,
      UsersFailed: failed,
      DeletionsRefused: deletionsRefused,
    };
    for (const [name, value] of Object.entries(ofRun)) this.metrics.record(name as StackGauge, value);
    if (notReached === 0) this.metrics.record(HEARTBEAT, 1);
  }
}

/** What is true of one user. */
const valueOf = (name: PerUserGauge, user: WatchedUser, now: Instant): number =>
  isMeasured(name) ? MEASURED[name](user, now) : openFindingsIn(user, name);

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

const rounded = (value: number): number => Math.round(value * 100) / 100;
