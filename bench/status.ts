/*
 * `status` over 5,000 users, as a process of its own, against an AWS that answers at once and throttles IAM beyond 20 calls a
 * second, or not at all. `npm run bench:status` prints seconds, calls and the peak of resident memory as JSON. The limit that
 * is asked of it is 200 MB.
 */
import { runPacked } from './support/run-packed';
import { startStubAws } from './support/stub-aws';

interface Measured {
  readonly users: number;
  readonly iamCallsPerSecondAllowed: number | 'any';
  readonly seconds: number;
  readonly iamCalls: number;
  readonly peakMegabytes: number;
}

async function measure(users: number, iamCallsPerSecondAllowed: number | 'any'): Promise<Measured> {
  const aws = await startStubAws({ users, iamCallsPerSecondAllowed });
  const { stdout, seconds, peakMegabytes } = await runPacked(['status', '--json'], aws.endpoint);
  aws.stop();
  const shown = (JSON.parse(stdout) as { users: readonly unknown[] }).users.length;
  if (shown !== users) throw new Error(`status showed ${shown} of ${users} users.`);
  return { users, iamCallsPerSecondAllowed, seconds, iamCalls: aws.calls.iam, peakMegabytes };
}

async function main(): Promise<void> {
  const results: Measured[] = [];
  for (const [users, allowed] of [
    [1000, 'any'],
    [5000, 'any'],
    [1000, 20],
  ] as const)
    results.push(await measure(users, allowed));
  console.log(JSON.stringify(results, undefined, 2));
}

void main();
