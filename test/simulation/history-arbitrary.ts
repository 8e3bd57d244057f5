import * as fc from 'fast-check';

import { DAY, HOUR, MINUTE, SECOND } from '../../contract/instant';
import { ROTATION_STEPS } from '../../contract/function-events';
import { WORST, type Weather } from '../support/in-memory-aws/weather';
import type { PersonAct } from './actors/person';
import { LEAKS_OF } from './actors/responder';
import { FAULTS } from './engine/faults';
import { BEGINNINGS, type ActorSpec, type History, type Move } from './history';

/*
 * Simple things come first everywhere, because fast-check shrinks towards them: a broken rule is then shown by few
 * moves, calm weather and the plainest faults.
 */

const weather: fc.Arbitrary<Weather> = fc.record(
  {
    seed: fc.nat(0xffff),
    listing: fc.constantFrom(0, 5 * SECOND, WORST.listing),
    secret: fc.constantFrom(0, 0, 1 * SECOND, WORST.secret),
    newKey: fc.constantFrom(0, 8 * SECOND, WORST.newKey),
    lastUsed: fc.constantFrom(0, WORST.lastUsed),
    call: fc.constantFrom(100, 100, 2 * SECOND, WORST.call),
    skew: fc.constantFrom(0, WORST.skew),
    value: fc.constantFrom(0, 8 * SECOND, WORST.value),
  },
  { requiredKeys: ['seed', 'listing', 'secret', 'newKey', 'lastUsed', 'call', 'skew'] },
);

const rotation: fc.Arbitrary<ActorSpec> = fc.record({
  actor: fc.constant('rotation' as const),
  retries: fc.nat(3),
  pause: fc.constantFrom(1 * SECOND, 30 * SECOND, 5 * MINUTE, 3 * HOUR),
  tidies: fc.boolean(),
});

const leak: fc.Arbitrary<ActorSpec> = fc.record({
  actor: fc.constant('leak' as const),
  of: fc.constantFrom(...LEAKS_OF),
});

const actor = ({ people, leaks = false }: Kinds): fc.Arbitrary<ActorSpec> =>
  fc.oneof(
    { arbitrary: rotation, weight: 6 },
    { arbitrary: fc.constant<ActorSpec>({ actor: 'firstKey' }), weight: 3 },
    { arbitrary: fc.constant<ActorSpec>({ actor: 'sweep' }), weight: 2 },
    { arbitrary: fc.constant<ActorSpec>({ actor: 'testOnly' }), weight: 1 },
    { arbitrary: fc.constant<ActorSpec>({ actor: 'delivery' }), weight: 3 },
    ...(leaks ? [{ arbitrary: leak, weight: 4 }] : []),
    ...(people
      ? [
          { arbitrary: fc.constant<ActorSpec>({ actor: 'rollBack' }), weight: 1 },
          {
            arbitrary: fc.record({
              actor: fc.constant('emergency' as const),
              key: fc.nat(1),
              giveWay: fc.boolean(),
            }),
            weight: 1,
          },
        ]
      : []),
    {
      arbitrary: fc.record({
        actor: fc.constant('duplicate' as const),
        step: fc.constantFrom(...ROTATION_STEPS),
        of: fc.constantFrom('AWSPENDING' as const, 'AWSCURRENT' as const, 'AWSPREVIOUS' as const),
      }),
      weight: 2,
    },
  );

const start = (kinds: Kinds): fc.Arbitrary<Move> =>
  actor(kinds).map((spec) => ({ move: 'start' as const, ...spec }));

const run: fc.Arbitrary<Move> = fc.record(
  {
    move: fc.constant('run' as const),
    who: fc.nat(3),
    calls: fc.oneof(fc.nat(3), fc.nat(12), fc.nat(30), fc.nat(120)),
    then: fc.constantFrom(...FAULTS),
  },
  { requiredKeys: ['move', 'who', 'calls'] },
);

const wait: fc.Arbitrary<Move> = fc
  .constantFrom(1 * SECOND, 20 * SECOND, 61 * SECOND, 3 * MINUTE, 1 * HOUR, 25 * HOUR, 8 * DAY)
  .map((time) => ({ move: 'wait' as const, for: time }));

const label = fc.constantFrom('AWSCURRENT' as const, 'AWSPENDING' as const, 'AWSPREVIOUS' as const);

const personAct: fc.Arbitrary<PersonAct> = fc.oneof(
  {
    arbitrary: fc.record({
      act: fc.constantFrom(
        'deactivateKey' as const,
        'activateKey' as const,
        'deleteKey' as const,
        'useKey' as const,
      ),
      key: fc.nat(1),
    }),
    weight: 6,
  },
  { arbitrary: fc.record({ act: fc.constant('acknowledge' as const), key: fc.nat(1) }), weight: 2 },
  { arbitrary: fc.constant<PersonAct>({ act: 'createKey' }), weight: 2 },
  { arbitrary: fc.constant<PersonAct>({ act: 'moveCurrentBack' }), weight: 3 },
  { arbitrary: fc.constant<PersonAct>({ act: 'promotePending' }), weight: 2 },
  { arbitrary: fc.constant<PersonAct>({ act: 'removePending' }), weight: 2 },
  {
    arbitrary: fc.record({
      act: fc.constant('storeCopy' as const),
      of: label,
      as: fc.constantFrom('AWSCURRENT' as const, 'AWSPENDING' as const),
    }),
    weight: 3,
  },
  { arbitrary: fc.record({ act: fc.constant('storeOwnKey' as const), key: fc.nat(1) }), weight: 1 },
  { arbitrary: fc.constant<PersonAct>({ act: 'takePendingToken' }), weight: 1 },
  { arbitrary: fc.constant<PersonAct>({ act: 'deleteSecret' }), weight: 1 },
  { arbitrary: fc.constant<PersonAct>({ act: 'restoreSecret' }), weight: 1 },
  {
    arbitrary: fc.record({
      act: fc.constant('breakCopy' as const),
      status: fc.constantFrom('Failed' as const, 'InProgress' as const),
    }),
    weight: 1,
  },
  { arbitrary: fc.constant<PersonAct>({ act: 'mendCopy' }), weight: 1 },
  { arbitrary: fc.constant<PersonAct>({ act: 'cancelRotation' }), weight: 1 },
  { arbitrary: fc.constant<PersonAct>({ act: 'loseJournal' }), weight: 1 },
  { arbitrary: fc.constant<PersonAct>({ act: 'garbleJournal' }), weight: 1 },
  { arbitrary: fc.constant<PersonAct>({ act: 'forgetNewKey' }), weight: 2 },
  {
    arbitrary: fc.record({
      act: fc.constant('breakTarget' as const),
      target: fc.nat(1),
      how: fc.constantFrom('accessDenied' as const, 'notFound' as const),
    }),
    weight: 1,
  },
  { arbitrary: fc.record({ act: fc.constant('fillTarget' as const), target: fc.nat(1) }), weight: 1 },
  {
    arbitrary: fc.record({
      act: fc.constantFrom('mendTargets' as const, 'loseDeliveries' as const, 'garbleDeliveries' as const),
    }),
    weight: 1,
  },
  { arbitrary: fc.constant<PersonAct>({ act: 'remakeUser' }), weight: 1 },
  {
    arbitrary: fc.record({ act: fc.constant('renameUser' as const), nameIsUsedAgain: fc.boolean() }),
    weight: 1,
  },
);

const person: fc.Arbitrary<Move> = personAct.map((does) => ({ move: 'person' as const, does }));

export interface Kinds {
  /** `false` leaves them out, so that nothing can excuse the product. */
  readonly people: boolean;
  /** AWS reports leaks, too. @default false */
  readonly leaks?: boolean;
}

/** How a history is put together. */
export const histories = ({ people, leaks }: Kinds): fc.Arbitrary<History> =>
  fc
    .record({
      begins: fc.constantFrom(
        ...BEGINNINGS.filter((beginning) => people || beginning !== 'a key of another person'),
      ),
      overlap: fc.constantFrom(24 * HOUR, 0, 1 * HOUR),
      gracePeriod: fc.constantFrom(7 * DAY, 1 * HOUR),
      whenStillInUse: fc.constantFrom('retire' as const, 'hold' as const),
      takeOver: people ? fc.integer({ min: 0, max: 9 }).map((chance) => chance === 9) : fc.constant(false),
      impostor: people ? fc.integer({ min: 0, max: 39 }).map((chance) => chance === 39) : fc.constant(false),
      copies: fc.integer({ min: 0, max: 3 }).map((chance) => chance === 3),
      delivers: fc.boolean(),
      outside: fc.integer({ min: 0, max: 3 }).map((chance) => chance === 3),
      restarts: fc.integer({ min: 0, max: 3 }).map((chance) => chance === 3),
      acknowledgedBy: people
        ? fc.constantFrom(
            undefined,
            undefined,
            undefined,
            'command' as const,
            'use' as const,
            'either' as const,
          )
        : fc.constant(undefined),
      weather,
      moves: fc.array(
        fc.oneof(
          { arbitrary: run, weight: 8 },
          { arbitrary: start({ people, leaks }), weight: 5 },
          { arbitrary: wait, weight: 2 },
          ...(people ? [{ arbitrary: person, weight: 3 }] : []),
        ),
        { minLength: 1, maxLength: 24, size: 'max' },
      ),
      ends: fc.constantFrom('everyone finishes' as const, 'everyone dies' as const),
    })
    // The configuration refuses `hold` with an overlap shorter than six hours.
    .map((history) =>
      history.overlap < 6 * HOUR ? { ...history, whenStillInUse: 'retire' as const } : history,
    );
