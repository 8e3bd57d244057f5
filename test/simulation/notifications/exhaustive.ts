import * as fc from 'fast-check';

import { MINUTE } from '../../../contract/instant';
import { FAULTS_OF_AWS } from '../engine/faults';
import type { Happening, History, Move, NotificationFault } from './history';
import { runHistory, type Outcome } from './run-history';

const began = (reporter: Happening['reporter'], minute: number): Happening => ({
  reporter,
  phase: 'began',
  minute,
});
const ended = (reporter: Happening['reporter'], minute: number): Happening => ({
  reporter,
  phase: 'ended',
  minute,
});

/** What can happen to one fault, each in every order of delivery. */
const STORIES: Readonly<Record<string, readonly Happening[]>> = {
  'a fault and its end': [began('product', 10), ended('product', 20)],
  'an alarm and its end': [began('alarm', 10), ended('alarm', 20)],
  'two reports of a fault, and its end': [
    began('product', 10),
    began('secretsManager', 12),
    ended('secretsManager', 20),
  ],
  'an alarm that is quiet while the fault is there': [
    began('product', 10),
    began('alarm', 12),
    ended('alarm', 20),
  ],
  'an alarm that is quiet before the fault ends': [
    began('alarm', 10),
    ended('alarm', 20),
    began('product', 15),
  ],
  'a fault that begins anew': [began('product', 10), ended('product', 20), began('product', 30)],
};

export interface Found {
  readonly history: History;
  readonly outcome: Outcome;
}

export interface Coverage {
  histories: number;
  found: Found | undefined;
}

async function run(coverage: Coverage, history: Omit<History, 'seed'>): Promise<Outcome> {
  const whole = { ...history, seed: coverage.histories };
  const outcome = await runHistory(whole);
  coverage.histories += 1;
  if (outcome.broken.length > 0) {
    coverage.found ??= { history: whole, outcome: await runHistory(whole, true) };
  }
  return outcome;
}

/** Longer than any delivery. */
const TO_THE_END = 60;

/** Load, claim, send, load, mark. */
const MOST_CALLS = 5;

/** Every order of delivery, and in each every fault of every call. */
export async function everyFault(events: readonly Happening[]): Promise<Coverage> {
  const coverage: Coverage = { histories: 0, found: undefined };
  for (const order of ordersOf([...events.keys()])) {
    for (const [place, event] of order.entries()) {
      for (let calls = 0; calls < MOST_CALLS; calls += 1) {
        for (const then of [...FAULTS_OF_AWS.slice(0, 6), 'repeated'] as const) {
          const moves: Move[] = [
            ...order.slice(0, place).flatMap(wholly),
            { move: 'deliver', event },
            { move: 'run', who: 0, calls, then },
            ...othersOf(order.slice(place + 1)),
          ];
          await run(coverage, { events, moves });
          if (coverage.found !== undefined) return coverage;
        }
      }
    }
  }
  return coverage;
}

/** With the first of those under way still there: it waits, and whoever comes after it is number 1. */
const othersOf = (order: readonly number[]): Move[] =>
  order.flatMap((event): Move[] => [
    { move: 'deliver', event },
    { move: 'run', who: 1, calls: TO_THE_END },
  ]);

/**
 * Every two deliveries, also of one event, each standing still before every call while the other goes on, which may have
 * to repeat one of its next two calls.
 */
export async function everyRace(events: readonly Happening[]): Promise<Coverage> {
  const coverage: Coverage = { histories: 0, found: undefined };
  const stops: readonly (NotificationFault | undefined)[] = [
    undefined,
    'crashThenPerformed',
    'unansweredThenPerformed',
  ];
  for (const order of swappedOnce([...events.keys()])) {
    for (const [place, event] of order.entries()) {
      const before = order.slice(0, place).flatMap(wholly);
      for (const second of order.slice(place, place + 2)) {
        for (const then of second === event ? [undefined] : stops) {
          for (let first = 1; first <= MOST_CALLS; first += 1) {
            for (let calls = 1; calls <= MOST_CALLS; calls += 1) {
              for (const repeated of then === undefined ? [undefined, 0, 1] : [undefined]) {
                const moves: Move[] = [
                  ...before,
                  { move: 'deliver', event },
                  { move: 'run', who: 0, calls: first, then },
                  { move: 'deliver', event: second },
                  { move: 'run', who: 1, calls },
                  ...(repeated === undefined
                    ? []
                    : [{ move: 'run', who: 0, calls: repeated, then: 'repeated' } as const]),
                  { move: 'run', who: 0, calls: TO_THE_END },
                ];
                await run(coverage, { events, moves });
                if (coverage.found !== undefined) return coverage;
              }
            }
          }
        }
      }
    }
  }
  return coverage;
}

const wholly = (event: number): Move[] => [
  { move: 'deliver', event },
  { move: 'run', who: 0, calls: TO_THE_END },
];

/** As it happened, and with two neighbours in each other's place. */
const swappedOnce = (items: readonly number[]): (readonly number[])[] => [
  items,
  ...items.slice(1).map((item, index) => items.with(index, item).with(index + 1, items[index]!)),
];

function ordersOf(items: readonly number[]): number[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item) =>
    ordersOf(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

const happenings: fc.Arbitrary<Happening[]> = fc.uniqueArray(
  fc.record({
    reporter: fc.constantFrom('product' as const, 'secretsManager' as const, 'alarm' as const),
    phase: fc.constantFrom('began' as const, 'ended' as const),
    minute: fc.integer({ min: 1, max: 500 }),
  }),
  { minLength: 1, maxLength: 5, selector: ({ minute }) => minute },
);

const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.oneof(
    { arbitrary: fc.record({ move: fc.constant('deliver' as const), event: fc.nat(4) }), weight: 3 },
    {
      arbitrary: fc.record(
        {
          move: fc.constant('run' as const),
          who: fc.nat(2),
          calls: fc.nat(7),
          then: fc.constantFrom(...FAULTS_OF_AWS, 'repeated' as const),
        },
        { requiredKeys: ['move', 'who', 'calls'] },
      ),
      weight: 6,
    },
    {
      arbitrary: fc.constantFrom(MINUTE, 11 * MINUTE).map((time) => ({ move: 'wait' as const, for: time })),
      weight: 1,
    },
  ),
  { maxLength: 16, size: 'max' },
);

class PromiseBrokenError extends Error {}

/** Random histories until one breaks a promise, made as small as it can be. */
export async function hunt(runs: number, seed: number): Promise<Coverage> {
  const histories = fc.record({ events: happenings, moves, seed: fc.nat(0xffff) });
  const property = fc.asyncProperty(histories, async (history) => {
    const { broken } = await runHistory(history);
    if (broken.length > 0) throw new PromiseBrokenError(broken.join(', '));
  });
  const details = await fc.check(property, { numRuns: runs, seed });
  const [history] = details.counterexample ?? [];
  return {
    histories: details.numRuns,
    found: history === undefined ? undefined : { history, outcome: await runHistory(history, true) },
  };
}

/** Every check of the rules of notification, what is quick first. */
export const NOTIFICATION_CHECKS: Readonly<Record<string, () => Promise<Coverage>>> = {
  ...Object.fromEntries(
    Object.entries(STORIES).flatMap(([name, events]) => [
      [`${name}, with every fault`, () => everyFault(events)],
      [`${name}, with every race`, () => everyRace(events)],
    ]),
  ),
  'random reports of one fault': () => hunt(1_000, 1),
};
