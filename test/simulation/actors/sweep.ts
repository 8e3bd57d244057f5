import type { Actor } from '../engine/running';
import { STABLE_KEY } from '../engine/world';
import type { Subject } from '../subject';

/** One run of the retirement function. */
export function sweep(subject: Subject): Actor {
  return {
    name: 'sweep',
    async play(stage) {
      await stage.invoke('run', (ports) => subject.sweep(ports, STABLE_KEY)).catch(() => undefined);
    },
  };
}
