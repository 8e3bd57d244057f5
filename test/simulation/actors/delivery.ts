import type { Actor } from '../engine/running';
import type { Subject } from '../subject';

/** One run of the delivery function, whatever began it: an event, or the hour. */
export function delivery(subject: Subject): Actor {
  return {
    name: 'delivery',
    async play(stage) {
      const { settings } = stage.world;
      await stage
        .invoke('run', async (ports) => {
          const known = await ports.settings.read(settings.stableKey);
          return known === undefined ? undefined : subject.deliver(ports, known);
        })
        .catch(() => undefined);
    },
  };
}
