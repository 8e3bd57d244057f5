import { DAY, MINUTE, type Instant } from '../../../contract/instant';
import type { FaultBegan, FaultEnded, FaultReport, Reporter } from './fault-report';
import type { Claim, FaultState, Newest } from './fault-state';

/** The end of a fault that people were told of longer ago may have been lost; they are told of the fault again. */
export const TOLD_AGAIN_AFTER = 7 * DAY;

/**
 * How long an event that has claimed a message keeps the others from sending it. Longer than an invocation may take, so
 * that nobody sends what is just being sent; short, so that a fault which is reported anew after all deliveries of its
 * first event have failed is sent then.
 */
export const CLAIM_HOLDS = 10 * MINUTE;

export interface Decision {
  readonly next: FaultState;
  /** Send this message after `next` is stored, and then store what `afterSending` says. */
  readonly send?: Sending;
}

export type Sending = {
  readonly began: Instant;
  /** The beginning that the first message of it said: that of another one is another fault's. */
  readonly thread: Instant;
} & ({ readonly message: 'beginning' } | { readonly message: 'end'; readonly over: Instant });

export type Outcome = 'sent' | 'alreadySent' | 'sentWithBeginning' | 'nothingToEnd';

export interface ReportDecision extends Decision {
  /** What becomes of the report, if the message gets through. */
  readonly outcome: Outcome;
}

type Fault = Exclude<FaultState, { state: 'quiet' }>;

/**
 * What becomes of a fault when a report of it comes. A fault is
 *
 * - `quiet`: people know of none. A report that it is there claims the message of its beginning.
 * - `beginning`: an event has claimed that message, or has failed and given the claim back. An end is noted.
 * - `told`: people know that it is there. A report that it is over claims the message of its end.
 * - `ending`: it is over, and an event has claimed that message, or has given the claim back.
 *
 * Only whoever holds the claim sends, so several reports of one fault in the same moment are one message. A claim ends
 * by itself after CLAIM_HOLDS, and the same event may always take its own claim again: a crash between the claim and the
 * message is followed by the next delivery of the event, or by the next report.
 *
 * Events come late, twice, and in any order, so it is their moments that count. A report that is older than a known end
 * is about a fault that is over: people hear of it and of its end, unless they did. What is reported after an end is
 * another fault, even while the message of that end is on its way. An end is none for what was reported after it.
 *
 * An alarm that is quiet again ends only what alarms alone have reported: a day without a try is no success.
 *
 * @param me - the event, and now
 */
export function transition(state: FaultState, report: FaultReport, me: Claim): ReportDecision {
  return report.phase === 'began' ? whenBegan(state, report, me) : whenEnded(state, report, me);
}

function whenBegan(state: FaultState, report: FaultBegan, me: Claim): ReportDecision {
  const isPast = report.at < endOf(state.ends, report.reporter);
  switch (state.state) {
    case 'quiet':
      if (isPast && report.at < (state.toldUntil ?? -Infinity)) return alreadySent(state);
      return claimBeginning(state, report, me);
    case 'beginning':
      if (isFree(state, me) || isNewer(state, report) || (isOver(state) && !isPast))
        return claimBeginning(state, report, me);
      return alreadySent(reportedAgain(state, report));
    case 'told':
      if (state.toldAt < me.at - TOLD_AGAIN_AFTER || isNewer(state, report))
        return claimBeginning(state, report, me);
      return alreadySent(reportedAgain(state, report));
    case 'ending':
      if (!isPast || report.at >= state.over) return claimBeginning(state, report, me);
      return isFree(state, me) ? { ...claimEnd(state, me), outcome: 'alreadySent' } : alreadySent(state);
  }
}

function whenEnded(known: FaultState, report: FaultEnded, me: Claim): ReportDecision {
  const state = { ...known, ends: withNewest(known.ends, report) };
  if (state.state === 'quiet' || !isOver(state)) return { next: state, outcome: 'nothingToEnd' };
  switch (state.state) {
    case 'beginning':
      return { next: state, outcome: 'sentWithBeginning' };
    case 'told':
      return { ...claimEnd(state, me), outcome: 'sent' };
    case 'ending':
      return isFree(state, me) ? { ...claimEnd(state, me), outcome: 'sent' } : alreadySent(state);
  }
}

/**
 * What becomes of it when the message was sent, or did not get through. Where another event holds the claim meanwhile,
 * what that one sends counts. An end that came while the beginning was on its way is sent next: also where this was stored
 * already, and the answer lost.
 *
 * @param sending - what was sent
 * @param me - the event that has sent, and now
 */
export function afterSending(
  state: FaultState,
  { message }: Sending,
  result: 'sent' | 'notSent',
  me: Claim,
): Decision {
  if (state.state === 'quiet' || state.state === 'told' || state.claim?.by !== me.by) return { next: state };
  if (result === 'notSent') return { next: { ...state, claim: undefined } };
  if (message === 'end' && state.state === 'ending')
    return { next: { state: 'quiet', ends: state.ends, toldUntil: state.over } };
  if (isOver(state)) return claimEnd(state, me);
  return { next: { ...factsOf(state), state: 'told', toldAt: me.at } };
}

function claimBeginning(state: FaultState, report: FaultBegan, claim: Claim): ReportDecision {
  const { at, since } = report;
  const isQuiet = state.state === 'quiet';
  const isAnother = (isQuiet || isOver(state)) && at >= endOf(state.ends, report.reporter);
  const reports = withNewest(isQuiet || isAnother ? {} : state.reports, report);
  const began = since ?? at;
  const thread =
    state.state === 'quiet' || isAnother || isNewer(state, report) ? began : (state.thread ?? state.began);
  const ends = isAnother ? before(at, state.ends) : state.ends;
  return {
    next: { state: 'beginning', began, thread, reports, since, ends, claim },
    send: { message: 'beginning', began, thread },
    outcome: 'sent',
  };
}

function claimEnd(state: Fault, claim: Claim): Decision {
  const { alarm, others } = state.reports;
  const ends = [
    alarm === undefined ? [] : endOf(state.ends, 'alarm'),
    others === undefined ? [] : endOf(state.ends),
  ];
  const over = Math.max(...ends.flat());
  return {
    next: { ...factsOf(state), state: 'ending', over, claim },
    send: { message: 'end', began: state.began, thread: state.thread ?? state.began, over },
  };
}

const alreadySent = (next: FaultState): ReportDecision => ({ next, outcome: 'alreadySent' });

const reportedAgain = (state: Fault, report: FaultBegan): Fault => ({
  ...state,
  reports: withNewest(state.reports, report),
});

const factsOf = ({ began, thread, reports, since, ends }: Fault) => ({
  ...{ began, reports, since, ends },
  ...(thread === undefined ? {} : { thread }),
});

/** Whatever has reported it, its end came after that. */
const isOver = ({ ends, reports: { alarm = -Infinity, others = -Infinity } }: Fault): boolean =>
  endOf(ends, 'alarm') >= alarm && endOf(ends) >= others;

/** The reporter knows that it is another fault than the one that it reported before. */
const isNewer = ({ since }: Fault, report: FaultBegan): boolean =>
  since !== undefined && report.since !== undefined && since < report.since;

const isFree = ({ claim }: { readonly claim?: Claim | undefined }, me: Claim): boolean =>
  claim === undefined || claim.by === me.by || claim.at < me.at - CLAIM_HOLDS;

/** Without an end in the very moment in which another fault begins: it is not that one's. */
const before = (at: Instant, { alarm, others }: Newest): Newest => ({
  ...(alarm === undefined || alarm >= at ? {} : { alarm }),
  ...(others === undefined || others >= at ? {} : { others }),
});

/** The newest end of what this reporter reports. */
const endOf = ({ alarm = -Infinity, others = -Infinity }: Newest, reporter?: Reporter): Instant =>
  reporter === 'alarm' ? Math.max(alarm, others) : others;

function withNewest(newest: Newest, { reporter, at }: FaultReport): Newest {
  const whose = reporter === 'alarm' ? 'alarm' : 'others';
  return { ...newest, [whose]: Math.max(newest[whose] ?? -Infinity, at) };
}
