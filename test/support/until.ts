import { setTimeout as sleep } from 'node:timers/promises';

/** For what never comes, so that its reason is told before Jest ends the test. */
const LIMIT = 5 * 60_000;

/**
 * Looks again and again until it is so, however busy the machine is.
 *
 * @param show what there is instead
 * @throws Error with that after five minutes
 */
export async function until(isSo: () => boolean, show: () => unknown): Promise<void> {
  const end = Date.now() + LIMIT;
  while (!isSo()) {
    if (Date.now() > end)
      throw new Error(`It did not come to this: ${isSo.toString()}. There is: ${JSON.stringify(show())}`);
    await sleep(20);
  }
}
