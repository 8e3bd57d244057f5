/*
 * How the sweep does where it is largest: 5,000 users, IAM's own limit per account, against the in-memory AWS with a
 * limit on IAM calls that the sweep does not know. Time is virtual, so the figures of the runs are the same on every
 * machine; only `decision` and the heap are measured on this one. `npm run bench` prints JSON, with units in its names.
 */
import { HOUR, MINUTE, SECOND } from '../contract/instant';
import { pacedAccessKeys } from '../handlers/core/retirement/paced-access-keys';
import { Pacer } from '../handlers/core/retirement/pacer';
import type { SweepPorts, TableEntry } from '../handlers/core/retirement/retirement-ports';
import { sweep, type SweepSummary } from '../handlers/core/retirement/sweep';
import { addUser, type Situation } from '../test/handlers/core/retirement/support/fleet';
import { NOON } from '../test/handlers/support/fixtures';
import { InMemoryAws } from '../test/support/in-memory-aws/in-memory-aws';
import { processIn } from '../test/support/retirement-world';
import { microsecondsPerDecision } from './decision';
import { ThrottlingGate } from './throttling-gate';
import { VirtualTime } from './virtual-time';

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
}

const FORCED_GC = globalThis.gc;
if (FORCED_GC === undefined)
  throw new Error('Run it as `npm run bench`: node needs --expose-gc to measure the heap.');

const MIB = 1024 * 1024;

function liveHeap(): number {
  FORCED_GC!();
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
  let heapMost = heapBefore;
  let visits = 0;
  let visited = 0;
  const watchHeap = (): void => {
    // Twenty looks a run: each is a whole collection.
    visits += 1;
    if (visits % Math.ceil(users / 20) === 0) heapMost = Math.max(heapMost, liveHeap());
  };
  for (;;) {
    const { ports } = processIn({ aws, gate, requests: NOWHERE, log: NOWHERE });
    const summary = await time.passUntil(oneRun(ports, time, watchHeap));
    heapMost = Math.max(heapMost, liveHeap());
    const took = (time.now() - summary.startedAt) / SECOND;
    seconds.push(Math.round(took));
    secondsInAll += took;
    visited += summary.results.length;
    for (const result of summary.results) {
      if ('failure' in result) failedUsers += 1;
      else acts += result.outcome.acts.length;
    }
    if (visited >= users) break;
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
  };
}

/** What is logged goes to CloudWatch, and takes no memory. */
const NOWHERE = { push: () => undefined };

async function oneRun(
  aws: SweepPorts,
  time: VirtualTime,
  onVisit: () => void,
): Promise<SweepSummary & { readonly startedAt: number }> {
  const startedAt = time.now();
  const overAt = startedAt + AS_SHIPPED.timeForRun;
  const keys = pacedAccessKeys(aws.keys, new Pacer(aws.clock, AS_SHIPPED.pacer));
  const secrets: SweepPorts['secrets'] = {
    ...aws.secrets,
    describe: (arn) => {
      onVisit();
      return aws.secrets.describe(arn);
    },
  };
  const summary = await sweep(
    { ...aws, keys, secrets },
    {
      stack: 'iam-key-rotation',
      mode: 'act',
      maximumDeletions: USERS,
      concurrency: AS_SHIPPED.concurrency,
      stopAt: overAt - AS_SHIPPED.longestVisit,
      overAt,
    },
  );
  return { ...summary!, startedAt };
}

const round = (value: number): number => Math.round(value * 100) / 100;
const percent = (part: number, whole: number): number => round((part / whole) * 100);

async function main(): Promise<void> {
  const rates: RunFigures[] = [];
  for (const perSecond of [5, 20, 50, 100]) rates.push(await runAll(USERS, perSecond));
  const small = await runAll(1_000, 20);
  const large = rates.find(({ allowedIamCallsPerSecond }) => allowedIamCallsPerSecond === 20)!;
  const grown = large.liveHeapAtMostMiB - small.liveHeapAtMostMiB;
  const figures = {
    node: process.version,
    asShipped: AS_SHIPPED,
    burst: BURST,
    rates,
    heap: {
      at1000UsersMiB: small.liveHeapAtMostMiB,
      at5000UsersMiB: large.liveHeapAtMostMiB,
      growthKiBPerUser: round((grown * 1024) / (USERS - 1_000)),
    },
    decision: microsecondsPerDecision(entriesToDecideOn()),
  };
  process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);
}

function entriesToDecideOn(): { readonly aws: InMemoryAws; readonly entries: readonly TableEntry[] } {
  const aws = new InMemoryAws(() => undefined);
  for (let index = 0; index < 500; index += 1) addUser(aws, `user-${index}`, situationOf(index), NOON);
  return { aws, entries: aws.table.list() };
}

void main();
