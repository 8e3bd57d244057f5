import { DAY, HOUR, MINUTE, SECOND } from '../../contract/instant';
import { FAIR } from '../support/in-memory-aws/weather';
import type { LeakOf } from './actors/responder';
import type { Fault } from './engine/faults';
import type { Step, StepKind } from './engine/scheduler';
import type { History, Move } from './history';
import { runHistory, type Outcome } from './run-history';
import type { Subject } from './subject';

/** Something that the product does from beginning to end, and how it is begun again after it failed. */
export interface Scenario {
  readonly name: string;
  readonly given: Omit<History, 'moves' | 'ends'>;
  readonly before: readonly Move[];
  readonly act: Move;
  /** Whoever called it calls again; empty where Secrets Manager does so by itself. */
  readonly again: readonly Move[];
}

const USUAL = {
  overlap: 24 * HOUR,
  gracePeriod: 7 * DAY,
  whenStillInUse: 'retire',
  takeOver: false,
  impostor: false,
  weather: FAIR,
} as const;

const rotation: Move = { move: 'start', actor: 'rotation', retries: 3, pause: 5 * SECOND, tidies: false };
const firstKey: Move = { move: 'start', actor: 'firstKey' };
const sweep: Move = { move: 'start', actor: 'sweep' };
const rollBack: Move = { move: 'start', actor: 'rollBack' };
const delivery: Move = { move: 'start', actor: 'delivery' };
const toTheEnd: Move = { move: 'run', who: 0, calls: 10_000 };
const leak = (of: LeakOf): Move => ({ move: 'start', actor: 'leak', of });
const emergency: Move = { move: 'start', actor: 'emergency', key: 0, giveWay: true };

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'first key',
    given: { ...USUAL, begins: 'new user' },
    before: [],
    act: firstKey,
    again: [firstKey],
  },
  { name: 'rotation', given: { ...USUAL, begins: 'first key' }, before: [], act: rotation, again: [] },
  {
    name: 'rotation with an overlap of 0',
    given: { ...USUAL, begins: 'first key', overlap: 0 },
    before: [],
    act: rotation,
    again: [],
  },
  {
    name: 'rotation that makes room for itself',
    given: { ...USUAL, begins: 'rotated once', overlap: 0, gracePeriod: 1 * MINUTE },
    before: [],
    act: rotation,
    again: [],
  },
  {
    name: 'deactivation by the sweep',
    given: { ...USUAL, begins: 'rotated once' },
    before: [{ move: 'wait', for: 25 * HOUR }],
    act: sweep,
    again: [sweep],
  },
  {
    name: 'deletion by the sweep',
    given: { ...USUAL, begins: 'rotated once', overlap: 0 },
    before: [{ move: 'wait', for: 8 * DAY }],
    act: sweep,
    again: [sweep],
  },
  {
    name: 'roll back',
    given: { ...USUAL, begins: 'rotated once', overlap: 0 },
    before: [],
    act: rollBack,
    again: [rollBack],
  },
  {
    name: 'emergency',
    given: { ...USUAL, begins: 'first key' },
    before: [],
    act: emergency,
    again: [sweep],
  },
  {
    name: 'leak of the current key',
    given: { ...USUAL, begins: 'first key' },
    before: [],
    act: leak('current'),
    again: [leak('current')],
  },
  {
    name: 'leak of the current key with both slots taken',
    given: { ...USUAL, begins: 'rotated once' },
    before: [],
    act: leak('current'),
    again: [sweep],
  },
  {
    name: 'leak of the current key beside a retired one',
    given: { ...USUAL, begins: 'rotated once' },
    before: [{ move: 'wait', for: 25 * HOUR }, sweep, toTheEnd],
    act: leak('current'),
    again: [sweep],
  },
  {
    name: 'leak of the previous key',
    given: { ...USUAL, begins: 'rotated once' },
    before: [],
    act: leak('other'),
    again: [sweep],
  },
  {
    name: 'leak of which AWS names only the user',
    given: { ...USUAL, begins: 'rotated once' },
    before: [],
    act: leak('user'),
    again: [sweep],
  },
  {
    name: 'delivery of the first key',
    given: { ...USUAL, begins: 'first key', delivers: true },
    before: [],
    act: delivery,
    again: [delivery],
  },
  {
    name: 'delivery after a rotation',
    given: { ...USUAL, begins: 'rotated once', delivers: true },
    before: [],
    act: delivery,
    again: [delivery],
  },
  {
    name: 'delivery after a rotation, and then a roll back',
    given: { ...USUAL, begins: 'first key', delivers: true },
    before: [delivery, toTheEnd, rotation, toTheEnd],
    act: delivery,
    again: [rollBack, delivery],
  },
  {
    name: 'rotation with an overlap of 0 of a key that targets hold',
    given: { ...USUAL, begins: 'first key', overlap: 0, delivers: true },
    before: [delivery, toTheEnd],
    act: rotation,
    again: [],
  },
  {
    name: 'deactivation by the sweep of a key that targets held',
    given: { ...USUAL, begins: 'rotated once', delivers: true },
    before: [delivery, toTheEnd, { move: 'wait', for: 25 * HOUR }],
    act: sweep,
    again: [sweep],
  },
  {
    name: 'restart of a service after a rotation',
    given: { ...USUAL, begins: 'rotated once', restarts: true },
    before: [],
    act: delivery,
    again: [delivery],
  },
  {
    name: 'restart of a service that reads a target',
    given: { ...USUAL, begins: 'rotated once', delivers: true, restarts: true },
    before: [],
    act: delivery,
    again: [delivery],
  },
  {
    name: 'deactivation by the sweep of a key that tasks had',
    given: { ...USUAL, begins: 'rotated once', restarts: true },
    before: [delivery, toTheEnd, { move: 'wait', for: 25 * HOUR }],
    act: sweep,
    again: [sweep],
  },
];

/**
 * For pairs. A process that dies before a call that only reads leaves the very world that it leaves when it dies
 * before the next act, so acts stand for all of them.
 */
const CRASHES: Readonly<Record<StepKind, readonly Fault[]>> = {
  read: [],
  act: ['crashBefore', 'crashAfter', 'crashThenPerformed'],
  sleep: ['crashBefore'],
};

const ALL_FAULTS: Readonly<Record<StepKind, readonly Fault[]>> = {
  read: ['crashBefore', 'unansweredUndone', 'denied', 'emptyUndone'],
  act: [
    'crashBefore',
    'crashAfter',
    'crashThenPerformed',
    'unansweredUndone',
    'unansweredDone',
    'unansweredThenPerformed',
    'throttled',
    'emptyUndone',
    'emptyDone',
  ],
  sleep: ['crashBefore'],
};

export interface Coverage {
  histories: number;
  /** Calls before, at or after which something was made to fail, in the undisturbed course of the scenario. */
  crashPoints: number;
  found: { readonly history: History; readonly outcome: Outcome } | undefined;
}

/** Fails every single call of a scenario in every way. */
export async function everyFault(scenario: Scenario, subject?: Subject): Promise<Coverage> {
  const coverage: Coverage = { histories: 0, crashPoints: 0, found: undefined };
  const undisturbed = await run(coverage, historyOf(scenario, []), subject);
  coverage.crashPoints = undisturbed.made.length;
  for (const first of faultsOf(undisturbed.made, 0, ALL_FAULTS)) {
    if (coverage.found !== undefined) break;
    await run(coverage, historyOf(scenario, [first, ...scenario.again]), subject);
  }
  return coverage;
}

/** Fails every call of a scenario, and then every call of what repairs it. */
export async function everyPair(
  scenario: Scenario,
  options: { readonly faults?: 'crashes' | 'all'; readonly subject?: Subject } = {},
): Promise<Coverage> {
  const faults = options.faults === 'all' ? ALL_FAULTS : CRASHES;
  const coverage: Coverage = { histories: 0, crashPoints: 0, found: undefined };
  const undisturbed = await run(coverage, historyOf(scenario, []), options.subject);
  coverage.crashPoints = undisturbed.made.length;
  for (const first of faultsOf(undisturbed.made, 0, faults)) {
    const disturbed = await run(coverage, historyOf(scenario, [first, ...scenario.again]), options.subject);
    for (const second of faultsOf(disturbed.made, first.calls + 1, faults)) {
      if (coverage.found !== undefined) return coverage;
      const moves = [first, ...scenario.again, second, ...scenario.again];
      await run(coverage, historyOf(scenario, moves), options.subject);
    }
  }
  return coverage;
}

export function historyOf(scenario: Scenario, moves: readonly Move[]): History {
  return {
    ...scenario.given,
    moves: [...scenario.before, scenario.act, ...moves],
    ends: 'everyone finishes',
  };
}

type Disturbance = Extract<Move, { move: 'run' }>;

/** In a loop that waits (for the lease, for a key to work), the first and the last turn stand for all of them. */
function faultsOf(
  made: readonly Step[],
  from: number,
  faults: Readonly<Record<StepKind, readonly Fault[]>>,
): Disturbance[] {
  return made.slice(from).flatMap(({ kind }, calls) => {
    if (isWithinLoop(made, from + calls)) return [];
    return faults[kind].map((then): Disturbance => ({ move: 'run', who: 0, calls, then }));
  });
}

export const isWithinLoop = (made: readonly Step[], index: number): boolean =>
  made[index]?.what === made[index - 2]?.what && made[index]?.what === made[index + 2]?.what;

async function run(coverage: Coverage, history: History, subject: Subject | undefined): Promise<Outcome> {
  const outcome = await runHistory(history, { subject });
  coverage.histories += 1;
  if (outcome.violations.length > 0 && coverage.found === undefined) {
    coverage.found = { history, outcome: await runHistory(history, { subject, transcript: true }) };
  }
  return outcome;
}
