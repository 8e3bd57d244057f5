import type { Instant } from '../../contract/instant';

/** What Secrets Manager reports of a rotation. https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html */
export const ROTATION_EVENTS = [
  'RotationStarted',
  'RotationSucceeded',
  'RotationFailed',
  'RotationAbandoned',
] as const;

export type RotationEventName = (typeof ROTATION_EVENTS)[number];

/** One report, in whole seconds. */
export interface RotationEvent {
  readonly at: Instant;
  readonly name: RotationEventName;
  /** Whose secret it is. */
  readonly user: string;
  /** What Secrets Manager says of a failure. */
  readonly why?: string | undefined;
}

/** Moments are undefined where they were not seen. */
export interface Rotation {
  readonly user: string;
  readonly startedAt: Instant | undefined;
  readonly endedAt: Instant | undefined;
  readonly result: 'succeeded' | 'failed' | 'abandoned' | 'noEnd';
  /** How many tries failed. */
  readonly failures: number;
  /** What Secrets Manager says of the last failure. */
  readonly why: string | undefined;
}

/**
 * Each beginning with its end. A secret has one rotation at a time, so an end belongs to the last beginning before it. A
 * failure is not the end: Secrets Manager tries again. It is the end where nothing else follows.
 */
export function pairRotations(events: Iterable<RotationEvent>): readonly Rotation[] {
  const byUser = new Map<string, RotationEvent[]>();
  for (const event of events) {
    const ofUser = byUser.get(event.user);
    if (ofUser === undefined) byUser.set(event.user, [event]);
    else ofUser.push(event);
  }
  return [...byUser].flatMap(([user, ofUser]) => rotationsOf(user, ofUser));
}

function rotationsOf(user: string, events: readonly RotationEvent[]): readonly Rotation[] {
  const rotations: Rotation[] = [];
  let open: readonly RotationEvent[] = [];
  const close = (): void => {
    if (open.length > 0) rotations.push(rotationOf(user, open));
    open = [];
  };
  for (const event of inOrder(events)) {
    if (event.name === 'RotationStarted') close();
    open = [...open, event];
    if (event.name === 'RotationSucceeded' || event.name === 'RotationAbandoned') close();
  }
  close();
  return rotations;
}

/** Moments are whole seconds: in the same second, a rotation that is under way ends before another one begins. */
function inOrder(events: readonly RotationEvent[]): readonly RotationEvent[] {
  const rest = events.toSorted((a, b) => a.at - b.at || RANK[a.name] - RANK[b.name]);
  const starts = rest.filter(({ name }) => name === 'RotationStarted');
  const others = rest.filter(({ name }) => name !== 'RotationStarted');
  const ordered: RotationEvent[] = [];
  let isOpen = false;
  for (;;) {
    const [start] = starts;
    const [other] = others;
    const otherIsNext: boolean =
      start === undefined ||
      (other !== undefined && (other.at < start.at || (other.at === start.at && isOpen)));
    const next: RotationEvent | undefined = otherIsNext ? others.shift() : starts.shift();
    if (next === undefined) return ordered;
    isOpen = next.name === 'RotationStarted' || (isOpen && next.name === 'RotationFailed');
    ordered.push(next);
  }
}

const RANK: Readonly<Record<RotationEventName, number>> = {
  RotationStarted: 0,
  RotationFailed: 1,
  RotationAbandoned: 2,
  RotationSucceeded: 2,
};

function rotationOf(user: string, events: readonly RotationEvent[]): Rotation {
  const last = events.at(-1);
  const failed = events.filter(({ name }) => name === 'RotationFailed');
  const end = last?.name === 'RotationStarted' ? undefined : last;
  return {
    user,
    startedAt: events.find(({ name }) => name === 'RotationStarted')?.at,
    endedAt: end?.at,
    result: end === undefined ? 'noEnd' : RESULTS[end.name],
    failures: failed.length,
    why: end?.why ?? failed.at(-1)?.why,
  };
}

const RESULTS = {
  RotationStarted: 'noEnd',
  RotationSucceeded: 'succeeded',
  RotationFailed: 'failed',
  RotationAbandoned: 'abandoned',
} as const;
