/*
 * `report` over 5,000 users and thousands of rotations, as a process of its own, against an AWS that answers at once.
 * `npm run bench:report` prints seconds, calls and the peak of resident memory as JSON. The limit that is asked of it is 200 MB.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runPacked } from './support/run-packed';
import { startStubAws } from './support/stub-aws';

interface Size {
  readonly users: number;
  readonly rotations: number;
  readonly reads: number;
}

interface Measured extends Size {
  readonly seconds: number;
  readonly calls: number;
  readonly peakMegabytes: number;
  /** Of the page, and of the table. */
  readonly megabytesWritten: readonly [html: number, csv: number];
}

async function measure(size: Size): Promise<Measured> {
  const aws = await startStubAws({ ...size, iamCallsPerSecondAllowed: 'any' });
  const folder = mkdtempSync(join(tmpdir(), 'bench-report-'));
  const [html, csv] = [join(folder, 'report.html'), join(folder, 'report.csv')];
  try {
    const { stdout, seconds, peakMegabytes } = await runPacked(
      ['report', '--json', '--html', html, '--csv', csv],
      aws.endpoint,
    );
    const { numbers } = JSON.parse(stdout) as { numbers: Readonly<Record<string, number>> };
    const found = {
      users: numbers['users'],
      rotations: numbers['rotationsSucceeded'],
      reads: numbers['reads'],
    };
    if (JSON.stringify(found) !== JSON.stringify(size))
      throw new Error(`The report has ${JSON.stringify(found)}, and it should have ${JSON.stringify(size)}.`);
    const megabytesOf = (file: string): number => Math.round(statSync(file).size / 1e5) / 10;
    return {
      ...size,
      ...{ seconds, calls: aws.calls.all, peakMegabytes },
      megabytesWritten: [megabytesOf(html), megabytesOf(csv)],
    };
  } finally {
    aws.stop();
    rmSync(folder, { recursive: true });
  }
}

async function main(): Promise<void> {
  const results: Measured[] = [];
  for (const size of [
    { users: 1000, rotations: 1000, reads: 1000 },
    { users: 5000, rotations: 5000, reads: 10_000 },
  ])
    results.push(await measure(size));
  console.log(JSON.stringify(results, undefined, 2));
}

void main();
