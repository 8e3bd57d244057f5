import { setTimeout as sleep } from 'node:timers/promises';

import type { Clock } from '../core/model/ports';

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (duration) => {
    await sleep(duration);
  },
};
