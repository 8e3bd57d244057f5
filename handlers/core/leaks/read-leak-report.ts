import * as z from 'zod/mini';

import type { Instant } from '../../../contract/instant';
import {
  CLOUDTRAIL_DETAIL_TYPE,
  HEALTH_DETAIL_TYPE,
  HEALTH_SOURCE,
  LEAK_CODES,
  QUARANTINE_CALL,
  QUARANTINE_POLICY,
  QUARANTINE_SOURCE,
  RISK,
} from '../../../contract/leaks';
import { someText } from '../../../contract/schema-parts';

/** AWS's word that a key is exposed. */
export interface LeakReport {
  /** The same for every delivery of it, in whichever region: Health's event ARN, or CloudTrail's event id. */
  readonly id: string;
  /** The code of the Health event, or the name of the quarantine policy. */
  readonly code: string;
  /** Whether this version knows the code: of another one people are told, and it starts nothing. */
  readonly isKnown: boolean;
  /** When AWS saw it. */
  readonly at: Instant;
  readonly keyIds: readonly string[];
  /** Where AWS names no key, but a user. */
  readonly userNames: readonly string[];
  /** AWS reported nothing: it is a drill. */
  readonly drill?: true;
}

/** What every event of EventBridge has; `aws.` as its source is refused to whoever is not AWS (F 14.4). */
export interface Heard {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html */
const healthSchema = z.object({
  service: z.literal(RISK),
  eventTypeCode: z.string().check(z.regex(/^[A-Z0-9_]{1,100}$/)),
  eventArn: z.catch(z.optional(z.string()), undefined),
  communicationId: z.catch(z.optional(z.string()), undefined),
  startTime: z.catch(z.optional(z.string()), undefined),
  affectedEntities: z.catch(z.optional(z.array(z.object({ entityValue: someText }))), []),
});

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const quarantineSchema = z.object({
  eventName: z.literal(QUARANTINE_CALL),
  eventTime: z.iso.datetime({ offset: true }),
  eventID: z.catch(z.optional(z.string()), undefined),
  errorCode: z.optional(z.undefined()),
  requestParameters: z.object({ userName: someText, policyArn: z.string() }),
});

/** Of AWS's own account `aws`: a policy of a customer may be called so, too. */
const QUARANTINE_ARN = new RegExp(`^arn:aws[a-z-]*:iam::aws:policy/(?:.*/)?(${QUARANTINE_POLICY}\\w*)$`);

const KEY_ID = /^A[A-Z0-9]{15,127}$/;

/**
 * What an event says of a leak; undefined: it is about something else.
 *
 * @param now for a report that does not say when AWS saw it
 */
export function readLeakReport(heard: Heard, now: Instant): LeakReport | undefined {
  if (heard.source === HEALTH_SOURCE && heard['detail-type'] === HEALTH_DETAIL_TYPE)
    return readHealthEvent(heard, now);
  if (heard.source === QUARANTINE_SOURCE && heard['detail-type'] === CLOUDTRAIL_DETAIL_TYPE)
    return readQuarantine(heard);
  return undefined;
}

function readHealthEvent({ id, detail }: Heard, now: Instant): LeakReport | undefined {
  const parsed = healthSchema.safeParse(detail);
  if (!parsed.success) return undefined;
  const { eventTypeCode: code, eventArn, communicationId, startTime, affectedEntities = [] } = parsed.data;
  const entities = [...new Set(affectedEntities.map(({ entityValue }) => entityValue))];
  const at = Date.parse(startTime ?? '');
  return {
    id: eventArn ?? communicationId ?? id,
    code,
    isKnown: LEAK_CODES.includes(code),
    at: Number.isNaN(at) ? now : at,
    keyIds: entities.filter((entity) => KEY_ID.test(entity)),
    userNames: entities.filter((entity) => !KEY_ID.test(entity)).map(nameIn),
  };
}

/** Which entity a quarantine has is not documented: a key, or perhaps the user, by name or by ARN (F 14.1). */
const nameIn = (entity: string): string =>
  /^arn:[^:]*:iam::\d{12}:user\/(?:.*\/)?([^/]+)$/.exec(entity)?.[1] ?? entity;

function readQuarantine({ id, detail }: Heard): LeakReport | undefined {
  const parsed = quarantineSchema.safeParse(detail);
  if (!parsed.success) return undefined;
  const { eventTime, eventID, requestParameters } = parsed.data;
  const code = QUARANTINE_ARN.exec(requestParameters.policyArn)?.[1];
  if (code === undefined) return undefined;
  return {
    id: eventID ?? id,
    code,
    isKnown: true,
    at: Date.parse(eventTime),
    keyIds: [],
    userNames: [requestParameters.userName],
  };
}
