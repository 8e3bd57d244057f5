import type { EventBus } from '../eventbridge/event-bus';
import type { RecordedCall } from '../front/recorder';
import type { Delivery } from './delivery';
import { isManagementEvent } from './management-events';
import { reportingRegion, toCloudTrailEvent } from './to-cloudtrail-event';
import type { Trails } from './trails';

/**
 * Brings calls to EventBridge, as CloudTrail does where a trail is logging: each to the bus of the region where it was
 * made, those of IAM to the bus of the region that IAM reports from.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function apiCallEvents(
  accountId: string,
  trails: Trails,
  bus: EventBus,
  delivery: Delivery,
): (call: RecordedCall) => void {
  return (call) => {
    const region = reportingRegion(call);
    if (!trails.logIn(region) || !isManagementEvent(call)) return;
    delivery(() =>
      bus.put(region, {
        source: `aws.${call.service}`,
        detailType: 'AWS API Call via CloudTrail',
        detail: toCloudTrailEvent(accountId, call),
      }),
    );
  };
}
