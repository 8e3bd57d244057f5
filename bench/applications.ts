/*
 * `npm run bench:applications` has applications make 50 calls a second on the local AWS through 20 rotations, an outage of two
 * minutes, an emergency, a rollback and rotations without overlap, and prints how many failed. It takes about a quarter of an
 * hour.
 */
import { MINUTE, SECOND } from '../contract/instant';
import { runApplications, tableOf } from '../test/e2e/client/support/run-applications';

async function main(): Promise<void> {
  const size = { rotations: 20, rotationsWithoutOverlap: 5, outageSeconds: (2 * MINUTE) / SECOND };
  const times = { refreshSeconds: 12, propagationSeconds: 2, farPropagationSeconds: 6 };
  const report = await runApplications({ ...size, ...times }, (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${tableOf(report)}\n`);
}

void main();
