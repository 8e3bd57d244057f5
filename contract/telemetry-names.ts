/*
 * The words by which the product tells what it does: metrics, events, findings. They are published (docs/telemetry.md),
 * so a name that is here stays; alarms, rules, dashboards and the teams' own rules are written against them.
 */

/** The namespace of every metric of ours in CloudWatch. */
export const METRIC_NAMESPACE = 'IamKeyRotation';

/** Counted when it happens, by the rotation functions and the retirement function: sum them up. */
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

/** In seconds, once for each rotation. */
export const DURATIONS = ['RotationSeconds', 'SecondsUntilKeyWorked'] as const;

/** Once for each run of the retirement function, also where it is 0, so that an alarm ends: take the maximum. */
export const GAUGES = [
  /** Since the user's current key became current; the oldest one of the stack. */
  'OldestCurrentKeyDays',
  /** Of the user who waits longest for a rotation that should have come by now; 0: nobody does. */
  'HoursOverdue',
  'RotationsStuck',
  'KeysPastMaximumAge',
  'KeysHeld',
  'KeysHeldPastMaximumAge',
  'RetiredKeysPastGracePeriod',
  'UnmanagedKeys',
  'UsersWatched',
  /** Users that this run could not visit, for an error of their own. */
  'UsersFailed',
  /** Deletions that wait for the next run, because this one has done its maximum. */
  'DeletionsRefused',
] as const;

/** 1 for each run that reached every user. Nothing for hours: the retirement function does not run. */
export const HEARTBEAT = 'SweepCompleted';

export type MetricName =
  (typeof COUNTERS)[number] | (typeof DURATIONS)[number] | (typeof GAUGES)[number] | typeof HEARTBEAT;

/** Gauges that `metrics.perUser` emits for each user, too: those that say something of one user. */
export const PER_USER_GAUGES = [
  'OldestCurrentKeyDays',
  'HoursOverdue',
  'RotationsStuck',
  'KeysPastMaximumAge',
  'KeysHeld',
  'KeysHeldPastMaximumAge',
  'RetiredKeysPastGracePeriod',
  'UnmanagedKeys',
] as const satisfies readonly (typeof GAUGES)[number][];

export type PerUserGauge = (typeof PER_USER_GAUGES)[number];

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
  /** One try; Secrets Manager tries again. */
  'Rotation Failed',
  'Rotation Deferred',
  'Unmanaged Key Found',
  'Finding Began',
  'Finding Ended',
] as const;

export type DetailType = (typeof DETAIL_TYPES)[number];

/** What a person has to look at, and what ends by itself once it is mended. */
export const FINDING_KINDS = [
  /** No rotation for longer than the schedule, its window and a day allow. */
  'rotationOverdue',
  /** A rotation has been under way for a day. */
  'rotationStuck',
  /** A rotation is wanted, and something stands in its way. */
  'rotationWaits',
  'keyPastMaximumAge',
  'heldPastMaximumAge',
  /** A previous key is held, because something still uses it. */
  'stillInUse',
  /** A retired key is held, because a person has re-activated it. */
  'reactivatedByPerson',
  'unmanagedKey',
  'currentNotWorking',
  'currentKeyLeaked',
  'exemptionEndsSoon',
  /** Secret, journal and IAM contradict each other, so nothing is touched. */
  'unknownState',
  /** The user could not be visited in two runs, one after the other. */
  'visitFailed',
] as const;

export type FindingKind = (typeof FINDING_KINDS)[number];
