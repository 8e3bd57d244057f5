import { parseArgs } from 'node:util';

import { silenceNodeVersionWarning } from '../../../handlers/aws/sdk-node-version';
import { EmergencyRun } from './emergency-run';

/** `npx tsx test/simulation/emergency/run.ts [--users N] [--kills N] [--seed S]` */
async function main(): Promise<void> {
  silenceNodeVersionWarning();
  const { values } = parseArgs({
    options: {
      users: { type: 'string', default: '500' },
      kills: { type: 'string', default: '10' },
      seed: { type: 'string' },
    },
  });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 0x7fffffff));
  const users = Number(values.users);
  const startedAt = performance.now();
  const run = new EmergencyRun(users, Number(values.kills), seed);
  const broken = await run.toTheEnd();
  for (const line of broken) console.error(line);
  if (broken.length > 0) process.exitCode = 1;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `simulation: an emergency of ${users} users, seed ${seed}, killed ${run.killedAt.length} times (at calls ${run.killedAt.join(', ')}), ` +
      `${run.callsInAll} calls, at most ${run.busiestSecond} of IAM in a second, ${run.minutes} min of virtual time, in ${seconds} s: ` +
      (broken.length === 0
        ? 'every key replaced, none twice, every rule held'
        : `${broken.length} things are wrong`),
  );
}

void main();
