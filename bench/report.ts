import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildCommand } from '../release/build-command';
import { defineBenchmark, ofUsers, rounded } from './support/benchmark';
import { runPacked } from './support/run-packed';
import { startStubAws } from './support/stub-aws';

interface Size {
  readonly users: number;
  readonly rotations: number;
  readonly reads: number;
}

interface ReportRun extends Size {
  readonly seconds: number;
  readonly calls: number;
  readonly peakMegabytes: number;
  readonly pageMegabytes: number;
  readonly tableMegabytes: number;
}

interface ReportFigures {
  readonly runs: readonly ReportRun[];
}

const MANY = 5_000;

const SIZES: readonly Size[] = [
  { users: 1_000, rotations: 1_000, reads: 1_000 },
  { users: MANY, rotations: MANY, reads: 10_000 },
];

async function measureRun(size: Size): Promise<ReportRun> {
  const aws = await startStubAws({ ...size, iamCallsPerSecondAllowed: 'any' });
  const folder = mkdtempSync(join(tmpdir(), 'bench-report-'));
  const [page, table] = [join(folder, 'report.html'), join(folder, 'report.csv')];
  try {
    const asked = ['report', '--json', '--html', page, '--csv', table];
    const { stdout, seconds, peakMegabytes } = await runPacked(asked, aws.endpoint);
    const { numbers } = JSON.parse(stdout) as { numbers: Readonly<Record<string, number>> };
    const found = {
      users: numbers['users'],
      rotations: numbers['rotationsSucceeded'],
      reads: numbers['reads'],
    };
    if (JSON.stringify(found) !== JSON.stringify(size))
      throw new Error(`The report has ${JSON.stringify(found)}, and it should have ${JSON.stringify(size)}.`);
    const megabytesOf = (file: string): number => rounded(statSync(file).size / 1e6, 1);
    return {
      ...size,
      ...{ seconds, calls: aws.calls.all, peakMegabytes },
      ...{ pageMegabytes: megabytesOf(page), tableMegabytes: megabytesOf(table) },
    };
  } finally {
    aws.stop();
    rmSync(folder, { recursive: true });
  }
}

async function measure(): Promise<ReportFigures> {
  buildCommand();
  const runs: ReportRun[] = [];
  for (const size of SIZES) runs.push(await measureRun(size));
  return { runs };
}

export const report = defineBenchmark<ReportFigures>({
  name: 'report',
  title: 'The command report',
  measures:
    'The packed `report` with its page, its table and its JSON over 1,000 and 5,000 users, each rotated once in the period and its secret ' +
    'read once or twice, as a process of its own, against a server that answers at once.',
  byName: 'it takes a quarter of an hour',
  limits: [
    {
      what: 'MB of resident memory of `report` with 5,000 users',
      atMost: 200,
      why: 'It runs on laptops and in pipelines beside other things, and 5,000 users are all that IAM allows an account.',
      found: (figures) => ofUsers(figures.runs, MANY).peakMegabytes,
      missed:
        'Page, table and JSON go out as they are made, but the document that they are made of has every rotation and every read. ' +
        'The rest is the program, of which every command is loaded.',
    },
    {
      what: 'calls of `report` for each user',
      atMost: 4,
      why: 'Its keys, their last use and its secret are a call each; its share of the pages of events is less than one.',
      found: (figures) => {
        const { calls, users } = ofUsers(figures.runs, MANY);
        return rounded(calls / users, 2);
      },
      missed: 'Some of the calls ask for what an earlier one has said.',
    },
  ],
  measure,
  show: ({ runs }) => [
    {
      rows: [
        ['users', 'rotations', 'reads', 'seconds', 'calls', 'peak memory, MB', 'page, MB', 'table, MB'],
        ...runs.map((run) => [
          ...[run.users, run.rotations, run.reads, run.seconds, run.calls, run.peakMegabytes],
          ...[run.pageMegabytes, run.tableMegabytes],
        ]),
      ],
    },
    {
      text: 'Most of the time is waited for CloudTrail: at the rate that it allows, 50 events take 0.6 seconds.',
    },
  ],
});
