import { FAULTS, placeholders } from '../../../contract/faults';
import type { Settings } from '../../../contract/settings';
import { eventOf, isoOf, suffixOf } from '../telemetry/emit';
import type { LifecycleEvent } from '../../../contract/lifecycle-event';
import {
  compareFindings,
  type Finding,
  type FindingChanges,
  type OpenFinding,
  type VisitReach,
} from './finding';
import type { SweepPorts } from './retirement-ports';

/** What one visit came to, for those who have to know. */
export interface VisitFindings {
  /** The stack's prefix. */
  readonly stack: string;
  readonly stableKey: string;
  /** Undefined where they cannot be read. */
  readonly settings: Settings | undefined;
  /** What was open before the visit. */
  readonly before: readonly OpenFinding[];
  readonly found: readonly Finding[];
  readonly reach: VisitReach;
}

/**
 * Tells what began and what ended, and writes down what is open. First the one and then the other: who dies in between
 * tells it twice, and never not at all. What the bus does not accept is told by the next run.
 *
 * @returns what is open now.
 */
export async function tellFindings(ports: SweepPorts, visit: VisitFindings): Promise<readonly OpenFinding[]> {
  const changes = compareFindings(visit.before, visit.found, visit.reach, ports.clock.now());
  if (!changes.changed) return changes.open;
  const isTold = await ports.lifecycle.send(eventsOf(visit, changes, ports.clock.now()));
  try {
    await ports.findings.write(visit.stableKey, isTold ? changes.open : untold(changes));
  } catch (error) {
    ports.log.warn('the findings could not be written down, so the next run tells them again', {
      user: visit.stableKey,
      error,
    });
  }
  return changes.open;
}

function eventsOf(
  { settings, stableKey, stack }: VisitFindings,
  { began, ended }: FindingChanges,
  now: number,
): readonly LifecycleEvent[] {
  const about = settings ?? { stableKey };
  const facts = {
    ...placeholders(stack),
    user: stableKey,
    ...(settings === undefined ? {} : { userName: settings.userName, secret: settings.secretArn }),
  };
  const detailOf = ({ kind, keyId, since, what }: OpenFinding) => ({
    kind,
    keyIdSuffix: keyId === undefined ? undefined : suffixOf(keyId),
    since: isoOf(since),
    what,
  });
  return [
    ...began.flatMap((finding) => [
      eventOf(about, now, 'Finding Began', {
        ...detailOf(finding),
        nextStep: FAULTS[finding.kind].firstStep(facts),
      }),
      ...unmanagedKeyFound(about, finding, now),
    ]),
    ...ended.map((finding) => eventOf(about, now, 'Finding Ended', detailOf(finding))),
  ];
}

function unmanagedKeyFound(
  about: Parameters<typeof eventOf>[0],
  { kind, keyId, what }: OpenFinding,
  now: number,
): readonly LifecycleEvent[] {
  if (kind !== 'unmanagedKey' || keyId === undefined) return [];
  return [eventOf(about, now, 'Unmanaged Key Found', { keyIdSuffix: suffixOf(keyId), reason: what })];
}

const untold = ({ open, began, ended }: FindingChanges): readonly OpenFinding[] => [
  ...open.map((finding) => (began.includes(finding) ? { ...finding, told: false } : finding)),
  ...ended,
];
