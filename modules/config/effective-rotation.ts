import type { RotationSchedule } from './configuration';
import { DAY_SECONDS, HOUR_SECONDS, parseDuration } from '../schedule/duration';
import {
  DEFAULT_GAPS,
  DEFAULT_WINDOW_HOURS,
  defaultRateWindow,
  defaultSchedule,
  scheduleAsWritten,
  scheduleEvery,
} from '../schedule/schedule';
import { LEAST_OVERLAP_TO_HOLD, type RawRotation, ROTATION_DEFAULTS } from './schema/rotation';

/** Between two rotations, beside overlap, grace period and window: time for the sweep, and for a failure. */
export const BREAK_SECONDS = DAY_SECONDS;

/** What the rotation keys of a user come to, before its own schedule is made from its stable key. */
export interface EffectiveRotation {
  readonly rotateEvery?: string | undefined;
  readonly schedule?: string | undefined;
  readonly windowHours?: number | undefined;
  readonly overlapSeconds: number;
  readonly gracePeriodSeconds: number;
  readonly maximumKeyAgeSeconds: number;
  readonly whenStillInUse: 'hold' | 'retire';
}

/** What users of a stack inherit: the stack's own defaults win over the file's, key by key. */
export function inheritRotation(outer: RawRotation, inner: RawRotation | undefined): RawRotation {
  if (inner === undefined) return outer;
  const { rotateEvery, schedule, ...others } = outer;
  return { ...(saysWhen(inner) ? others : { ...others, rotateEvery, schedule }), ...inner };
}

const saysWhen = ({ rotateEvery, schedule }: RawRotation): boolean =>
  rotateEvery !== undefined || schedule !== undefined;

/** `rotateEvery` and `schedule` replace each other; every other key is inherited by itself. */
export function mergeRotation(defaults: RawRotation, own: RawRotation): EffectiveRotation {
  // Key by key: `own` is a whole user, of whom each rule asks this.
  const { rotateEvery, schedule } = saysWhen(own) ? own : defaults;
  const window = own.window ?? defaults.window;
  const durationOf = (key: keyof typeof ROTATION_DEFAULTS): number =>
    parseDuration(own[key] ?? defaults[key] ?? ROTATION_DEFAULTS[key]);
  const overlapSeconds = durationOf('overlap');
  return {
    rotateEvery,
    schedule,
    windowHours: window === undefined ? undefined : parseDuration(window) / HOUR_SECONDS,
    overlapSeconds,
    gracePeriodSeconds: durationOf('gracePeriod'),
    maximumKeyAgeSeconds: durationOf('maximumKeyAge'),
    whenStillInUse:
      own.whenStillInUse ?? defaults.whenStillInUse ?? (canHold(overlapSeconds) ? 'hold' : 'retire'),
  };
}

/** Whether the overlap is long enough to tell that a key is in use. */
export const canHold = (overlapSeconds: number): boolean =>
  overlapSeconds >= parseDuration(LEAST_OVERLAP_TO_HOLD);

/** The window and the gaps that hold whatever the stable key: what the checks are made with. */
export function boundsOf(rotation: EffectiveRotation): Omit<RotationSchedule, 'expression'> {
  const { rotateEvery, schedule, windowHours } = rotation;
  if (schedule !== undefined) return scheduleAsWritten(schedule, windowHours);
  if (rotateEvery === undefined) return { windowHours: windowHours ?? DEFAULT_WINDOW_HOURS, ...DEFAULT_GAPS };
  const hours = parseDuration(rotateEvery) / HOUR_SECONDS;
  return {
    windowHours: windowHours ?? defaultRateWindow(hours),
    longestGapDays: hours / 24,
    shortestGapDays: hours / 24,
  };
}

/** The least time between the starts of two rotations in which both keys' lives fit. */
export function leastGapSeconds(rotation: EffectiveRotation, windowHours: number): number {
  return rotation.overlapSeconds + rotation.gracePeriodSeconds + windowHours * HOUR_SECONDS + BREAK_SECONDS;
}

/** The schedule of one user. */
export function scheduleOf(stableKey: string, rotation: EffectiveRotation): RotationSchedule {
  const { rotateEvery, schedule, windowHours } = rotation;
  if (schedule !== undefined) return scheduleAsWritten(schedule, windowHours);
  if (rotateEvery === undefined) return defaultSchedule(stableKey, windowHours);
  const hours = parseDuration(rotateEvery) / HOUR_SECONDS;
  const leastGapDays = leastGapSeconds(rotation, windowHours ?? defaultRateWindow(hours)) / DAY_SECONDS;
  return scheduleEvery(stableKey, hours, leastGapDays, windowHours);
}
