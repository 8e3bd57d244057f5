import { buildCommand } from '../release/build-command';
import { defineBenchmark, ofUsers, rounded } from './support/benchmark';
import { runPacked } from './support/run-packed';
import { startStubAws } from './support/stub-aws';

interface StatusRun {
  readonly users: number;
  readonly iamCallsPerSecondAllowed: number | 'any';
  readonly seconds: number;
  /** With those that were throttled. */
  readonly iamCalls: number;
  readonly peakMegabytes: number;
}

interface StatusFigures {
  readonly runs: readonly StatusRun[];
}

const RATE = 20;
const FEW = 1_000;
const MANY = 5_000;

async function measureRun(users: number, iamCallsPerSecondAllowed: number | 'any'): Promise<StatusRun> {
  const aws = await startStubAws({ users, iamCallsPerSecondAllowed });
  try {
    const { stdout, seconds, peakMegabytes } = await runPacked(['status', '--json'], aws.endpoint);
    const shown = (JSON.parse(stdout) as { users: readonly unknown[] }).users.length;
    if (shown !== users) throw new Error(`status showed ${shown} of ${users} users.`);
    return { users, iamCallsPerSecondAllowed, seconds, iamCalls: aws.calls.iam, peakMegabytes };
  } finally {
    aws.stop();
  }
}

async function measure(): Promise<StatusFigures> {
  buildCommand();
  const runs: StatusRun[] = [];
  for (const [users, allowed] of [
    [FEW, 'any'],
    [MANY, 'any'],
    [FEW, RATE],
  ] as const)
    runs.push(await measureRun(users, allowed));
  return { runs };
}

const atUsualRate = ({ runs }: StatusFigures): StatusRun =>
  ofUsers(
    runs.filter(({ iamCallsPerSecondAllowed: allowed }) => allowed === RATE),
    FEW,
  );

export const status = defineBenchmark<StatusFigures>({
  name: 'status',
  title: 'The command status',
  measures:
    'The packed `status --json` over 1,000 and 5,000 users with a key each, as a process of its own, against a server that answers at once: ' +
    'without a limit for IAM, and with one of 20 calls a second, which the command does not know.',
  byName: 'it takes five minutes',
  limits: [
    {
      what: 'MB of resident memory of `status` with 5,000 users',
      atMost: 200,
      why: 'It runs on laptops and in pipelines beside other things, and 5,000 users are all that IAM allows an account.',
      found: (figures) => ofUsers(figures.runs, MANY).peakMegabytes,
      missed:
        'What it keeps of each user until it prints is too much; a snapshot of the heap says what it is.',
    },
    {
      what: 'calls of `status` to IAM for each user',
      atMost: 2,
      why: 'One for the keys, and one for the last use of its only key: IAM allows an account few calls a second, which others share.',
      found: (figures) => rounded(ofUsers(figures.runs, MANY).iamCalls / MANY, 2),
      missed: 'Some of the calls ask for what an earlier one has said.',
    },
    {
      what: '% of a rate of 20 IAM calls a second used by `status`',
      atLeast: 90,
      why: 'Somebody sits before it and waits.',
      found: (figures) => {
        const { iamCalls, seconds } = atUsualRate(figures);
        return rounded((iamCalls / (seconds * RATE)) * 100, 1);
      },
      missed:
        'It begins with 10 calls a second and finds the rate by going beyond it, which a short run ends too early.',
    },
  ],
  measure,
  show: ({ runs }) => [
    {
      rows: [
        ['users', 'IAM calls per second allowed', 'seconds', 'IAM calls', 'peak memory, MB'],
        ...runs.map(({ users, iamCallsPerSecondAllowed: allowed, seconds, iamCalls, peakMegabytes }) => [
          ...[users, allowed === 'any' ? 'any number' : allowed, seconds, iamCalls, peakMegabytes],
        ]),
      ],
    },
  ],
});
