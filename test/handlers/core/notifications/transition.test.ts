import { MINUTE } from '../../../../contract/instant';
import type { FaultReport, Reporter } from '../../../../handlers/core/notifications/fault-report';
import { QUIET, type FaultState } from '../../../../handlers/core/notifications/fault-state';
import {
  afterSending,
  CLAIM_HOLDS,
  type Sending,
  TOLD_AGAIN_AFTER,
  transition,
} from '../../../../handlers/core/notifications/transition';
import { NOON } from '../../support/fixtures';

const at = (minute: number): number => NOON + minute * MINUTE;
const NOW = at(60);
const ME = { by: 'me', at: NOW };
const MINE = { by: 'me', at: at(59) };
const ANOTHERS = { by: 'another', at: at(59) };
const EXPIRED = { by: 'another', at: NOW - CLAIM_HOLDS - 1 };

/** Others than an alarm reported it at minute 10. */
const FAULT = { began: at(10), reports: { others: at(10) }, ends: {} } as const;
const OF_ALARM = { ...FAULT, reports: { alarm: at(10) }, since: at(10) } as const;
const ENDED = { ...FAULT, ends: { others: at(20) } } as const;

const quietSince20 = (toldUntil?: number): FaultState => ({
  state: 'quiet',
  ends: { others: at(20) },
  toldUntil,
});
const beginning = (claim?: typeof ME, facts: object = FAULT) =>
  ({ state: 'beginning', ...FAULT, ...facts, claim }) as FaultState;
const told = (facts: object = FAULT, toldAt = at(11)) =>
  ({ state: 'told', ...FAULT, ...facts, toldAt }) as FaultState;
const BEGINNING = { message: 'beginning', began: at(10), thread: at(10) } as const;
const END = { message: 'end', began: at(10), thread: at(10), over: at(20) } as const;
const ending = (claim?: typeof ME) => ({ state: 'ending', ...ENDED, over: at(20), claim }) as FaultState;

/** Another event sends the end of minute 20, and has heard of one of minute 25 since. */
const endingAndEnded25 = { ...ending(ANOTHERS), ends: { others: at(25) } } as FaultState;

const report = (phase: 'began' | 'ended', minute: number, reporter: Reporter = 'product'): FaultReport => ({
  ...{ phase, kind: 'rotationFailed', user: 'mailer', reporter, at: at(minute), what: 'x' },
  ...(reporter === 'alarm' && phase === 'began' ? { since: at(minute) } : {}),
});
const began = (minute: number, reporter?: Reporter) => report('began', minute, reporter);
const ended = (minute: number, reporter?: Reporter) => report('ended', minute, reporter);

type Case = readonly [state: FaultState, report: FaultReport];

/** By what follows: the next state, whose the claim is, and the message (`end since 10 at 20`) or why there is none. */
const CASES: Readonly<Record<string, Readonly<Record<string, Case>>>> = {
  'beginning by me, beginning since 10': {
    'the first report of a fault is sent': [QUIET, began(10)],
    'a late report of a fault whose end came before it is sent': [quietSince20(), began(10)],
    'an event that failed sends its beginning again': [beginning(MINE), began(10)],
  },
  'quiet, nothingToEnd': {
    'the end of a fault that nobody reported is noted': [QUIET, ended(20)],
    'a second end of a fault that is over is not sent': [quietSince20(at(20)), ended(21)],
  },
  'beginning by me, beginning since 30': {
    'a fault that began after the end of another is sent': [quietSince20(at(20)), began(30)],
    'an alarm that rings anew is sent while its first beginning is on its way': [
      beginning(ANOTHERS, OF_ALARM),
      began(30, 'alarm'),
    ],
    'a fault that began after a noted end is sent': [beginning(ANOTHERS, ENDED), began(30)],
    'an alarm that rings anew is sent again, since its end is lost': [told(OF_ALARM), began(30, 'alarm')],
    'a fault that begins while an end is on its way is sent': [ending(ANOTHERS), began(30)],
  },
  'beginning by me, beginning since 20': {
    'a fault that began in the moment of that end is sent': [quietSince20(at(20)), began(20)],
    'a fault that began in the moment of an end that is on its way, and is over already, is sent': [
      endingAndEnded25,
      began(20),
    ],
  },
  'beginning by me, beginning since 22': {
    'a fault that began and ended while the end before it is on its way is sent': [
      endingAndEnded25,
      began(22),
    ],
  },
  'quiet, alreadySent': {
    'a late report of a fault whose end was sent is not sent': [quietSince20(at(20)), began(15)],
    'a report of an alarm that is older than an end of others is late': [
      quietSince20(at(20)),
      began(15, 'alarm'),
    ],
  },
  'beginning by me, beginning since 15': {
    'what others report is not over by an alarm that is quiet': [
      { state: 'quiet', ends: { alarm: at(20) }, toldUntil: at(20) },
      began(15),
    ],
  },
  'beginning by another, alreadySent': {
    'a report of a fault that another event is sending is not sent': [beginning(ANOTHERS), began(12)],
    'a report that is older than the noted end is not sent': [beginning(ANOTHERS, ENDED), began(15)],
  },
  'beginning by me, beginning since 12': {
    'a report is sent if the claim of another event has expired': [beginning(EXPIRED), began(12)],
    'a report is sent if the claim was given back': [beginning(), began(12)],
  },
  'beginning by another, sentWithBeginning': {
    'an end is noted while its beginning is on its way': [beginning(ANOTHERS), ended(20)],
    'an alarm that is quiet ends what an alarm began': [beginning(ANOTHERS, OF_ALARM), ended(20, 'alarm')],
  },
  'beginning by nobody, sentWithBeginning': {
    'an end is noted also if the claim was given back': [beginning(), ended(20)],
  },
  'beginning by another, nothingToEnd': {
    'an end before the beginning is none of it': [beginning(ANOTHERS), ended(5)],
    'an alarm that is quiet does not end what others report': [beginning(ANOTHERS), ended(20, 'alarm')],
  },
  'told, alreadySent': {
    'a fault that people know is not sent again': [told(), began(30)],
    'a fault that people know is not sent again before that': [
      told(FAULT, NOW - TOLD_AGAIN_AFTER),
      began(59),
    ],
    'the same alarm is not sent again': [told(OF_ALARM), began(10, 'alarm')],
  },
  'beginning by me, beginning since 59': {
    'a fault that people know is sent again after a week': [
      told(FAULT, NOW - TOLD_AGAIN_AFTER - 1),
      began(59),
    ],
  },
  'ending by me, end since 10 at 20': {
    'the end of a fault that people know is sent': [told(), ended(20)],
    'an alarm that is quiet is the end of what an alarm reported': [told(OF_ALARM), ended(20, 'alarm')],
    'a success is the end of what an alarm reported': [told(OF_ALARM), ended(20)],
    'a late report sends the end that nobody sends': [ending(), began(15)],
    'an event that failed sends its end again': [ending(MINE), ended(20)],
  },
  'told, nothingToEnd': {
    'an end that is older than the newest report is not sent': [told(), ended(5)],
    'an alarm that is quiet is not the end of what others reported': [told(), ended(20, 'alarm')],
    'an alarm that is quiet is no end of what others reported besides': [
      told({ ...OF_ALARM, reports: { alarm: at(10), others: at(12) } }),
      ended(20, 'alarm'),
    ],
  },
  'ending by another, alreadySent': {
    'a late report while the end is on its way is not sent': [ending(ANOTHERS), began(15)],
    'a late report is not sent either where a later end came meanwhile': [endingAndEnded25, began(19)],
    'an end that another event is sending is not sent': [ending(ANOTHERS), ended(21)],
  },
  'ending by me, end since 10 at 21': {
    'an end is sent if the claim of another event has expired': [ending(EXPIRED), ended(21)],
    'an end is sent if the claim was given back': [ending(), ended(21)],
  },
};

const ROWS = Object.entries(CASES).flatMap(([follows, cases]) =>
  Object.entries(cases).map(([title, [state, reported]]) => ({ title, state, reported, follows })),
);

describe('what becomes of a fault', () => {
  it.each(ROWS)('$title', ({ state, reported, follows }) => {
    const decision = transition(state, reported, ME);
    const sends = decision.send === undefined ? decision.outcome : messageOf(decision);
    expect(`${named(decision.next)}, ${sends}`).toBe(follows);
  });

  it('a fault has a case for every pair of state and report', () => {
    const pairs = new Set(ROWS.map(({ state, reported }) => `${state.state} ${reported.phase}`));
    expect(pairs.size).toBe(4 * 2);
  });

  it('a fault keeps the newest report, so that an older end does not end it', () => {
    const { next } = transition(told(), began(30), ME);
    expect(transition(next, ended(20), ME)).toMatchObject({
      next: { state: 'told' },
      outcome: 'nothingToEnd',
    });
  });

  it.each<[string, FaultState, FaultReport, number]>([
    ['a reminder', told({ ...FAULT, thread: at(1) }, NOW - TOLD_AGAIN_AFTER - 1), began(59), 1],
    ['a reminder of what an older version told', told(FAULT, NOW - TOLD_AGAIN_AFTER - 1), began(59), 10],
    ['the same beginning again', beginning(MINE, { ...FAULT, thread: at(1) }), began(10), 1],
    ['an end', told({ ...FAULT, thread: at(1) }), ended(20), 1],
    ['an end of what an older version told', told(), ended(20), 10],
    ['the first message', QUIET, began(30), 30],
    ['the next fault after a noted end', beginning(ANOTHERS, { ...ENDED, thread: at(1) }), began(30), 30],
    ['an alarm that rings anew', told({ ...OF_ALARM, thread: at(1) }), began(30, 'alarm'), 30],
  ])('a fault is one thread: %s', (_what, state, reported, thread) => {
    const { next, send } = transition(state, reported, ME);
    expect(send?.thread).toBe(at(thread));
    // So is the end that is noted meanwhile.
    const sent = send?.message === 'beginning' ? afterSending(next, send, 'sent', ME).next : next;
    const over = transition(sent, ended(60), { ...ME, at: NOW + 1 });
    expect(over.send?.thread ?? at(thread)).toBe(at(thread));
  });

  it('a fault is told with its end where that was noted before', () => {
    const { next } = transition(quietSince20(), began(10), ME);
    const sent = afterSending(next, BEGINNING, 'sent', ME);
    expect([named(sent.next), messageOf(sent)]).toEqual(['ending by me', 'end since 10 at 20']);
    expect(afterSending(sent.next, END, 'sent', ME).next).toMatchObject({
      state: 'quiet',
      toldUntil: at(20),
    });
  });
});

/** By what follows: what was on its way in which state, and the message if it is not that of the state. */
const SENT: Readonly<
  Record<string, Readonly<Record<string, readonly [FaultState, 'sent' | 'notSent', Sending?]>>>
> = {
  'told, nothing': {
    'a beginning that was sent is told': [beginning(MINE), 'sent'],
    'what is told stays so if it was sent': [told(), 'sent'],
    'what is told stays so if a message did not get through': [told(), 'notSent'],
  },
  'ending by me, end since 10 at 20': {
    'a beginning that was sent is followed by the end that was noted': [beginning(MINE, ENDED), 'sent'],
    'a beginning that was sent is followed by its end, although that was stored and the answer lost': [
      ending(MINE),
      'sent',
      BEGINNING,
    ],
  },
  'beginning by nobody, nothing': {
    'a beginning that did not get through is given back': [beginning(MINE), 'notSent'],
  },
  'beginning by another, nothing': {
    'a beginning that another event has claimed meanwhile is that one’s': [beginning(ANOTHERS), 'sent'],
    'a beginning that another event has claimed is not given back': [beginning(ANOTHERS), 'notSent'],
  },
  'quiet, nothing': {
    'an end that was sent leaves nothing to tell': [ending(MINE), 'sent'],
    'what is quiet stays so if it was sent': [QUIET, 'sent'],
    'what is quiet stays so if a message did not get through': [QUIET, 'notSent'],
  },
  'ending by nobody, nothing': {
    'an end that did not get through is given back': [ending(MINE), 'notSent'],
  },
  'ending by another, nothing': {
    'an end that another event has claimed is that one’s': [ending(ANOTHERS), 'sent'],
  },
};

const SENT_ROWS = Object.entries(SENT).flatMap(([follows, cases]) =>
  Object.entries(cases).map(([title, [state, result, sending]]) => ({
    ...{ title, state, result, follows },
    sending: sending ?? (state.state === 'ending' ? END : BEGINNING),
  })),
);

describe('what becomes of a fault after its message', () => {
  it.each(SENT_ROWS)('$title', ({ state, sending, result, follows }) => {
    const decision = afterSending(state, sending, result, ME);
    expect(`${named(decision.next)}, ${messageOf(decision) ?? 'nothing'}`).toBe(follows);
  });

  it('a fault has a case for every pair of state and result', () => {
    expect(new Set(SENT_ROWS.map(({ state, result }) => `${state.state} ${result}`)).size).toBe(4 * 2);
  });
});

function named(state: FaultState): string {
  return 'toldAt' in state || state.state === 'quiet'
    ? state.state
    : `${state.state} by ${state.claim?.by ?? 'nobody'}`;
}

function messageOf({ send }: ReturnType<typeof afterSending>): string | undefined {
  if (send === undefined) return undefined;
  const minutes = (moment: number): number => (moment - NOON) / MINUTE;
  const since = `${send.message} since ${minutes(send.began)}`;
  return send.message === 'end' ? `${since} at ${minutes(send.over)}` : since;
}
