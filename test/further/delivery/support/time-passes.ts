import { setTimeout as sleep } from 'node:timers/promises';

import type { Milliseconds } from '../../../../contract/instant';
import type { LocalAws } from '../../../../sandbox/local-aws';

/** Time passes, for what sleeps in the functions, too, until the work is done; so fast that nobody waits for it. */
export async function whileTimePasses<Result>(
  aws: LocalAws,
  work: Promise<Result>,
  { step, everyMs }: { readonly step: Milliseconds; readonly everyMs: number } = {
    step: 5_000,
    everyMs: 300,
  },
): Promise<Result> {
  const over = work.then(() => true);
  while (!(await Promise.race([over, sleep(everyMs, false)]))) aws.letPass(step);
  return work;
}
