import * as z from 'zod/mini';

import type { Instant } from '../../contract/instant';
import { readLeakDrill } from '../core/leaks/read-leak-drill';
import { readLeakReport, type LeakReport } from '../core/leaks/read-leak-report';
import { someText } from '../../contract/schema-parts';

/** What every event of EventBridge has. */
const envelopeSchema = z.object({
  id: someText,
  source: z.string(),
  account: z.string(),
  'detail-type': z.string(),
  detail: z.record(z.string(), z.unknown()),
});

/** Where the responder is. */
export interface ResponderPlace {
  readonly accountId: string;
  /** The stack's prefix. */
  readonly stack: string;
}

/**
 * @throws Error if it is no report of a leaked key and no drill, or of another account. Its values are not quoted: it may be anything.
 */
export function parseReport(input: unknown, { accountId, stack }: ResponderPlace, now: Instant): LeakReport {
  const envelope = envelopeSchema.safeParse(input);
  const isOfAccount = envelope.success && envelope.data.account === accountId;
  const report = isOfAccount
    ? (readLeakReport(envelope.data, now) ?? readLeakDrill(envelope.data, stack))
    : undefined;
  if (report !== undefined) return report;
  throw new Error(
    "This function answers AWS's reports of leaked keys of its account: a Health event of the service RISK, or " +
      'AttachUserPolicy of a quarantine policy; and drills of its stack. It was invoked with something else. Nothing was done.',
  );
}
