import { isFindingKind } from '../../../contract/faults';
import { UnreadableRecordError } from '../model/call-errors';
import type { Leak } from '../model/journal';
import { isOpen, type OpenFinding } from '../model/open-finding';
import { isoOf, suffixOf, withoutKeyIds } from '../telemetry/emit';
import type { FaultBegan, FaultEnded, FaultReport } from './fault-report';
import type { NotificationPorts } from './notification-ports';
import { inOneLine } from './quoted';

type Ports = Pick<NotificationPorts, 'findings' | 'journals' | 'log'>;

/**
 * What the table says of what an event of our own source reports. Others may put such events: so a finding is told if it
 * stands in the table, with the table's words and time, and has ended if it stands there no more; a promotion has
 * happened if the journal has it; and a leak is a drill if the journal says so: people look away from a drill. Of a rotation
 * that fails the table has no record: that is believed, but for its time.
 *
 * @returns undefined: the table says otherwise. The event was forged, or came so late that it is not true any more.
 * @throws the error of a table that does not answer, or has what this version cannot read of an end: the event comes again.
 */
export async function asTheTableSays(ports: Ports, report: FaultReport): Promise<FaultReport | undefined> {
  const { user, kind, phase, reporter } = report;
  if (reporter !== 'product' || user === undefined) return report;
  try {
    if (kind === 'keyLeaked') return await withLeak(ports, user, report);
    if (isFindingKind(kind)) return withFinding(report, await ports.findings.read(user));
    return phase === 'began' ? report : await withPromotion(ports, user, report);
  } catch (error) {
    if (!(error instanceof UnreadableRecordError)) throw error;
    // Rather one message too many, and no end too early: that one comes again, perhaps to a version that can read the record.
    if (phase === 'ended') throw error;
    ports.log.warn('the record of what an event says cannot be read', { user, kind, phase, error });
    return { ...report, drill: undefined };
  }
}

function withFinding(report: FaultReport, findings: readonly OpenFinding[]): FaultReport | undefined {
  const { kind, keyIdSuffix, phase } = report;
  const found = findings
    .filter(isOpen)
    .find((one) => one.kind === kind && (one.keyId && suffixOf(one.keyId)) === keyIdSuffix);
  if (phase === 'ended') return found === undefined ? report : undefined;
  return found && asFound(report, found);
}

/** The rotation function writes it down before it changes a key, the retirement function tells it in its own words. */
async function withLeak(
  { journals, findings }: Ports,
  user: string,
  heard: FaultReport,
): Promise<FaultReport | undefined> {
  const { leaks = [] } = (await journals.read(user)).journal ?? {};
  const journaled = leaks.filter(({ keyId }) => suffixOf(keyId) === heard.keyIdSuffix);
  // Of one that is over and forgotten nobody but the event knows it.
  const isDrill =
    journaled.length === 0
      ? heard.phase === 'ended' && heard.drill === true
      : journaled.every(({ drill }) => drill === true);
  const report: FaultReport = { ...heard, drill: isDrill ? true : undefined };
  const real = journaled.find(({ drill }) => drill !== true);
  if (report.phase === 'ended' || journaled.length === 0)
    return withFinding(report, await findings.read(user));
  return heard.drill === true && real !== undefined ? notPlayed(report, real) : report;
}

/** The event's own words are those of a drill: that nobody has the key. */
const notPlayed = (report: FaultBegan, { keyId, reportedAt }: Leak): FaultBegan => ({
  ...report,
  what: `An event says that the leak of key ...${suffixOf(keyId)} is a drill. It is none. AWS reported it as exposed since ${isoOf(reportedAt)}.`,
});

const asFound = (report: FaultBegan, { since, what }: OpenFinding): FaultBegan => ({
  ...report,
  since,
  what: inOneLine(withoutKeyIds(what)),
});

async function withPromotion(
  { journals }: Ports,
  user: string,
  report: FaultEnded,
): Promise<FaultEnded | undefined> {
  const current = (await journals.read(user)).journal?.current;
  if (current === undefined || suffixOf(current.keyId) !== report.promoted) return undefined;
  return { ...report, at: Math.min(report.at, current.since) };
}
