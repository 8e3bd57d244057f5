import type { Step } from './engine/scheduler';
import { runHistory, type Outcome } from './run-history';
import { historyOf, isWithinLoop, type Coverage, type Scenario } from './exhaustive';
import type { Fault } from './engine/faults';
import type { Move } from './history';
import type { Subject } from './subject';

/** Whoever else may come to the same user at any moment. */
export const RIVALS: Readonly<Record<string, Move>> = {
  'first key': { move: 'start', actor: 'firstKey' },
  rotation: { move: 'start', actor: 'rotation', retries: 0, pause: 5_000, tidies: false },
  'createSecret once more': { move: 'start', actor: 'duplicate', step: 'createSecret', of: 'AWSPENDING' },
  'finishSecret once more': { move: 'start', actor: 'duplicate', step: 'finishSecret', of: 'AWSPENDING' },
  sweep: { move: 'start', actor: 'sweep' },
  delivery: { move: 'start', actor: 'delivery' },
  'roll back': { move: 'start', actor: 'rollBack' },
  leak: { move: 'start', actor: 'leak', of: 'current' },
  emergency: { move: 'start', actor: 'emergency', key: 0, giveWay: false },
};

/**
 * What becomes of the first when the rival comes: it is only slow, or it is dead, or hears nothing, and its call is
 * performed while the rival is at work.
 */
const STOPS: readonly (Fault | undefined)[] = [undefined, 'crashThenPerformed', 'unansweredThenPerformed'];

const TO_THE_END = 10_000;

/**
 * Two processes, each at every place: the first stops before one of its acts or in a sleep, a rival starts, stops
 * before one of its own, the first goes on to its end, and then the rival. With every way for the first to stop.
 */
export async function everyRace(scenario: Scenario, rival: Move, subject?: Subject): Promise<Coverage> {
  const coverage: Coverage = { histories: 0, crashPoints: 0, found: undefined };
  const run = async (moves: readonly Move[]): Promise<Outcome> => {
    const history = historyOf(scenario, moves);
    const outcome = await runHistory(history, { subject });
    coverage.histories += 1;
    if (outcome.violations.length > 0) {
      coverage.found ??= { history, outcome: await runHistory(history, { subject, transcript: true }) };
    }
    return outcome;
  };
  const { made } = await run([]);
  for (const first of placesIn(made)) {
    for (const then of STOPS) {
      const stopped: readonly Move[] = [
        then === undefined
          ? { move: 'run', who: 0, calls: first }
          : { move: 'run', who: 0, calls: first, then },
        rival,
      ];
      const whole = await run([...stopped, { move: 'run', who: 1, calls: TO_THE_END }]);
      for (const second of placesIn(whole.made.slice(first))) {
        if (coverage.found !== undefined) return coverage;
        await run([
          ...stopped,
          { move: 'run', who: 1, calls: second },
          { move: 'run', who: 0, calls: TO_THE_END },
        ]);
      }
    }
  }
  return coverage;
}

/** What only reads can change places with what others do before it, up to the next act. */
const placesIn = (made: readonly Step[]): number[] =>
  made.flatMap(({ kind }, place) => (kind === 'read' || isWithinLoop(made, place) ? [] : [place]));
