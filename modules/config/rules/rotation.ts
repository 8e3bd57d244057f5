import type { Draft } from '../draft';
import { DAY_SECONDS, formatDuration, HOUR_SECONDS, parseDuration } from '../../schedule/duration';
import { boundsOf, BREAK_SECONDS, leastGapSeconds, mergeRotation } from '../effective-rotation';
import { type Problem, formatPath } from '../problem';
import { LEAST_RATE_HOURS, MOST_RATE_DAYS, scheduleAsWritten } from '../../schedule/schedule';
import { ScheduleSyntaxError } from '../../schedule/schedule-syntax-error';
import type { RawRotation } from '../schema/rotation';
import { isLayerSound, isTakenOver, type Layer, layersOf } from './rotation-layers';

/** Of `maximumKeyAge`: for failed rotations to be noticed and mended before a key is too old. */
const RESERVE_SECONDS = 4 * DAY_SECONDS;

type RotationKey = keyof RawRotation;
const ROTATION_KEYS: readonly RotationKey[] = [
  'rotateEvery',
  'schedule',
  'window',
  'overlap',
  'gracePeriod',
  'maximumKeyAge',
];

/**
 * When users are rotated, and whether the lives of their keys fit between two rotations and into the policy.
 * What users inherit is the defaults' matter, so that one mistake there is one error.
 */
export function checkRotation(draft: Draft): Problem[] {
  const { defaults, users } = layersOf(draft);
  const layers = [...defaults, ...users].filter(({ own }) => hasRotationKeys(own));

  const cadences = layers.flatMap((layer) => checkCadence(draft, layer));
  const brokenCadences = new Set(cadences.map(({ path }) => formatPath(path.slice(0, -1))));
  const isBroken = ({ path }: Layer): boolean => brokenCadences.has(formatPath(path));
  const inheritsCadence = ({ own }: Layer): boolean =>
    own.rotateEvery === undefined && own.schedule === undefined;

  const timed = layers
    .filter((layer) => !isBroken(layer) && !(layer.above.some(isBroken) && inheritsCadence(layer)))
    // Defaults that no one takes over as they are need not fit together.
    .filter((layer) => !defaults.includes(layer) || isTakenOver(layer, users, hasRotationKeys));
  return [...cadences, ...timed.flatMap((layer) => checkTiming(draft, layer))];
}

const hasRotationKeys = (rotation: RawRotation): boolean =>
  ROTATION_KEYS.some((key) => rotation[key] !== undefined);

/** Whether rotateEvery, schedule and window say something that Secrets Manager can do. */
function checkCadence(draft: Draft, layer: Layer): Problem[] {
  const { path, own, inherited } = layer;
  if (own.rotateEvery !== undefined && own.schedule !== undefined) {
    return [
      {
        path: [...path, 'schedule'],
        rule: 'rotateEvery and schedule exclude each other: both say when to rotate',
        write: 'one of the two',
      },
    ];
  }
  if (own.rotateEvery !== undefined) return checkInterval(own.rotateEvery, path);

  // A window may be too long for a schedule that is inherited.
  const schedule = own.schedule ?? (own.window === undefined ? undefined : inherited.schedule);
  if (schedule === undefined) return [];
  const window = isLayerSound(draft, layer, ['window']) ? (own.window ?? inherited.window) : undefined;
  try {
    scheduleAsWritten(schedule, window === undefined ? undefined : parseDuration(window) / HOUR_SECONDS);
    return [];
  } catch (error) {
    if (!(error instanceof ScheduleSyntaxError)) throw error;
    const { rule, write } = error;
    return [{ path: [...path, own.schedule === undefined ? 'window' : 'schedule'], rule, write }];
  }
}

function checkInterval(rotateEvery: string, path: Layer['path']): Problem[] {
  const hours = parseDuration(rotateEvery) / HOUR_SECONDS;
  if (hours >= LEAST_RATE_HOURS && hours <= MOST_RATE_DAYS * 24) return [];
  return [
    {
      path: [...path, 'rotateEvery'],
      rule: `Secrets Manager takes intervals from ${LEAST_RATE_HOURS} hours to ${MOST_RATE_DAYS} days`,
      write: 'rotateEvery: 60d',
    },
  ];
}

/** Whether the lives of the keys fit between two rotations, and into the policy. */
function checkTiming(draft: Draft, layer: Layer): Problem[] {
  if (!isLayerSound(draft, layer, ROTATION_KEYS)) return [];
  const { path, own, inherited } = layer;
  const rotation = mergeRotation(inherited, own);
  const { windowHours, longestGapDays, shortestGapDays } = boundsOf(rotation);
  const window = windowHours * HOUR_SECONDS;
  const { overlapSeconds: overlap, gracePeriodSeconds: gracePeriod, maximumKeyAgeSeconds: most } = rotation;
  const problems: Problem[] = [];

  const least = leastGapSeconds(rotation, windowHours);
  // `rotateEvery` has a window of a day, if none is set.
  const leastInterval = own.window === undefined ? least - window + DAY_SECONDS : least;
  if (shortestGapDays * DAY_SECONDS < least) {
    const terms = sum({ overlap, gracePeriod, window, between: BREAK_SECONDS });
    problems.push({
      path: [...path, firstOwn(own, ['rotateEvery', 'schedule', 'gracePeriod', 'overlap', 'window'])],
      rule: `a rotation needs a free key slot, so two rotations are at least ${terms} apart; here they can be ${days(shortestGapDays)} apart`,
      write: `${leastInterval <= MOST_RATE_DAYS * DAY_SECONDS ? `rotateEvery: ${wholeDays(leastInterval)} or longer, or ` : ''}a shorter gracePeriod or overlap`,
    });
  }

  const age = longestGapDays * DAY_SECONDS + window + overlap + RESERVE_SECONDS;
  if (age > most) {
    const terms = sum({
      'between two rotations': longestGapDays * DAY_SECONDS,
      window,
      overlap,
      reserve: RESERVE_SECONDS,
    });
    const longestInterval = Math.floor(
      (most - (own.window === undefined ? DAY_SECONDS : window) - overlap - RESERVE_SECONDS) / DAY_SECONDS,
    );
    const interval =
      longestInterval * DAY_SECONDS >= leastInterval
        ? `rotateEvery: ${longestInterval}d or shorter, or `
        : '';
    problems.push({
      path: [...path, firstOwn(own, ['rotateEvery', 'schedule', 'maximumKeyAge', 'overlap', 'window'])],
      rule: `no key is usable for longer than maximumKeyAge, ${formatDuration(most)}; here it can be: ${terms}`,
      write: `${interval}maximumKeyAge: ${wholeDays(age)} or longer`,
    });
  }
  return problems;
}

/** Blames the first of the keys that stands here; there is one, or the problem would not be made here. */
function firstOwn(own: RawRotation, keys: readonly RotationKey[]): RotationKey {
  return (
    keys.find((key) => own[key] !== undefined) ??
    ROTATION_KEYS.find((key) => own[key] !== undefined) ??
    'overlap'
  );
}

/** `1d overlap + 7d gracePeriod = 8d` */
function sum(terms: Readonly<Record<string, number>>): string {
  const total = Object.values(terms).reduce((seconds, term) => seconds + term, 0);
  const words = Object.entries(terms).map(([name, seconds]) => `${formatDuration(seconds)} ${name}`);
  return `${words.join(' + ')} = ${formatDuration(total)}`;
}

const wholeDays = (seconds: number): string => `${Math.ceil(seconds / DAY_SECONDS)}d`;

const days = (count: number): string => formatDuration(count * DAY_SECONDS);
