import {
  CLOUDTRAIL_DETAIL_TYPE,
  HEALTH_DETAIL_TYPE,
  HEALTH_SOURCE,
  QUARANTINE_CALL,
  QUARANTINE_POLICY,
  QUARANTINE_SOURCE,
  RISK,
} from '../../contract/leaks';
import type { AwsPlace } from '../aws/aws-place';

/*
 * What AWS says of a leaked key. Nobody but AWS can put an event whose source begins with `aws.` (F 14.4), so the source
 * and the account are what is believed.
 */

const health = { service: [RISK] };

/** One that was carried out: who may not attach the policy can have no key replaced by asking for it. */
const quarantine = ({ partition }: AwsPlace) => ({
  eventName: [QUARANTINE_CALL],
  errorCode: [{ exists: false }],
  requestParameters: { policyArn: [{ prefix: `arn:${partition}:iam::aws:policy/${QUARANTINE_POLICY}` }] },
});

/** Every code of the service RISK: one that is not known yet is told, too. */
export const healthPattern = ({ accountId }: AwsPlace): object => ({
  account: [accountId],
  source: [HEALTH_SOURCE],
  'detail-type': [HEALTH_DETAIL_TYPE],
  detail: health,
});

/** A quarantine policy of any version, on whichever user: a pattern has no room for all names. It needs a trail. */
export const quarantinePattern = (place: AwsPlace): object => ({
  account: [place.accountId],
  source: [QUARANTINE_SOURCE],
  'detail-type': [CLOUDTRAIL_DETAIL_TYPE],
  detail: quarantine(place),
});

/** Both, for a region whose events are brought to the stack's. */
export const leakPattern = (place: AwsPlace): object => ({
  account: [place.accountId],
  source: [HEALTH_SOURCE, QUARANTINE_SOURCE],
  'detail-type': [HEALTH_DETAIL_TYPE, CLOUDTRAIL_DETAIL_TYPE],
  detail: { $or: [health, quarantine(place)] },
});
