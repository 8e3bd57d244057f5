import type { Instant } from '../../../contract/instant';
import type { Settings } from '../../../contract/settings';
import type { FaultFacts } from '../../../contract/fault';
import { FAULTS, kebabCase, placeholders } from '../../../contract/faults';
import { secretName } from '../../../contract/names';
import type { FaultReport } from './fault-report';
import type { NotificationPlace } from './notification-ports';

/** What a person gets to read, and what subscriptions filter by. */
export interface Message {
  /** At most 100 characters of ASCII: it becomes the subject of an e-mail. */
  readonly subject: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface MessageContext {
  readonly place: NotificationPlace;
  /** Undefined: the fault is the whole stack's, or the user's settings cannot be read. */
  readonly settings: Settings | undefined;
  readonly began: Instant;
}

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const LONGEST_SUBJECT = 100;

/** Who, what, since when, what to do, and where it is explained: readable at three in the morning. */
export function writeMessage(report: FaultReport, context: MessageContext): Message {
  const { kind, phase, user, keyIdSuffix } = report;
  const { place, settings, began } = context;
  const { title, severity } = FAULTS[kind];
  const runbook = `${place.runbookUrl}#${kebabCase(kind)}`;
  const help = helpFor(report, context);
  const lines = [
    `${phase === 'began' ? '' : 'Over: '}${title}${user === undefined ? '' : `: ${user}`}`,
    '',
    report.what,
    ...help,
    '',
    ...(user === undefined ? [] : [`User:    ${user}${userNameOf(settings)}`]),
    ...(settings?.owner === undefined ? [] : [`Owner:   ${settings.owner}`]),
    ...(keyIdSuffix === undefined ? [] : [`Key:     ...${keyIdSuffix}`]),
    ...(settings === undefined ? [] : [`Secret:  ${settings.secretArn}`]),
    `Since:   ${inUtc(began)}`,
    ...(phase === 'began' ? [] : [`Over:    ${inUtc(report.at)}`]),
    `Stack:   ${place.stack}`,
    `Runbook: ${runbook}`,
  ];
  return {
    subject: subjectOf(report, place.stack),
    text: `${lines.join('\n')}\n`,
    attributes: {
      stack: place.stack,
      kind,
      phase,
      severity,
      ...(user === undefined ? {} : { user }),
      ...(settings?.owner === undefined ? {} : { owner: settings.owner }),
    },
  };
}

/** What it means, and what to do first. The description of an alarm says both already. */
function helpFor(
  { kind, phase, reporter, user }: FaultReport,
  { place, settings }: MessageContext,
): readonly string[] {
  if (phase === 'ended' || reporter === 'alarm') return [];
  const { meaning, firstStep } = FAULTS[kind];
  const facts: FaultFacts = {
    ...placeholders(place.stack, place.secretPrefix),
    ...(user === undefined ? {} : { user, secret: secretName(place.secretPrefix, user) }),
    ...(settings === undefined ? {} : { userName: settings.userName, secret: settings.secretArn }),
  };
  return ['', meaning, '', `First: ${firstStep(facts)}`];
}

function subjectOf({ kind, phase, user }: FaultReport, stack: string): string {
  const about = user === undefined ? stack : `${stack}/${user}`;
  const subject = `${phase === 'began' ? '' : 'Over: '}${FAULTS[kind].title} (${about})`;
  return subject.length <= LONGEST_SUBJECT ? subject : `${subject.slice(0, LONGEST_SUBJECT - 3)}...`;
}

const userNameOf = (settings: Settings | undefined): string =>
  settings === undefined ? '' : ` (IAM user ${settings.userName}, account ${settings.accountId})`;

/** `2026-01-15 12:00 UTC` */
const inUtc = (moment: Instant): string =>
  `${new Date(moment).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
