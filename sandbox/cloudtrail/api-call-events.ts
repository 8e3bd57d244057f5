import type { EventBus } from '../eventbridge/event-bus';
import type { RecordedCall } from '../front/recorder';
import { isManagementEvent } from './management-events';
import { toCloudTrailEvent } from './to-cloudtrail-event';
import type { Trails } from './trails';

/**
 * Brings calls to EventBridge, as CloudTrail does where a trail is logging. Those of IAM are on the one bus that there is
 * here; AWS has them on that of one region.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function apiCallEvents(
  accountId: string,
  trails: Trails,
  bus: EventBus,
): (call: RecordedCall) => void {
  return (call) => {
    if (!trails.someoneIsLogging || !isManagementEvent(call)) return;
    bus.put({
      source: `aws.${call.service}`,
      detailType: 'AWS API Call via CloudTrail',
      detail: toCloudTrailEvent(accountId, call),
    });
  };
}
