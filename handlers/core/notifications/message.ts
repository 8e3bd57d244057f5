import type { Instant } from '../../../contract/instant';
import type { Settings } from '../../../contract/settings';
import type { FaultFacts } from '../../../contract/fault';
import { FAULTS, kebabCase, placeholders } from '../../../contract/faults';
import { IAM_USER_NAME, secretName } from '../../../contract/names';
import { chatMessage, type Attributes, type ChatContent, type MessageFact } from './chat-message';
import type { FaultReport } from './fault-report';
import type { NotificationPlace } from './notification-ports';
import { inOneLine } from './quoted';

/** What a person gets to read, and what subscriptions filter by. */
export interface Message {
  /** At most 100 characters of ASCII: it becomes the subject of an e-mail. */
  readonly subject: string;
  readonly text: string;
  /** The same for Amazon Q Developer in chat applications. Undefined: the stack does without. */
  readonly chat?: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface MessageContext {
  readonly place: NotificationPlace;
  /** Undefined: the fault is the whole stack's, or the user's settings cannot be read. */
  readonly settings: Settings | undefined;
  readonly began: Instant;
  /** See `threadOf`. */
  readonly thread: string;
}

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const LONGEST_SUBJECT = 100;

/** Who, what, since when, what to do, and where it is explained: readable at three in the morning. */
export function writeMessage(report: FaultReport, context: MessageContext): Message {
  const { kind, phase, user, at } = report;
  const { place, settings, thread } = context;
  const { title, severity } = FAULTS[kind];
  const runbook = runbookOf(place, report);
  const facts = factsOf(report, context);
  const help = helpFor(report, context);
  const heading = `${beginningOf(report)}${title}${user === undefined ? '' : `: ${user}`}`;
  const lines = [
    ...[heading, '', report.what],
    ...(help === undefined ? [] : ['', help.meaning, '', `First: ${help.firstStep}`]),
    '',
    ...[...facts, { label: 'Runbook', value: runbook }].map(lineOf),
  ];
  const message = {
    subject: subjectOf(report, place.stack),
    text: `${lines.join('\n')}\n`,
    attributes: {
      ...{ stack: place.stack, kind, phase, severity },
      ...(user === undefined ? {} : { user }),
      ...(settings?.owner === undefined ? {} : { owner: settings.owner }),
      ...(report.drill === true ? { drill: 'true' } : {}),
    },
  };
  const sign = signOf(report);
  const resources = settings === undefined ? [] : [settings.secretArn];
  return withChat(place, message, {
    ...{ sign, heading, what: report.what, ...help, facts, runbook, resources, thread, at },
  });
}

/**
 * The first message of a new stack, in place of the alarm on a function that has not run yet. It has the same attributes, but
 * wakes nobody up.
 */
export function welcome(place: NotificationPlace, report: FaultReport, thread: string): Message {
  const { kind, phase, at } = report;
  const firstStep = `If none has come after two hours: ${FAULTS[kind].firstStep(placeholders(place.stack, place.secretPrefix))}`;
  const heading = `Messages of the new stack ${place.stack} reach you.`;
  const what = `Nothing is wrong. The retirement function runs for the first time within the hour; then a message comes that begins with "Over: ${FAULTS[kind].title}".`;
  const facts = [{ label: 'Stack', value: place.stack }];
  const runbook = runbookOf(place, report);
  const lines = [
    ...[heading, '', what, '', firstStep, ''],
    ...[...facts, { label: 'Runbook', value: runbook }].map(lineOf),
  ];
  const message = {
    subject: fitting(`Messages of a new stack reach you (${place.stack})`),
    text: `${lines.join('\n')}\n`,
    attributes: { stack: place.stack, kind, phase, severity: 'warning' },
  };
  return withChat(place, message, {
    ...{ sign: 'ℹ️', heading, what, facts, firstStep, runbook, resources: [], thread, at },
  });
}

const withChat = (
  { format }: NotificationPlace,
  message: Message & { readonly attributes: Attributes },
  content: Omit<ChatContent, 'subject' | 'attributes'>,
): Message =>
  format === 'chat'
    ? {
        ...message,
        chat: chatMessage({ ...content, subject: message.subject, attributes: message.attributes }),
      }
    : message;

const signOf = ({ phase, drill, kind }: FaultReport): ChatContent['sign'] => {
  if (phase === 'ended') return '✅';
  if (drill === true) return 'ℹ️';
  return FAULTS[kind].severity === 'critical' ? '🚨' : '⚠️';
};

/** What heading and subject begin with. */
const beginningOf = ({ phase, drill }: FaultReport): string =>
  `${drill === true ? 'Drill: ' : ''}${phase === 'began' ? '' : 'Over: '}`;

const lineOf = ({ label, value }: MessageFact): string => `${`${label}:`.padEnd('Runbook: '.length)}${value}`;

const runbookOf = ({ runbookUrl }: NotificationPlace, { kind }: FaultReport): string =>
  `${runbookUrl}#${kebabCase(kind)}`;

function factsOf(
  { phase, user, keyIdSuffix, at }: FaultReport,
  { place, settings, began }: MessageContext,
): readonly MessageFact[] {
  const facts = {
    User: user === undefined ? undefined : `${user}${userNameOf(settings)}`,
    // The table says it, and not only Terraform may have written it.
    Owner: settings?.owner === undefined ? undefined : inOneLine(settings.owner),
    Key: keyIdSuffix === undefined ? undefined : `...${keyIdSuffix}`,
    Secret: settings?.secretArn,
    Since: inUtc(began),
    Over: phase === 'began' ? undefined : inUtc(at),
    Stack: place.stack,
  };
  return Object.entries(facts).flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }]));
}

/** What it means, and what to do first. */
function helpFor(
  { kind, phase, user, userName, drill }: FaultReport,
  { place, settings }: MessageContext,
): { readonly meaning: string; readonly firstStep: string } | undefined {
  if (phase === 'ended') return undefined;
  if (drill === true) return DRILL;
  const { meaning, firstStep } = FAULTS[kind];
  const facts: FaultFacts = {
    ...placeholders(place.stack, place.secretPrefix),
    ...(userName !== undefined && IAM_USER_NAME.test(userName) ? { userName } : {}),
    ...(user === undefined ? {} : { user, secret: secretName(place.secretPrefix, user) }),
    ...(settings === undefined ? {} : { userName: settings.userName, secret: settings.secretArn }),
  };
  return { meaning, firstStep: firstStep(facts) };
}

/** In place of what a leak means. */
const DRILL = {
  meaning:
    'Somebody practises what happens when a key leaks, with `iam-key-rotation drill leak`. AWS reported nothing, and nobody has the key. What the message says of the key was done for real.',
  firstStep:
    'Nothing has to be done. If nobody of your team began a drill, find out who did: whoever may put events on the bus can have the key of the user for drills replaced, and no other key.',
};

function subjectOf(report: FaultReport, stack: string): string {
  const { kind, user } = report;
  const about = user === undefined ? stack : `${stack}/${user}`;
  return fitting(`${beginningOf(report)}${FAULTS[kind].title} (${about})`);
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
