import { HOUR, MINUTE, SECOND, type Instant } from '../contract/instant';
import { pacedAccessKeys } from '../handlers/core/retirement/paced-access-keys';
import { Pacer } from '../handlers/core/retirement/pacer';
import type { SweepPorts, TableEntry } from '../handlers/core/retirement/retirement-ports';
import { sweep, type UserResult } from '../handlers/core/retirement/sweep';
import { addUser, type Situation } from '../test/handlers/core/retirement/support/fleet';
import { NOON } from '../test/handlers/support/fixtures';
import { InMemoryAws } from '../test/support/in-memory-aws/in-memory-aws';
import { processIn } from '../test/support/retirement-world';
import { microsecondsPerDecision } from './support/decision';
import { defineBenchmark, ofUsers } from './support/benchmark';
import { ThrottlingGate } from './support/throttling-gate';
import { VirtualTime } from './support/virtual-time';

/** As handlers/retire-access-keys/index.ts has them, in a function with the longest time that Lambda gives. */
const AS_SHIPPED = {
  pacer: { startRate: 10, maximumRate: 50 },
  concurrency: 16,
  timeForRun: 15 * MINUTE,
  longestVisit: 5 * MINUTE,
};

const BURST = 20;
const USERS = 5_000;

/** One hour of a large account, and a bad one: with keys changing every 60 days, about 7 users an hour are due. */
function situationOf(index: number): Situation {
  if (index % 100 === 7) return 'overlapOver';
  if (index % 100 === 17) return 'gracePeriodOver';
  if (index % 100 === 27) return 'stillInUse';
  if (index % 50 === 33) return 'unmanagedKey';
  if (index % 10 === 1) return 'inGracePeriod';
  if (index % 20 === 2) return 'inOverlap';
  return 'quiet';
}

interface RunFigures {
  readonly users: number;
  readonly allowedIamCallsPerSecond: number;
  /** A run ends in time, and the next one continues. */
  readonly runs: number;
  readonly virtualSecondsPerRun: readonly number[];
  readonly iamCalls: number;
  readonly throttledPercent: number;
  readonly allowedRateUsedPercent: number;
  readonly acts: number;
  readonly failedUsers: number;
  readonly liveHeapAtMostMiB: number;
  /** Of it, what is still there when the run is over: the AWS in memory has it, and not the sweep. */
  readonly liveHeapAfterMiB: number;
  /** With what the AWS in memory takes, and without what is spent to look at the heap. */
  readonly cpuMillisecondsPerUser: number;
}

const MIB = 1024 * 1024;

function liveHeap(): number {
  if (globalThis.gc === undefined)
    throw new Error('Run it as `npm run bench`: node needs --expose-gc to measure the heap.');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

async function runAll(users: number, perSecond: number): Promise<RunFigures> {
  const time = new VirtualTime(NOON);
  const aws = new InMemoryAws(() => undefined);
  for (let index = 0; index < users; index += 1) {
    addUser(aws, `user-${String(index).padStart(5, '0')}`, situationOf(index), time.now());
  }
  const gate = new ThrottlingGate(time, { perSecond, burst: BURST });
  const seconds: number[] = [];
  let acts = 0;
  let failedUsers = 0;
  let secondsInAll = 0;
  const heapBefore = liveHeap();
  const cpuBefore = process.cpuUsage();
  let cpuOfWatching = 0;
  let heapMost = heapBefore;
  let visits = 0;
  const onVisited = (result: UserResult): void => {
    visits += 1;
    if ('failure' in result) failedUsers += 1;
    else acts += result.outcome.acts.length;
    // At the begin, when all users are in memory, and twenty times more: each look is a whole collection.
    if (visits % Math.ceil(users / 20) !== 1) return;
    const before = process.cpuUsage();
    heapMost = Math.max(heapMost, liveHeap());
    cpuOfWatching += microsecondsSince(before);
  };
  for (;;) {
    const { ports } = processIn({ aws, gate, requests: NOWHERE, log: NOWHERE }, { noted: NOWHERE });
    const startedAt = time.now();
    await time.passUntil(oneRun(ports, startedAt, onVisited));
    const took = (time.now() - startedAt) / SECOND;
    seconds.push(Math.round(took));
    secondsInAll += took;
    if (visits >= users) break;
    await time.passUntil(time.sleep(HOUR - took * SECOND));
  }
  return {
    users,
    allowedIamCallsPerSecond: perSecond,
    runs: seconds.length,
    virtualSecondsPerRun: seconds,
    iamCalls: gate.iamCalls,
    throttledPercent: percent(gate.throttled, gate.iamCalls),
    allowedRateUsedPercent: percent(gate.iamCalls - gate.throttled, perSecond * secondsInAll),
    acts,
    failedUsers,
    liveHeapAtMostMiB: round((heapMost - heapBefore) / MIB),
    cpuMillisecondsPerUser: round((microsecondsSince(cpuBefore) - cpuOfWatching) / 1_000 / users),
    liveHeapAfterMiB: round((liveHeap() - heapBefore) / MIB),
  };
}

const microsecondsSince = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before);
  return user + system;
};

/** What is logged goes to CloudWatch, and takes no memory. */
const NOWHERE = { push: () => undefined };

async function oneRun(
  aws: SweepPorts,
  startedAt: Instant,
  onVisited: (result: UserResult) => void,
): Promise<void> {
  const overAt = startedAt + AS_SHIPPED.timeForRun;
  const keys = pacedAccessKeys(aws.keys, new Pacer(aws.clock, AS_SHIPPED.pacer));
  await sweep(
    { ...aws, keys },
    {
      stack: 'iam-key-rotation',
      mode: 'act',
      maximumDeletions: 20_000,
      concurrency: AS_SHIPPED.concurrency,
      stopAt: overAt - AS_SHIPPED.longestVisit,
      overAt,
      onVisited,
    },
  );
}

const round = (value: number): number => Math.round(value * 100) / 100;
const percent = (part: number, whole: number): number => round((part / whole) * 100);

interface SweepFigures {
  readonly rates: readonly RunFigures[];
  readonly sizes: readonly RunFigures[];
  readonly decision: ReturnType<typeof microsecondsPerDecision>;
}

async function measure(): Promise<SweepFigures> {
  const rates: RunFigures[] = [];
  for (const perSecond of [5, 20, 50, 100]) rates.push(await runAll(USERS, perSecond));
  const sizes: RunFigures[] = [];
  for (const users of [1_000, USERS, 20_000]) sizes.push(await runAll(users, USUAL_RATE));
  return { rates, sizes, decision: microsecondsPerDecision(entriesToDecideOn()) };
}

/** Calls a second, of the figures by the number of users. */
const USUAL_RATE = 20;

/** By so much less the AWS in memory takes at the end, the sweep may have had more than the heap had grown. */
const mibOfSweep = ({ liveHeapAtMostMiB: most, liveHeapAfterMiB: after }: RunFigures): number =>
  most - Math.min(0, after);

const kibPerUser = (figures: SweepFigures): number => {
  const [small, large] = [ofUsers(figures.sizes, 1_000), ofUsers(figures.sizes, USERS)];
  return round(((mibOfSweep(large) - mibOfSweep(small)) * 1024) / (USERS - 1_000));
};

function entriesToDecideOn(): { readonly aws: InMemoryAws; readonly entries: readonly TableEntry[] } {
  const aws = new InMemoryAws(() => undefined);
  for (let index = 0; index < 500; index += 1) addUser(aws, `user-${index}`, situationOf(index), NOON);
  return { aws, entries: aws.table.list() };
}

export const sweepBenchmark = defineBenchmark<SweepFigures>({
  name: 'sweep',
  title: 'The retirement of many users',
  measures:
    'The sweep as the retirement function runs it, over 5,000 users (IAM’s own limit per account), against the AWS in memory of the ' +
    `tests. AWS throttles there beyond a rate that the sweep does not know, with a bucket of ${BURST} calls. Of 100 users one is to be ` +
    'deactivated, one deleted, one held, two have an unmanaged key. Time is virtual; the heap and the time of a decision are of ' +
    'this machine.',
  limits: [
    {
      what: '% of a rate of 20 IAM calls a second used',
      atLeast: 98,
      why: 'At this rate the calls are what a run waits for: an unused one is time in which a key stays too long.',
      found: (figures) => ofUsers(figures.sizes, USERS).allowedRateUsedPercent,
      missed:
        'The sweep learns the rate by going beyond it, and steps back each time that AWS throttles; smaller steps would use more of it, ' +
        'and find a new rate later.',
    },
    {
      what: '% of the calls throttled, at 20 a second',
      atMost: 1,
      why: 'A throttled call is one that applications, people and Terraform may have needed.',
      found: (figures) => ofUsers(figures.sizes, USERS).throttledPercent,
    },
    {
      what: 'KiB of heap for each user more',
      atMost: 2,
      why: 'The function has 512 MB; 20,000 users should take a small part of it.',
      found: kibPerUser,
      missed:
        'It is what the table says of each user (settings, journal, open findings), which is read at the begin of a run. Reading ' +
        'it in parts, each when its users are visited, would keep it.',
    },
  ],
  measure,
  show: (figures) => [
    {
      rows: [
        ['IAM calls allowed per second', ...figures.rates.map((run) => run.allowedIamCallsPerSecond)],
        ['runs until every user was visited', ...figures.rates.map((run) => run.runs)],
        [
          'virtual seconds of the longest run',
          ...figures.rates.map((run) => Math.max(...run.virtualSecondsPerRun)),
        ],
        ['IAM calls', ...figures.rates.map((run) => run.iamCalls)],
        ['of them throttled, %', ...figures.rates.map((run) => run.throttledPercent)],
        ['of the allowed rate used, %', ...figures.rates.map((run) => run.allowedRateUsedPercent)],
        ['live heap above the start, at most, MiB', ...figures.rates.map((run) => run.liveHeapAtMostMiB)],
      ],
    },
    {
      text:
        'The sweep never makes more than 50 calls a second, whatever AWS allows: applications share the limit of the account. At 5 a ' +
        'second the users do not fit into the 10 minutes of a run in which visits are begun; the run ends in time, and the next ' +
        'one continues behind the last user.',
    },
    {
      rows: [
        [`users, at ${USUAL_RATE} calls a second`, ...figures.sizes.map((run) => run.users)],
        ['runs until every user was visited', ...figures.sizes.map((run) => run.runs)],
        ['live heap above the start, at most, MiB', ...figures.sizes.map((run) => run.liveHeapAtMostMiB)],
        [
          'live heap above the start, when the run is over, MiB',
          ...figures.sizes.map((run) => run.liveHeapAfterMiB),
        ],
        ['CPU for each user, ms', ...figures.sizes.map((run) => run.cpuMillisecondsPerUser)],
      ],
    },
    {
      text:
        `One decision takes ${figures.decision.microsecondsEach} microseconds. The heap is at its most at the begin of a run, when it has what ` +
        'the table says of all users; whoever was visited leaves it. What is there when the run is over is not the sweep’s: the AWS in ' +
        'memory has it, and may take less than before, because texts that were read take less. The limit counts that as the sweep’s. The ' +
        'calls that a test notes of a process are not kept here. With `metrics: { perUser: true }`, which is not measured, what sends the metrics ' +
        'keeps some numbers of each user until the run ends. The CPU includes that of the AWS in memory.',
    },
    {
      chart: {
        name: 'sweep',
        title: 'IAM calls per second that a sweep uses',
        x: { label: 'IAM calls per second that AWS allows' },
        y: { label: 'calls per second' },
        lines: [
          {
            name: 'used',
            points: figures.rates.map(({ allowedIamCallsPerSecond: allowed, allowedRateUsedPercent }) => [
              allowed,
              round((allowed * allowedRateUsedPercent) / 100),
            ]),
          },
          {
            name: 'allowed',
            isLimit: true,
            points: [
              [5, 5],
              [100, 100],
            ],
          },
        ],
      },
    },
  ],
});
