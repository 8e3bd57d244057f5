import type { Event } from '@aws-sdk/client-cloudtrail';
import * as z from 'zod';

import type { Instant } from '../../contract/instant';

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const recordSchema = z.object({
  userIdentity: z
    .object({
      type: z.string().optional(),
      arn: z.string().optional(),
      accountId: z.string().optional(),
      principalId: z.string().optional(),
      userName: z.string().optional(),
      invokedBy: z.string().optional(),
      sessionContext: z
        .object({ sessionIssuer: z.object({ arn: z.string().optional() }).optional() })
        .optional(),
    })
    .optional(),
  sourceIPAddress: z.string().optional(),
  userAgent: z.string().optional(),
  errorCode: z.string().optional(),
  errorMessage: z.string().optional(),
  requestParameters: z
    .object({
      secretId: z.string().optional(),
      userName: z.string().optional(),
      accessKeyId: z.string().optional(),
      status: z.string().optional(),
    })
    .nullish(),
  responseElements: z
    .object({
      accessKey: z.object({ accessKeyId: z.string().optional(), userName: z.string().optional() }).optional(),
    })
    .nullish(),
  additionalEventData: z.object({ SecretId: z.string().optional() }).nullish(),
});

export type TrailRecord = z.output<typeof recordSchema> & { readonly at: Instant };

/** CloudTrail hands a record over as text. Undefined: it is none that can be read. */
export function recordIn({ EventTime, CloudTrailEvent }: Event): TrailRecord | undefined {
  if (EventTime === undefined || CloudTrailEvent === undefined) return undefined;
  let content: unknown;
  try {
    content = JSON.parse(CloudTrailEvent);
  } catch {
    return undefined;
  }
  const parsed = recordSchema.safeParse(content);
  return parsed.success ? { ...parsed.data, at: EventTime.getTime() } : undefined;
}

/** A role rather than its sessions; of another account CloudTrail shows the owner no more than the account. */
export function principalOf({ userIdentity }: TrailRecord): string {
  const { sessionContext, arn, invokedBy, accountId, principalId } = userIdentity ?? {};
  const known = sessionContext?.sessionIssuer?.arn ?? arn ?? invokedBy;
  if (known !== undefined) return known;
  if (accountId !== undefined)
    return `account ${accountId}${principalId === undefined ? '' : ` (${principalId})`}`;
  return principalId ?? 'unknown';
}
