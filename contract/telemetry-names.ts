import type { Gauge } from './fault';
import { FAULT_KINDS, FAULTS, type FindingGauge, type MeasuredFaultGauge } from './faults';

/*
 * The words by which the product reports what it does: metrics and events. They are published (docs/telemetry.md),
 * so a name that is here stays; alarms, rules, dashboards and the teams' own rules are written against them.
 */

/** The namespace of every metric of ours in CloudWatch. */
export const METRIC_NAMESPACE = 'IamKeyRotation';

/** Counted when it happens, by the function that does it: sum them up. */
export const COUNTERS = [
  'RotationSucceeded',
  'RotationFailed',
  'RotationDeferred',
  'KeysCreated',
  'KeysPromoted',
  'KeysDeactivated',
  'KeysDeleted',
  'KeysReaped',
] as const;

/** Counted by the delivery function, which a stack has only where a user has targets. */
export const DELIVERY_COUNTERS = ['KeysDelivered', 'DeliveriesFailed'] as const;

export type Counter = (typeof COUNTERS)[number] | (typeof DELIVERY_COUNTERS)[number];

/** In seconds, once for each rotation. */
export const DURATIONS = ['RotationSeconds', 'SecondsUntilKeyWorked'] as const;

/** Gauges that belong to no fault. Those of faults are in their rows: see contract/faults.ts. */
const FURTHER_GAUGES = [
  {
    name: 'OldestCurrentKeyDays',
    label: 'oldest current key, days',
    meaning: 'for how many days the oldest current key has been current',
    of: 'user',
    counts: 'measured',
    ofStack: 'maximum',
  },
  {
    name: 'RetiredKeysPastGracePeriod',
    label: 'past grace period',
    meaning: 'deactivated keys that should be deleted by now',
    of: 'user',
    counts: 'measured',
    ofStack: 'sum',
  },
  {
    name: 'UsersWatched',
    label: 'users watched',
    meaning: 'rotated users of the stack',
    of: 'stack',
    counts: 'measured',
    ofStack: 'sum',
  },
] as const satisfies readonly Gauge[];

type FurtherGauge<Of extends Gauge['of']> = Extract<
  (typeof FURTHER_GAUGES)[number],
  { readonly of: Of }
>['name'];

/** Gauges of each user that do not count findings. */
export type MeasuredUserGauge = MeasuredFaultGauge<'user'> | FurtherGauge<'user'>;

/** Gauges of the stack alone. */
export type StackGauge = MeasuredFaultGauge<'stack'> | FurtherGauge<'stack'>;

/** Gauges that `metrics.perUser` emits for each user, too: those that say something of one user. */
export type PerUserGauge = MeasuredUserGauge | FindingGauge;

export type GaugeName = PerUserGauge | StackGauge;

/** By name; first those of faults. */
export const GAUGE_ROWS: Readonly<Record<GaugeName, Gauge>> = Object.fromEntries(
  [...FAULT_KINDS.flatMap((kind) => FAULTS[kind].gauge ?? []), ...FURTHER_GAUGES].map((gauge) => [
    gauge.name,
    gauge,
  ]),
) as Record<GaugeName, Gauge>;

/** Once for each run of the retirement function, also where it is 0, so that an alarm ends: take the maximum. */
export const GAUGES = Object.keys(GAUGE_ROWS) as readonly GaugeName[];

export const PER_USER_GAUGES = GAUGES.filter((name): name is PerUserGauge => GAUGE_ROWS[name].of === 'user');

/** 1 for each run that reached every user. Nothing for hours: the retirement function does not run. */
export const HEARTBEAT = 'SweepCompleted';

export type MetricName = Counter | (typeof DURATIONS)[number] | GaugeName | typeof HEARTBEAT;

/** `Stack`: the stack's prefix. `Step`: of a rotation, as Secrets Manager names it. `User`: the stable key. */
export type DimensionName = 'Stack' | 'Step' | 'User';

/** Every metric comes with the dimension `Stack` alone; these come with more, too. */
export const FURTHER_DIMENSIONS = {
  RotationFailed: [
    ['Stack', 'Step'],
    ['Stack', 'User'],
  ],
  RotationDeferred: [['Stack', 'User']],
} as const satisfies Partial<Record<MetricName, readonly (readonly DimensionName[])[]>>;

/** `source` of every event of ours on the account's default event bus. */
export const EVENT_SOURCE = 'iam-key-rotation';

/** `detail.version` of every event. A new field keeps it, whatever a reader could stumble over raises it. */
export const EVENT_VERSION = '1';

/** `detail-type` of the events. */
export const DETAIL_TYPES = [
  'Key Created',
  'Key Promoted',
  'Key Deactivated',
  'Key Deleted',
  /** A key that never became current is deleted. */
  'Key Reaped',
  /** A retirement that is due is not done. */
  'Key Held',
  'Key Released',
  /** AWSCURRENT went back to a previous key. */
  'Key Rolled Back',
  /** A target outside the user's secret holds the current key now. */
  'Key Delivered',
  'Key Acknowledged',
  /** One try; Secrets Manager tries again. */
  'Rotation Failed',
  'Rotation Deferred',
  'Unmanaged Key Found',
  /** The IAM user's name has another user now; keys that this product made are those of the former one. */
  'Keys Left Behind',
  /** AWS reported a leak, and this is what was done. */
  'Leak Reported',
  'Finding Began',
  'Finding Ended',
] as const;

export type DetailType = (typeof DETAIL_TYPES)[number];

export const isDetailType = (word: string): word is DetailType =>
  (DETAIL_TYPES as readonly string[]).includes(word);
