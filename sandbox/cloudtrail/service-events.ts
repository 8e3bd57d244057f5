import type { EventBus } from '../eventbridge/event-bus';
import type { ServiceEvent } from '../secrets-manager/rotation-events';
import type { Trails } from './trails';

/**
 * Brings what Secrets Manager reports to EventBridge, as CloudTrail does where a trail is logging.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event.html
 */
export function serviceEvents(trails: Trails, bus: EventBus): (event: ServiceEvent) => void {
  return (event) => {
    if (!trails.someoneIsLogging) return;
    bus.put({
      source: 'aws.secretsmanager',
      detailType: 'AWS Service Event via CloudTrail',
      detail: event,
    });
  };
}
