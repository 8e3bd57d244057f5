import {
  CLOUDTRAIL_DETAIL_TYPE,
  HEALTH_DETAIL_TYPE,
  HEALTH_SOURCE,
  QUARANTINE_CALL,
  QUARANTINE_POLICY,
  QUARANTINE_SOURCE,
  RISK,
} from '../../contract/leaks';
import { DRILL_DETAIL_TYPE, DRILL_SOURCE } from '../../contract/leak-drill';
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

const drill = (prefix: string) => ({ stack: [prefix] });

/** Drills of one stack. Whoever may put events may put these: whom they may be about the responder decides. */
export const drillPattern = ({ accountId }: AwsPlace, prefix: string): object => ({
  account: [accountId],
  source: [DRILL_SOURCE],
  'detail-type': [DRILL_DETAIL_TYPE],
  detail: drill(prefix),
});

/**
 * What AWS says, for a region whose events are brought to the stack's.
 *
 * @param drillsOf the prefix of a stack with a user for drills, which come the same way
 */
export const leakPattern = (place: AwsPlace, drillsOf?: string): object => ({
  account: [place.accountId],
  source: [HEALTH_SOURCE, QUARANTINE_SOURCE, ...(drillsOf === undefined ? [] : [DRILL_SOURCE])],
  'detail-type': [
    HEALTH_DETAIL_TYPE,
    CLOUDTRAIL_DETAIL_TYPE,
    ...(drillsOf === undefined ? [] : [DRILL_DETAIL_TYPE]),
  ],
  detail: {
    $or: [health, quarantine(place), ...(drillsOf === undefined ? [] : [drill(drillsOf)])],
  },
});
