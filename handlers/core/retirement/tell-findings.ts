import { FAULTS, placeholders } from '../../../contract/faults';
import type { Instant } from '../../../contract/instant';
import type { Settings } from '../../../contract/settings';
import type { OpenFinding } from '../model/open-finding';
import { eventOf, isoOf, suffixOf } from '../telemetry/emit';
import type { LifecycleEvent } from '../../../contract/lifecycle-event';
import { compareFindings, type Finding, type FindingChanges, type VisitReach } from './finding';
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
 * Tells what began and what ended. What is about to be told is written down first, because whoever hears it believes the
 * table and not the event; that it was told is written down after it: who dies in between tells it twice, and never not at
 * all. What the bus or the table does not accept is told by the next run.
 *
 * @returns what is open now.
 */
export async function tellFindings(ports: SweepPorts, visit: VisitFindings): Promise<readonly OpenFinding[]> {
  const now = ports.clock.now();
  const changes = compareFindings(visit.before, visit.found, visit.reach, now);
  if (!changes.changed) return changes.open;
  const hasNews = changes.began.length > 0 || changes.ended.length > 0;
  const isTold =
    !hasNews ||
    ((await writeDown(ports, visit.stableKey, announced(changes, now))) &&
      (await ports.lifecycle.send(eventsOf(visit, changes, now))));
  if (isTold) await writeDown(ports, visit.stableKey, changes.open);
  return changes.open;
}

async function writeDown(
  ports: SweepPorts,
  stableKey: string,
  findings: readonly OpenFinding[],
): Promise<boolean> {
  try {
    await ports.findings.write(stableKey, findings);
    return true;
  } catch (error) {
    ports.log.warn('the findings could not be written down, so the next run tells them', {
      user: stableKey,
      error,
    });
    return false;
  }
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

const announced = ({ open, began, ended }: FindingChanges, now: Instant): readonly OpenFinding[] => [
  ...open.map((finding) => (began.includes(finding) ? { ...finding, told: false } : finding)),
  ...ended.map((finding) => ({ ...finding, over: finding.over ?? now })),
];
