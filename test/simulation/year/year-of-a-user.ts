import { DAY, HOUR, MINUTE, SECOND, type Milliseconds } from '../../../contract/instant';
import { draw, FAIR, WORST, type Weather } from '../../support/in-memory-aws/weather';
import type { PersonAct } from '../actors/person';
import type { LeakOf } from '../actors/responder';
import { FAULTS } from '../engine/faults';
import type { ActorSpec, History, Move } from '../history';

export const YEAR: Milliseconds = 365 * DAY;

/** As the configuration has it where nothing else is said: every second month. */
const ROTATED_EVERY: Milliseconds = 60 * DAY;

/** Of an hourly run most find nothing to do; four a day keep the year short enough to be run. */
const SWEPT_EVERY: Milliseconds = 6 * HOUR;

/** How often something that starts meets a fault: far more often than at AWS. */
const CHANCE_OF_FAULT = { rotation: 0.3, sweep: 0.02, delivery: 0.05, leak: 0.3 } as const;

/** Of the users. */
const SHARE = { withPeople: 0.5, delivers: 0.4, outside: 0.15, restarts: 0.15, copies: 0.2, confirms: 0.2 };

/** A year. */
const TIMES = { people: 4, leaks: 1.5, duplicates: 4 } as const;

/** What a person does by hand, and what undoes it some hours or days later. */
const MISHAPS: readonly (readonly [does: PersonAct | ActorSpec, undone: readonly PersonAct[]])[] = [
  [{ act: 'deactivateKey', key: 1 }, [{ act: 'activateKey', key: 1 }]],
  [{ act: 'activateKey', key: 0 }, [{ act: 'deactivateKey', key: 0 }]],
  [{ act: 'createKey' }, [{ act: 'deleteOwnKey' }]],
  [{ act: 'moveCurrentBack' }, [{ act: 'moveCurrentBack' }]],
  [{ act: 'storeCopy', of: 'AWSCURRENT', as: 'AWSCURRENT' }, []],
  [{ act: 'removePending' }, []],
  [{ act: 'deleteSecret' }, [{ act: 'restoreSecret' }]],
  [{ act: 'cancelRotation' }, [{ act: 'attachRotation' }]],
  [{ act: 'breakTarget', target: 0, how: 'accessDenied' }, [{ act: 'mendTargets' }]],
  [{ act: 'breakTarget', target: 1, how: 'notFound' }, [{ act: 'mendTargets' }]],
  [{ act: 'loseDeliveries' }, []],
  [{ act: 'breakCopy', status: 'Failed' }, [{ act: 'mendCopy' }]],
  [{ actor: 'rollBack' }, []],
  [{ actor: 'emergency', key: 1, giveWay: false }, []],
];

const LEAKS: readonly LeakOf[] = ['current', 'current', 'other', 'user', 'foreign'];

const toTheEnd: Move = { move: 'run', who: 0, calls: 10_000 };

/** Something that happens in the year, and when. */
interface Event {
  readonly at: Milliseconds;
  readonly moves: readonly Move[];
}

/**
 * One user's year: rotations by schedule, sweeps and deliveries, faults of AWS and of processes, what people do by hand and
 * undo, and leaks. The same seed always makes the same year.
 *
 * @param seed a whole number; users of a year have one each
 */
export function yearOf(seed: number): History {
  const chance = (...at: readonly number[]): number => draw(seed, 11, ...at);
  const among = <Thing>(things: readonly Thing[], ...at: readonly number[]): Thing =>
    things[Math.floor(chance(...at) * things.length)]!;
  const whole = (most: number, ...at: readonly number[]): number => Math.floor(chance(...at) * most);
  const hasPeople = chance(1) < SHARE.withPeople;
  const confirms = hasPeople && chance(2) < SHARE.confirms;
  const delivers = chance(3) < SHARE.delivers;
  const restarts = chance(4) < SHARE.restarts;
  const outside = chance(30) < SHARE.outside;

  /** Lets it run, meets a fault or not, and lets everybody come to an end. */
  const played = (
    spec: ActorSpec,
    kind: keyof typeof CHANCE_OF_FAULT,
    ...at: readonly number[]
  ): readonly Move[] => [
    { move: 'start', ...spec },
    ...(chance(...at, 1) < CHANCE_OF_FAULT[kind]
      ? [{ move: 'run', who: 0, calls: whole(40, ...at, 2), then: among(FAULTS, ...at, 3) } as const]
      : []),
    toTheEnd,
  ];
  const times = (mean: number, kind: number): number => whole(2 * mean + 1, kind);

  const events: Event[] = [{ at: 0, moves: played({ actor: 'firstKey' }, 'rotation', 5) }];
  for (let at = 1 * HOUR, day = 0; at < YEAR; at += 1 * DAY, day += 1) {
    const retries = 2 + whole(3, 6, day);
    const rotation = {
      actor: 'rotation',
      retries,
      pause: among([30 * SECOND, 5 * MINUTE, 1 * HOUR], 7, day),
      tidies: chance(8, day) < 0.5,
      onceOlderThan: ROTATED_EVERY,
    } as const;
    events.push({ at, moves: played(rotation, 'rotation', 9, day) });
    if (delivers || restarts || outside) {
      events.push({ at: at + 1 * MINUTE, moves: played({ actor: 'delivery' }, 'delivery', 10, day) });
      events.push({ at: at + 1 * HOUR, moves: played({ actor: 'delivery' }, 'delivery', 12, day) });
    }
    if (confirms) events.push({ at: at + 16 * HOUR, moves: [person({ act: 'acknowledge', key: 1 })] });
  }
  for (let at = 2 * HOUR, run = 0; at < YEAR; at += SWEPT_EVERY, run += 1)
    events.push({ at, moves: played({ actor: 'sweep' }, 'sweep', 13, run) });
  for (let index = 0; index < (hasPeople ? times(TIMES.people, 14) : 0); index += 1) {
    const at = whole(YEAR, 15, index);
    const [does, undone] = among(MISHAPS, 16, index);
    events.push({ at, moves: 'act' in does ? [person(does)] : played(does, 'rotation', 17, index) });
    events.push({ at: at + HOUR + whole(3 * DAY, 18, index), moves: undone.map(person) });
  }
  for (let index = 0; index < times(TIMES.leaks, 19); index += 1) {
    const at = whole(YEAR, 20, index);
    const leak = { actor: 'leak', of: among(LEAKS, 21, index) } as const;
    // Health and the quarantine tell of the same leak.
    for (const later of [0, whole(10 * MINUTE, 22, index)])
      events.push({ at: at + later, moves: played(leak, 'leak', 23, index, later) });
  }
  for (let index = 0; index < times(TIMES.duplicates, 24); index += 1) {
    const step = among(['createSecret', 'testSecret', 'finishSecret'] as const, 25, index);
    const of = among(['AWSPENDING', 'AWSCURRENT', 'AWSPREVIOUS'] as const, 26, index);
    events.push({
      at: whole(YEAR, 27, index),
      moves: [{ move: 'start', actor: 'duplicate', step, of }, toTheEnd],
    });
  }

  return {
    begins: 'new user',
    overlap: among([24 * HOUR, 24 * HOUR, 0, 7 * DAY], 28),
    gracePeriod: among([7 * DAY, 1 * DAY], 29),
    whenStillInUse: 'retire',
    takeOver: false,
    impostor: false,
    delivers,
    restarts,
    outside,
    copies: chance(31) < SHARE.copies,
    ...(confirms ? { acknowledgedBy: 'command' as const } : {}),
    weather: weatherOf(seed, among),
    moves: events
      .toSorted((one, other) => one.at - other.at)
      .flatMap(({ at, moves }) => [{ move: 'until', at } as const, ...moves]),
    ends: 'everyone finishes',
  };
}

const person = (does: PersonAct): Move => ({ move: 'person', does });

function weatherOf(
  seed: number,
  among: <Thing>(things: readonly Thing[], ...at: readonly number[]) => Thing,
): Weather {
  return {
    ...FAIR,
    seed,
    listing: among([FAIR.listing, 5 * SECOND, WORST.listing], 32),
    secret: among([0, 1 * SECOND, WORST.secret], 33),
    newKey: among([FAIR.newKey, WORST.newKey], 34),
    skew: among([0, WORST.skew], 35),
  };
}

/** Whether nobody touches the user's keys but the product, so that nothing excuses a key that is too old. */
export const isLeftAlone = ({ moves }: History): boolean =>
  !moves.some(
    (move) =>
      move.move === 'person' ||
      (move.move === 'start' && (move.actor === 'rollBack' || move.actor === 'emergency')),
  );
