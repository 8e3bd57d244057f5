import type { EventBus } from '../eventbridge/event-bus';
import type { ServiceEvent } from '../secrets-manager/rotation-events';
import type { Delivery } from './delivery';
import type { Trails } from './trails';

/**
 * Brings what Secrets Manager reports to EventBridge, as CloudTrail does where a trail is logging.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event.html
 */
export function serviceEvents(
  trails: Trails,
  bus: EventBus,
  delivery: Delivery,
): (event: ServiceEvent) => void {
  return (event) => {
    if (!trails.logIn(event.awsRegion)) return;
    delivery(() =>
      bus.put(event.awsRegion, {
        source: 'aws.secretsmanager',
        detailType: 'AWS Service Event via CloudTrail',
        detail: event,
      }),
    );
  };
}
