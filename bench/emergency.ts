import { planEmergency } from '../cli/emergency/plan';
import { beginEmergency, DEFAULT_AT_A_TIME, replaceAll } from '../cli/emergency/replace-all';
import { SECOND } from '../contract/instant';
import { IAM_RATE } from '../handlers/core/retirement/pacer';
import { EmergencyStack } from '../test/simulation/emergency/stack';
import { defineBenchmark, rounded } from './support/benchmark';

interface EmergencyOfMany {
  readonly allowedIamCallsPerSecond: number;
  /** Until the plan is ready, which reads everybody's keys. */
  readonly planSeconds: number;
  /** From the begin of the plan until the last key is replaced. */
  readonly seconds: number;
  readonly iamCalls: number;
  readonly throttled: number;
  readonly busiestSecond: number;
  /** How many are replaced so many seconds after the begin of the plan. */
  readonly replaced: readonly (readonly [seconds: number, users: number])[];
}

interface EmergencyFigures {
  readonly users: number;
  readonly runs: readonly EmergencyOfMany[];
}

const USERS = 500;
const BURST = 20;
const USUAL_RATE = 20;

/** In virtual time. @throws Error where a key was not replaced */
export async function measureRun(users: number, perSecond: number): Promise<EmergencyOfMany> {
  const stack = new EmergencyStack(users, { perSecond, burst: BURST });
  await stack.begin();
  const { ports } = stack.process();
  const { time, gate } = stack;
  const begun = time.now();
  const callsBefore = gate.iamCalls;
  const secondsNow = (): number => rounded((time.now() - begun) / SECOND, 1);
  const replaced: (readonly [number, number])[] = [];
  const work = async (): Promise<number> => {
    const entries = await ports.directory.list();
    const plan = await planEmergency(ports, { whose: 'all', entries, anew: false });
    const planned = secondsNow();
    await beginEmergency(ports, plan);
    const onDone = (done: number): unknown =>
      done % (users / 20) === 0 && replaced.push([secondsNow(), done]);
    const results = await replaceAll(ports, plan, { atATime: DEFAULT_AT_A_TIME, onDone });
    const failed = results.filter(({ outcome }) => outcome !== 'replaced');
    if (failed.length > 0) throw new Error(`Not replaced: ${JSON.stringify(failed.slice(0, 3))}`);
    return planned;
  };
  const planSeconds = await time.passUntil(work());
  return {
    allowedIamCallsPerSecond: perSecond,
    ...{ planSeconds, seconds: secondsNow() },
    ...{ iamCalls: gate.iamCalls - callsBefore, throttled: gate.throttled },
    ...{ busiestSecond: stack.busiestSecond, replaced },
  };
}

async function measure(): Promise<EmergencyFigures> {
  const runs: EmergencyOfMany[] = [];
  for (const perSecond of [10, USUAL_RATE, 50]) runs.push(await measureRun(USERS, perSecond));
  return { users: USERS, runs };
}

const usual = ({ runs }: EmergencyFigures): EmergencyOfMany => {
  const found = runs.find((run) => run.allowedIamCallsPerSecond === USUAL_RATE);
  if (found === undefined) throw new Error(`There are no figures of ${USUAL_RATE} calls a second.`);
  return found;
};

/** What the calls take at the rate that AWS allows, if nothing else is waited for. */
const secondsOfCalls = (run: EmergencyOfMany): number =>
  (run.iamCalls - run.throttled) / run.allowedIamCallsPerSecond;

export const emergency = defineBenchmark<EmergencyFigures>({
  name: 'emergency',
  title: 'An emergency of 500 users',
  measures:
    'How long `emergency --all` takes until 500 keys are replaced and no longer work, in virtual time, in the AWS in memory of the tests. The ' +
    'users are in five situations, a fifth in each: one key, a previous key in its overlap, a retired one, a rotation under way, a retired ' +
    'key that somebody re-activated. A call takes 30 to 130 ms; a new key comes and goes for some seconds; IAM throttles beyond a ' +
    `rate that the command does not know, with a bucket of ${BURST} calls. The rules are checked meanwhile, as in the simulation. ` +
    'The figures are the same on every machine.',
  limits: [
    {
      what: 'the seconds until 500 keys are replaced, at 20 IAM calls a second',
      atMost: 1.25,
      baseline: 'the seconds that its IAM calls take at this rate',
      why: 'Each key that leaked works until then: IAM should be all that is waited for.',
      found: (figures) => rounded(usual(figures).seconds / secondsOfCalls(usual(figures)), 2),
      missed: `${DEFAULT_AT_A_TIME} users at a time wait for the proof of their new keys, too; more at a time would fill the rate.`,
    },
    {
      what: 'IAM calls within a second, at the most, at 20 a second',
      atMost: IAM_RATE.maximumRate + DEFAULT_AT_A_TIME,
      why: 'What it reads is spaced, 50 calls a second at the most, and each user who is worked on may have a key changed in that second, which does not wait. Applications need IAM in an emergency, too.',
      found: (figures) => usual(figures).busiestSecond,
      missed: 'Changes wait for nobody, and too many of them fall together.',
    },
    {
      what: '% of the IAM calls throttled, at 20 a second',
      atMost: 5,
      why: 'A throttled call is one that applications, people and Terraform may have needed.',
      found: (figures) => rounded((usual(figures).throttled / usual(figures).iamCalls) * 100, 2),
      missed:
        'The rate is found by going beyond it, and a short emergency has few calls to make up for that.',
    },
  ],
  measure,
  show: ({ users, runs }) => [
    {
      rows: [
        ['IAM calls allowed per second', ...runs.map((run) => run.allowedIamCallsPerSecond)],
        ['seconds until the plan is shown', ...runs.map((run) => run.planSeconds)],
        [`seconds until all ${users} are replaced`, ...runs.map((run) => run.seconds)],
        ['… that the IAM calls alone take', ...runs.map((run) => rounded(secondsOfCalls(run), 1))],
        ['IAM calls', ...runs.map((run) => run.iamCalls)],
        ['… for each replaced key', ...runs.map((run) => rounded(run.iamCalls / users, 2))],
        ['of them throttled', ...runs.map((run) => run.throttled)],
        ['IAM calls within a second, at the most', ...runs.map((run) => run.busiestSecond)],
      ],
    },
    {
      text: `The command works on ${DEFAULT_AT_A_TIME} users at a time. It never reads from IAM more than ${IAM_RATE.maximumRate} times a second; changes of keys do not wait.`,
    },
    {
      chart: {
        name: 'emergency',
        title: 'Keys that an emergency has replaced',
        x: { label: 'seconds since the begin of the plan' },
        y: { label: 'keys replaced' },
        lines: runs.map((run) => ({
          name: `${run.allowedIamCallsPerSecond} IAM calls a second`,
          points: [[run.planSeconds, 0] as const, ...run.replaced],
        })),
      },
    },
  ],
});
