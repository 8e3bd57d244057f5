import { setTimeout as sleep } from 'node:timers/promises';

import type { EventBus } from '../eventbridge/event-bus';

export interface CloudTrailTiming {
  /** How long it takes until EventBridge has an event. AWS: minutes. */
  readonly delayMs: number;
  /** Whether every second event overtakes the one before it. */
  readonly reordered: boolean;
  /** Whether every event comes twice. */
  readonly repeated: boolean;
}

/** Does what brings an event to EventBridge, when it is time for it. */
export type Delivery = (put: () => void) => void;

/**
 * CloudTrail promises neither that an event comes soon, nor that it comes once, nor that it comes before later ones.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html
 */
export function lateDelivery(
  bus: EventBus,
  { delayMs, reordered, repeated }: CloudTrailTiming,
  stopping: AbortSignal,
): Delivery {
  let count = 0;
  return (put) => {
    count += 1;
    const isOvertaken = reordered && count % 2 === 1;
    bus.follow(async () => {
      await sleep(isOvertaken ? 3 * delayMs : delayMs, undefined, { signal: stopping });
      put();
      if (repeated) put();
    });
  };
}
