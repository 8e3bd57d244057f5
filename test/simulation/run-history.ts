import { DAY, MINUTE, SECOND } from '../../contract/instant';
import type { Settings } from '../../contract/settings';
import { CALM } from '../support/in-memory-aws/weather';
import { emergency, rollBack } from './actors/operator';
import { actByHand } from './actors/person';
import { duplicateStep, rotation, testOnly } from './actors/secrets-manager';
import { sweep } from './actors/sweep';
import { firstKey } from './actors/terraform';
import { leak } from './actors/responder';
import type { Actor } from './engine/running';
import type { Step } from './engine/scheduler';
import { STABLE_KEY, World } from './engine/world';
import { delivery } from './actors/delivery';
import { bringToAGoodEnd } from './epilogue';
import type { ActorSpec, History, Move } from './history';
import type { Violation } from './rules/checker';
import { RESTART_TARGET, TARGETS, TARGETS_OUTSIDE, TOKEN_NAME } from './rules/target-truth';
import { product } from './subjects/product';
import type { Subject } from './subject';

const targetsOf = ({ delivers, outside, restarts }: History): Pick<Settings, 'deliver'> => {
  const deliver = [
    ...(delivers === true ? TARGETS : []),
    ...(outside === true ? TARGETS_OUTSIDE : []),
    ...(restarts === true ? [RESTART_TARGET] : []),
  ];
  return deliver.length === 0 ? {} : { deliver };
};

const USER_ID = 'AIDAROTATEDUSEREXAMPLE';

const settingsOf = (history: History): Settings => ({
  stableKey: STABLE_KEY,
  accountId: '111122223333',
  userName: 'ci-deployer',
  userId: USER_ID,
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:iam-key-rotation/ci_deployer-AbCdEf',
  overlapSeconds: history.overlap / SECOND,
  gracePeriodSeconds: history.gracePeriod / SECOND,
  maximumKeyAgeSeconds: (90 * DAY) / SECOND,
  whenStillInUse: history.whenStillInUse,
  ...(history.takeOver ? { takeOver: 'all' as const } : {}),
  ...targetsOf(history),
  ...(history.acknowledgedBy === undefined
    ? {}
    : {
        acknowledgement: {
          by: history.acknowledgedBy,
          remindAfterSeconds: (3 * DAY) / SECOND,
          atMaximumKeyAge: 'hold' as const,
        },
      }),
});

export interface Outcome {
  readonly violations: readonly Violation[];
  /** Calls that were made, or did not get so far. */
  readonly steps: number;
  readonly transcript: readonly string[];
  /** What the steps were that the moves made, one after the other. */
  readonly made: readonly Step[];
}

export interface RunOptions {
  readonly subject?: Subject;
  readonly transcript?: boolean;
  /** Told after each move. */
  readonly afterMove?: (world: World, move: Move) => void;
  /** Leaves out what is done after the last move. */
  readonly withoutEpilogue?: boolean;
}

/** Runs one history, to its first violation or to its good end. The same history always runs the same. */
export async function runHistory(history: History, options: RunOptions = {}): Promise<Outcome> {
  const subject = options.subject ?? product;
  const made: Step[] = [];
  let moving = false;
  const world = new World({
    weather: history.weather,
    settings: settingsOf(history),
    copies: history.copies ?? false,
    realUserId: history.impostor ? 'AIDAANOTHERUSEREXAMPLE' : USER_ID,
    onRequest: () => rotation(subject, { retries: 1, pause: MINUTE, tidies: false }),
    onStep: (step) => {
      if (moving) made.push(step);
    },
    transcript: options.transcript ?? false,
  });
  const outcome = (): Outcome => ({
    made,
    violations: world.violations,
    steps: world.scheduler.steps,
    transcript: world.transcript,
  });

  world.aws.targets.write(TOKEN_NAME, '{"token":"of-nobody"}', world.now, { by: 'person' });
  await begin(world, history, subject);
  moving = true;
  for (const move of history.moves) {
    if (world.violations.length > 0) return outcome();
    await make(world, move, subject);
    options.afterMove?.(world, move);
  }
  moving = history.ends === 'everyone finishes';
  if (history.ends === 'everyone dies') world.abandonAll();
  for (
    let next = world.acting[0];
    next !== undefined && world.violations.length === 0;
    next = world.acting[0]
  ) {
    await world.step(next);
  }
  moving = false;
  if (world.violations.length === 0 && !options.withoutEpilogue) {
    await bringToAGoodEnd(world, history, subject);
  }
  world.abandonAll();
  return outcome();
}

async function begin(world: World, { begins }: History, subject: Subject): Promise<void> {
  if (begins === 'a key of another person') actByHand(world, { act: 'createKey' });
  if (begins !== 'first key' && begins !== 'rotated once') return;
  world.weatherIs({ ...CALM, seed: world.options.weather.seed });
  await world.play(firstKey(subject));
  (world.settings.deliver ?? []).forEach((_, target) => actByHand(world, { act: 'fillTarget', target }));
  if (begins === 'rotated once') {
    await world.wait(3600 * SECOND);
    await world.play(rotation(subject, { retries: 1, pause: 60 * SECOND, tidies: false }));
  }
  await world.wait(3600 * SECOND);
  world.weatherIs(world.options.weather);
}

async function make(world: World, move: Move, subject: Subject): Promise<void> {
  switch (move.move) {
    case 'start':
      await world.start(actorOf(move, subject));
      return;
    case 'run':
      for (let call = 0; call <= move.calls; call += 1) {
        const { acting } = world;
        const running = acting[move.who % Math.max(1, acting.length)];
        if (running === undefined || world.violations.length > 0) return;
        const isThere = move.before !== undefined && world.nextCallOf(running).startsWith(move.before);
        if (call < move.calls && !isThere) {
          await world.step(running);
          continue;
        }
        if (move.then !== undefined) await world.step(running, move.then);
        return;
      }
      return;
    case 'wait':
      await world.wait(move.for);
      return;
    case 'until':
      if (move.at > world.age) await world.wait(move.at - world.age);
      return;
    case 'person':
      actByHand(world, move.does);
      return;
  }
}

function actorOf(spec: ActorSpec, subject: Subject): Actor {
  switch (spec.actor) {
    case 'rotation':
      return rotation(subject, spec);
    case 'firstKey':
      return firstKey(subject);
    case 'sweep':
      return sweep(subject);
    case 'delivery':
      return delivery(subject);
    case 'testOnly':
      return testOnly(subject);
    case 'rollBack':
      return rollBack(subject);
    case 'leak':
      return leak(subject, spec.of);
    case 'emergency':
      return emergency(subject, spec.key, spec.giveWay);
    case 'duplicate':
      return duplicateStep(subject, spec.step, spec.of);
  }
}
