import { LookupEventsCommand, type CloudTrailClient, type Event } from '@aws-sdk/client-cloudtrail';
import * as z from 'zod/mini';

import type { CallName } from '../core/model/call-errors';
import type { KeyUse, UsageTrail } from '../core/retirement/retirement-ports';
import { callAws, incomplete, readAnswer } from './call-aws';

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const recordSchema = z.object({
  userIdentity: z.optional(z.object({ arn: z.optional(z.string()) })),
  sourceIPAddress: z.optional(z.string()),
  userAgent: z.optional(z.string()),
  errorCode: z.optional(z.string()),
});

/** CloudTrail hands the record over as text. Text that is no record is left out; the rest of the event is used. */
const recordText = z.pipe(
  z.transform((text, context) => {
    try {
      return JSON.parse(String(text)) as unknown;
    } catch {
      context.issues.push({ code: 'custom', message: 'no JSON', input: text });
      return z.NEVER;
    }
  }),
  recordSchema,
);

/** Who used a key, from CloudTrail's event history of this Region. */
export class CloudTrailUsageTrail implements UsageTrail {
  constructor(private readonly client: CloudTrailClient) {}

  async recentUses(keyId: string): Promise<readonly KeyUse[]> {
    const call: CallName = { service: 'CloudTrail', action: 'LookupEvents' };
    const { Events } = await callAws(call, 'reads', (options) =>
      this.client.send(
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: 'AccessKeyId', AttributeValue: keyId }],
        }),
        options,
      ),
    );
    if (Events === undefined) throw incomplete(call, 'the answer holds no list');
    return readAnswer(call, () => Events.map(keyUseOf));
  }
}

/** What an event of CloudTrail says of the use of a key. What it does not say is `unknown`. */
export function keyUseOf({ EventTime, EventSource, EventName, CloudTrailEvent, Username }: Event): KeyUse {
  const parsed = recordText.safeParse(CloudTrailEvent);
  const record = parsed.success ? parsed.data : {};
  return {
    at: EventTime?.getTime() ?? 0,
    call: `${EventSource ?? 'unknown'} ${EventName ?? 'unknown'}`,
    principal: record.userIdentity?.arn ?? Username ?? 'unknown',
    sourceAddress: record.sourceIPAddress ?? 'unknown',
    userAgent: record.userAgent ?? 'unknown',
    hasFailed: record.errorCode !== undefined,
  };
}
