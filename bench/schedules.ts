import { DEFAULT_WINDOW_HOURS } from '../modules/schedule/schedule';
import {
  PAUSE_OF_SECRETS_MANAGER,
  rotateAtOnce,
  type AtOnceFigures,
  type Begin,
} from './support/rotations-at-once';
import {
  mostOnOneDayOfRate,
  rotationsByDay,
  spreadOf,
  stableKeys,
  type Spread,
} from './support/schedule-spread';
import { defineBenchmark, rounded } from './support/benchmark';
import { SECOND } from '../contract/instant';

interface ScheduleFigures {
  readonly atOnce: readonly AtOnceFigures[];
  /** By the number of users. */
  readonly spread: readonly Spread[];
  /** Of `NAMINGS` sets of 5,000 names, the one with the most. */
  readonly worst: { readonly mostInOneWindow: number; readonly busiestDayToMean: number };
  readonly byDay: { readonly few: readonly number[]; readonly many: readonly number[] };
  /** With `rotateEvery: 60d`, of users that one `apply` has made. */
  readonly mostOnOneDayOfRate: { readonly few: number; readonly many: number };
}

const [FEW, MANY] = [500, 5_000];
const NAMINGS = 20;
const USUAL_IAM_RATE = 50;
const RATE = '60d';

async function measure(): Promise<ScheduleFigures> {
  const atOnce: AtOnceFigures[] = [];
  for (const begin of ['over the minute', 'in one second'] as const satisfies Begin[])
    for (const iamCallsPerSecond of [20, USUAL_IAM_RATE, 100])
      atOnce.push(await rotateAtOnce({ users: FEW, begin, iamCallsPerSecond }));
  const namings = Array.from({ length: NAMINGS }, (_, index) => spreadOf(stableKeys(MANY, `team${index}`)));
  return {
    atOnce,
    spread: [FEW, MANY].map((users) => spreadOf(stableKeys(users))),
    worst: {
      mostInOneWindow: Math.max(...namings.map(({ mostInOneWindow }) => mostInOneWindow)),
      busiestDayToMean: rounded(
        Math.max(...namings.map(({ mostOnOneDay, meanOfADay }) => mostOnOneDay / meanOfADay)),
        2,
      ),
    },
    byDay: { few: rotationsByDay(stableKeys(FEW)), many: rotationsByDay(stableKeys(MANY)) },
    mostOnOneDayOfRate: {
      few: mostOnOneDayOfRate(stableKeys(FEW), RATE),
      many: mostOnOneDayOfRate(stableKeys(MANY), RATE),
    },
  };
}

const WRITES_OF_A_ROTATION = 3;
const QUOTA = 50;

const columns = (
  all: readonly AtOnceFigures[],
  of: (figures: AtOnceFigures) => number | string,
): readonly (number | string)[] => all.map(of);

export const schedules = defineBenchmark<ScheduleFigures>({
  name: 'schedules',
  title: 'Many rotations at once, and how they are spread',
  measures:
    `${FEW} users of one account whose rotations are all due in the same minute, with the rotation as it is, in the AWS in memory of the ` +
    `tests. Secrets Manager throttles there beyond ${QUOTA} writes a second, which is its quota (F 1.36), IAM beyond a rate that AWS ` +
    'does not publish, with a bucket of 20 calls. A new key comes and goes for 8 seconds. What a witness of every call sees is ' +
    'held to the rules R1, R2, R3 and R5. And how the default schedules of many users are spread. Time is virtual; the figures are the same on ' +
    'every machine.',
  limits: [
    {
      what: `writes to Secrets Manager in the busiest second, ${FEW} rotations within a minute`,
      atMost: QUOTA,
      why: 'It is the quota of an account in a region, and cannot be raised.',
      found: ({ atOnce }) =>
        Math.max(
          ...atOnce
            .filter(({ begin }) => begin === 'over the minute')
            .map(({ writesInBusiestSecond }) => writesInBusiestSecond),
        ),
      missed:
        'A rotation writes three times. What is throttled is tried again, so rotations would take longer.',
    },
    {
      what: `of ${FEW} rotations, those that were lost or broke a rule, at any rate`,
      atMost: 0,
      why: 'Throttling may cost time, and nothing else.',
      found: ({ atOnce }) => Math.max(...atOnce.map(({ lost, brokenRules }) => lost + brokenRules.length)),
    },
    {
      what: `of ${MANY.toLocaleString('en-US')} users, those whose window opens at the same moment`,
      atMost: Math.floor(QUOTA / WRITES_OF_A_ROTATION),
      why: `Each writes three times, so even begun in the same second they keep to ${QUOTA} writes.`,
      found: ({ worst }) => worst.mostInOneWindow,
      missed: 'More windows would keep it: other days than the 1st to the 28th, or shorter windows.',
    },
    {
      what: `busiest day of ${MANY.toLocaleString('en-US')} users`,
      atMost: 1.5,
      baseline: 'the mean of the days on which a rotation is due',
      why: 'A bad day at AWS should meet few users more than any other day.',
      found: ({ worst }) => worst.busiestDayToMean,
      missed: 'The days come from a hash, so chance alone makes one the busiest. More days would keep it.',
    },
  ],
  measure,
  show: ({ atOnce, spread, worst, byDay, mostOnOneDayOfRate: ofRate }) => [
    {
      rows: [
        ['rotations begin', ...columns(atOnce, ({ begin }) => begin)],
        ['IAM calls allowed per second', ...columns(atOnce, (run) => run.iamCallsPerSecond)],
        ['writes in the busiest second', ...columns(atOnce, (run) => run.writesInBusiestSecond)],
        ['writes throttled', ...columns(atOnce, (run) => run.throttledWrites)],
        ['IAM calls throttled', ...columns(atOnce, (run) => run.throttledIamCalls)],
        ['rotations that Secrets Manager began again', ...columns(atOnce, (run) => run.begunAgain)],
        [
          'seconds until half of the keys are current',
          ...columns(atOnce, (run) => run.secondsUntilHalfAreCurrent),
        ],
        ['seconds until all are', ...columns(atOnce, (run) => run.secondsUntilAllAreCurrent)],
        ['lost', ...columns(atOnce, (run) => run.lost)],
        ['rules broken', ...columns(atOnce, (run) => run.brokenRules.length)],
      ],
    },
    {
      text:
        'IAM is what they wait for, not Secrets Manager: each rotation calls it three times. What is throttled is tried three times; ' +
        'CreateAccessKey is not, and Secrets Manager begins such a rotation again. How soon it does, AWS does not say: here ' +
        `after ${PAUSE_OF_SECRETS_MANAGER / SECOND} seconds. To try CreateAccessKey three times, too, was tried: begun over the minute, 13 % ` +
        'fewer rotations had to begin again, and all were current a second sooner; begun in one second, a quarter to a third sooner. It ' +
        'was not done, because it helps only where hundreds of users share one `schedule`. As many functions run at the same time as ' +
        'rotations: a new account that runs ten at a time ([F 4.12](design/aws-facts.md#f-412)) refuses the others, and Secrets Manager begins them again.',
    },
    {
      text:
        'By default that minute does not come. Who says nothing of when a user is rotated has it rotated every second month, on a day and at an hour that ' +
        `come from the stable key, within ${DEFAULT_WINDOW_HOURS} hours.`,
    },
    {
      rows: [
        ['users of a stack, by default', ...spread.map(({ users }) => users)],
        ['whose window opens at the same moment, at the most', ...spread.map((one) => one.mostInOneWindow)],
        ['rotations in an hour, at the most', ...spread.map((one) => one.mostInOneHour)],
        ['rotations in a minute, at the most', ...spread.map((one) => one.mostInOneMinute)],
        ['rotations on a day, at the most', ...spread.map((one) => one.mostOnOneDay)],
        ['… on the mean of the days on which one is due', ...spread.map((one) => one.meanOfADay)],
        [`with \`rotateEvery: ${RATE}\` and one \`apply\`: on a day, at the most`, ofRate.few, ofRate.many],
      ],
    },
    {
      text:
        `In an hour and in a minute: where Secrets Manager chooses evenly within a window. Of ${NAMINGS} sets of ${MANY.toLocaleString('en-US')} names, the ` +
        `worst has ${worst.mostInOneWindow} in one window, and ${worst.busiestDayToMean} times the mean on its busiest day. No window opens on the 29th to the ` +
        '31st, which not every month has. `rotateEvery` spreads users that were made together over a tenth of the interval; their ' +
        'window is a whole day, and Secrets Manager chooses the time within it. A `schedule` that many users share is taken as it is written: then they are all due in ' +
        'the same window, as in the first table.',
    },
    {
      chart: {
        name: 'schedules',
        title: 'Rotations that are due on each day, by default',
        x: { label: 'day of two months of 31 days, the odd one first' },
        y: { label: 'rotations' },
        lines: [
          { name: '5,000 users', points: byDay.many.map((due, day) => [day + 1, due] as const) },
          { name: '500 users', points: byDay.few.map((due, day) => [day + 1, due] as const) },
        ],
      },
    },
  ],
});
