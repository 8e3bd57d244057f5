import { createHash } from 'node:crypto';

import type { EventDetail } from '../../../contract/lifecycle-event';
import type { LeakReportOutcome } from '../../../contract/leaks';
import type { LeakReport } from '../leaks/read-leak-report';
import { isoOf } from '../telemetry/emit';
import type { FaultBegan } from './fault-report';
import { named, quoted } from './quoted';

const QUARANTINE =
  'As long as a policy AWSCompromisedKeyQuarantine is attached to the user, what it denies stays denied, whatever the key. Only AWS’s support case ends that.';

/**
 * A report of AWS that reaches people as it is: in a stack with `onLeak: notify`. One message for each key or user. Who used the
 * key is not looked up: such a stack has no right to read CloudTrail, so the message has the command for a person.
 */
export function tellReport(report: LeakReport): readonly FaultBegan[] {
  const reported = {
    phase: 'began',
    kind: 'leakReported',
    user: undefined,
    reporter: 'leakReport',
    at: report.at,
  } as const;
  const said = (what: string): string =>
    [
      `AWS reports ${what} as exposed since ${isoOf(report.at)} (${report.code}).${report.isKnown ? '' : ' This version does not know that word.'}`,
      'Nothing was done: the stack says onLeak: notify, so no key is changed, and a person decides.',
      QUARANTINE,
      'Who used the key since then is not looked up: among the steps, which are in their order, is the command that shows it.',
    ].join('\n');
  const ofKeys = report.keyIds.map((keyId) => ({
    ...reported,
    keyIdSuffix: keyId.slice(-4),
    what: said(`key ...${keyId.slice(-4)}`),
  }));
  const ofUsers = report.userNames.map((userName) => ({
    ...reported,
    report: placeOf(userName),
    userName,
    what: said(`a key of IAM user ${named(userName)}`),
  }));
  const all = [...ofKeys, ...ofUsers];
  return all.length === 0 ? [{ ...reported, report: placeOf(report.id), what: said('a key') }] : all;
}

type Answered = Omit<EventDetail<'Leak Reported'>, 'version' | 'stack'>;

/** What the responder did: a fault of the user where the journal has it, else no more than the report. */
export function tellAnswer(detail: Answered): FaultBegan {
  const { user, keyIdSuffix, outcome, at, reportId, drill } = detail;
  const isJournaled = user !== undefined && keyIdSuffix !== undefined && JOURNALED.includes(outcome);
  return {
    phase: 'began',
    kind: isJournaled ? 'keyLeaked' : 'leakReported',
    user,
    // What no journal says of a drill is the word of whoever put it: it takes the place of no other report.
    ...(keyIdSuffix === undefined || (drill === true && !isJournaled)
      ? { report: placeOf(reportId) }
      : { keyIdSuffix }),
    drill,
    reporter: 'product',
    at: Date.parse(at),
    what: describe(detail),
  };
}

const JOURNALED: readonly LeakReportOutcome[] = [
  'replaced',
  'wentBack',
  'deactivated',
  'overAlready',
  'cannotBeReplaced',
];

/** The same for every delivery of one report. */
const placeOf = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 16);

function describe(detail: Answered): string {
  const { code, drill, keyIdSuffix, userName, at, doneAt, uses } = detail;
  const key = keyIdSuffix === undefined ? 'a key' : `key ...${keyIdSuffix}`;
  const of = userName === undefined ? '' : ` of IAM user ${named(userName)}`;
  return [
    drill === true
      ? `This is a drill: it plays that ${key}${of} leaked at ${at}. Nobody has the key.`
      : `AWS reports ${key}${of} as exposed since ${at} (${code}).`,
    `${DONE[detail.outcome](detail)}${doneAt === undefined ? '' : ` Done at ${doneAt}.`}`,
    ...(drill === true ? [] : [QUARANTINE]),
    ...(keyIdSuffix === undefined ? [] : [describeUses(uses)]),
  ].join('\n');
}

function describeUses(uses: Answered['uses']): string {
  if (uses === undefined) return 'Who used the key since then could not be looked up.';
  if (uses.length === 0)
    return 'CloudTrail of this region shows no use of the key since then; it may be some minutes late.';
  return `Used since then, the latest first, as CloudTrail of this region shows: ${uses.map(quoted).join('; ')}`;
}

const current = ({ currentKeyIdSuffix }: Answered): string =>
  currentKeyIdSuffix === undefined ? 'another key' : `key ...${currentKeyIdSuffix}`;

const DONE: Readonly<Record<LeakReportOutcome, (detail: Answered) => string>> = {
  replaced: (detail) => `It is Inactive. The new ${current(detail)} is current and was proved to work.`,
  wentBack: (detail) =>
    `It is Inactive. No slot was free for a new key, so the previous ${current(detail)} is current again, and was proved to work. A new key is made as soon as a slot is free.`,
  deactivated: (detail) =>
    `It is Inactive, or deleted if it had not been current yet. It was not the current key; ${current(detail)} is.`,
  overAlready: () =>
    'It was Inactive or gone already, or a person made it Active again after this leak was answered. Nothing was changed.',
  notOurs: () => 'No journal of this stack names it, so nothing was changed.',
  cannotBeReplaced: () =>
    'It is still the current key: the other slot holds a key that this product may not remove, so nothing was changed. Remove that key, or name it with emergency --give-way.',
  unknownCode: () => 'This version does not know that word of AWS, so nothing was changed.',
  notForDrills: () =>
    'Its user is not the one that the configuration names for drills (leakDrill), so nothing was changed.',
  failed: () =>
    'The answer failed, and is tried again within minutes. Nothing may have been changed yet: read the log of the responder, or replace the key by hand.',
};
