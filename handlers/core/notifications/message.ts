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

/**
 * The first message of a new stack, in place of the alarm on a function that has not run yet. It has the same attributes, but
 * wakes nobody up.
 */
export function welcome(place: NotificationPlace, report: FaultReport): Message {
  const { kind, phase } = report;
  const { firstStep } = FAULTS[kind];
  const text = `Messages of the new stack ${place.stack} reach you.

Nothing is wrong. The retirement function runs for the first time within the hour; then a message comes that begins with "Over: ${FAULTS[kind].title}".

If none has come after two hours: ${firstStep(placeholders(place.stack, place.secretPrefix))}

Stack:   ${place.stack}
Runbook: ${place.runbookUrl}#${kebabCase(kind)}
`;
  return {
    subject: fitting(`Messages of a new stack reach you (${place.stack})`),
    text,
    attributes: { stack: place.stack, kind, phase, severity: 'warning' },
  };
}

/** What it means, and what to do first. */
function helpFor({ kind, phase, user }: FaultReport, { place, settings }: MessageContext): readonly string[] {
  if (phase === 'ended') return [];
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
  return fitting(`${phase === 'began' ? '' : 'Over: '}${FAULTS[kind].title} (${about})`);
}

/** SNS refuses a subject that is longer, or has anything but printable ASCII in it. */
function fitting(subject: string): string {
  const printable = subject.replaceAll(/[^ -~]/g, '?');
  return printable.length <= LONGEST_SUBJECT ? printable : `${printable.slice(0, LONGEST_SUBJECT - 3)}...`;
}

const userNameOf = (settings: Settings | undefined): string =>
  settings === undefined ? '' : ` (IAM user ${settings.userName}, account ${settings.accountId})`;

/** `2026-01-15 12:00 UTC` */
const inUtc = (moment: Instant): string =>
  `${new Date(moment).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
