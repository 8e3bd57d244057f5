import type { Actor } from '../engine/running';
import type { Subject } from '../subject';

/** One run of the retirement function. */
export function sweep(subject: Subject): Actor {
  return {
    name: 'sweep',
    async play(stage) {
      await stage.invoke('run', (ports) => subject.sweep(ports)).catch(() => undefined);
    },
  };
}
