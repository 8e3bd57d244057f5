import type { History } from './history';
import { brokenPromises } from './rules';
import { NotificationWorld } from './world';

export interface Outcome {
  readonly broken: readonly string[];
  /** Calls that the moves made. */
  readonly calls: number;
  readonly transcript: readonly string[];
}

/** Runs one history until every delivery has come to its end. The same history always runs the same. */
export async function runHistory(history: History, transcript = false): Promise<Outcome> {
  const world = new NotificationWorld(history.events, history.seed, transcript);
  let calls = 0;
  for (const move of history.moves) {
    switch (move.move) {
      case 'deliver':
        await world.deliver(move.event % history.events.length);
        break;
      case 'wait':
        await world.scheduler.advanceTo(world.scheduler.now + move.for);
        break;
      case 'run':
        for (let call = 0; call <= move.calls; call += 1) {
          const delivery = world.underWay[move.who % Math.max(1, world.underWay.length)];
          if (delivery === undefined || (call === move.calls && move.then === undefined)) break;
          await world.step(delivery, call === move.calls ? move.then : undefined);
          calls += 1;
        }
        break;
    }
  }
  while (world.underWay.length > 0) await world.finish(world.underWay[0]!);
  for (const event of history.events.keys()) {
    if (world.deliveries.some((delivery) => delivery.event === event)) continue;
    await world.finish(await world.deliver(event));
  }
  return { broken: brokenPromises(world), calls, transcript: world.transcript };
}
