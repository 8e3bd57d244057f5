import type { Fault, FoundBy } from '../../contract/fault';
import {
  FAULT_KINDS,
  FAULTS,
  FINDING_KINDS,
  foundByVisit,
  kebabCase,
  placeholders,
} from '../../contract/faults';
import {
  COUNTERS,
  DURATIONS,
  GAUGE_ROWS,
  GAUGES,
  HEARTBEAT,
  PER_USER_GAUGES,
} from '../../contract/telemetry-names';
import { HOUR, MINUTE, type Milliseconds } from '../../contract/instant';
import { isMetricMath, type AlarmDefinition } from '../../modules/rotation-alarms/alarm-definition';
import { alarmsOfFunction, stackAlarms, type WatchedStack } from '../../modules/rotation-alarms/fault-alarms';
import { between } from './between';
import { hanging, table, wrapped } from './markdown';

/** docs/telemetry.md with what follows from the catalogue of faults, and from the names of the metrics. */
export function telemetryPage(page: string): string {
  const withGauges = between(page, 'gauges', gaugeTable());
  return between(between(withGauges, 'metric-count', metricCount()), 'findings', findings());
}

/** docs/notifications.md with the list of what people are notified of, and of the alarms. */
export const notificationsPage = (page: string): string =>
  between(between(page, 'faults', faultTable()), 'alarm-count', alarmCount());

/**
 * docs/runbook.md, whose sections begin with what the catalogue says. What follows from the line that begins with
 * `**More.**` or `**To verify.**` is written by hand.
 *
 * @throws Error if a section has no such line, or its heading is no kind of fault
 */
export function runbookPage(page: string): string {
  const [introduction = '', ...sections] = page.split(/^## /m);
  return [introduction, ...sections.map(withBeginning)].join('## ');
}

function withBeginning(section: string): string {
  const [heading = ''] = section.split('\n', 1);
  const kind = FAULT_KINDS.find((one) => kebabCase(one) === heading);
  const byHand = section.search(/^\*\*(More|To verify)\.\*\*/m);
  if (kind === undefined) throw new Error(`docs/runbook.md: ${heading} is no fault in contract/faults.ts.`);
  if (byHand < 0) throw new Error(`docs/runbook.md: ${heading} has no paragraph "**To verify.**".`);
  const { title, severity, meaning, firstStep } = FAULTS[kind];
  const paragraphs = [
    heading,
    `**Message.** ${title} (${severity}).`,
    `**What it means.** ${meaning}`,
    `**First.** ${firstStep(placeholders())}`,
  ];
  return [...paragraphs.map((text) => wrapped(text)), section.slice(byHand)].join('\n\n');
}

const gaugeTable = (): string =>
  table(['metric', 'is'], ...GAUGES.map((name) => [`\`${name}\``, GAUGE_ROWS[name].meaning]), [
    `\`${HEARTBEAT}\``,
    '1, if the run reached every user: the heartbeat',
  ]);

function metricCount(): string {
  const hourly = GAUGES.length + 1;
  const further = COUNTERS.length + DURATIONS.length;
  return wrapped(
    `CloudWatch bills a metric for the hours in which it gets data. ${hourly} metrics get data every hour; the ` +
      `${COUNTERS.length} counters and ${DURATIONS.length} durations only in hours in which something happened: at ` +
      `most ${hourly + further} while all is well, however many users there are. \`RotationFailed\` by step and by ` +
      `user, and \`RotationDeferred\` by user, get data only in hours in which that happened. \`metrics: { perUser: ` +
      `true }\` adds ${PER_USER_GAUGES.length} gauges for each user (dimensions \`Stack\`, \`User\`).`,
  );
}

function whenReported(confirmedAfter: Milliseconds): string {
  if (confirmedAfter === 0) return '';
  return confirmedAfter < HOUR
    ? ' It is reported when a second run finds it, too.'
    : ` It is reported when it lasts for more than ${confirmedAfter / MINUTE} minutes.`;
}

const findings = (): string =>
  FINDING_KINDS.map((kind) => {
    return hanging(
      `- \`${kind}\`: ${FAULTS[kind].meaning}${whenReported(foundByVisit(kind).confirmedAfter)}`,
    );
  }).join('\n');

const faultTable = (): string =>
  table(
    ['`kind`', 'message', 'severity', 'found by'],
    ...FAULT_KINDS.map((kind) => {
      const { title, severity } = FAULTS[kind];
      return [`[\`${kind}\`](runbook.md#${kebabCase(kind)})`, title, severity, finderOf(FAULTS[kind])];
    }),
  );

const FINDERS: Readonly<Record<FoundBy['by'], string>> = {
  visit: 'the retirement function',
  run: 'an alarm',
  alarm: 'an alarm',
  rotation: 'the rotation function, an alarm, Secrets Manager (with a trail)',
  firstKey: 'the rotation function, as `terraform apply` makes a first key',
  secretsManager: 'Secrets Manager (with a trail)',
  leakReport: 'AWS, by AWS Health or CloudTrail',
  trail: 'the audit trail',
};

function finderOf({ alarm, foundBy: { by } }: Fault): string {
  return by === 'visit' && alarm !== undefined ? `${FINDERS[by]}, an alarm` : FINDERS[by];
}

const ANY_STACK: WatchedStack = { stack: 's', secretPrefix: 's', perFunctionAlarms: true, topicArns: [] };

function alarmCount(): string {
  const ofStack = stackAlarms(ANY_STACK);
  const beside = (change: Partial<WatchedStack>): readonly string[] => {
    const all = stackAlarms({ ...ANY_STACK, ...change });
    return [String(all.length - ofStack.length), String(metricsOf(all) - metricsOf(ofStack))];
  };
  const ofUser = alarmsOfFunction({ stack: 's', stableKey: 'u', functionName: 's-u' });
  return table(
    ['alarms', 'how many', 'metrics in them'],
    ['of every stack', String(ofStack.length), String(metricsOf(ofStack))],
    ['of `functions: per-user`', `${ofUser.length} for each user`, `${metricsOf(ofUser)} for each user`],
    ['the same with `perFunctionAlarms: false`', ...beside({ perFunctionAlarms: false })],
    ['of `functions: shared`', ...beside({ sharedFunction: 's-rotate' })],
  );
}

const metricsOf = (alarms: readonly AlarmDefinition[]): number =>
  alarms.reduce(
    (sum, { watched }) => sum + (isMetricMath(watched) ? Object.keys(watched.metrics).length : 1),
    0,
  );
