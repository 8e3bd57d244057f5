import * as z from 'zod/mini';
import { $ZodError } from 'zod/v4/core';

import { EVENT_SOURCE, isDetailType } from '../../../contract/telemetry-names';
import { readLeakReport } from '../leaks/read-leak-report';
import type { FaultReport } from './fault-report';
import type { NotificationPlace } from './notification-ports';
import { readAlarmEvent } from './read-alarm-event';
import { readLifecycleEvent } from './read-lifecycle-event';
import { readServiceEvent } from './read-service-event';
import { readSuspiciousAct } from './read-suspicious-act';
import { tellReport } from './tell-leak';
import { someText } from '../../../contract/schema-parts';

/** Only the rules on acts of others let these through. */
const API_CALL = 'AWS API Call via CloudTrail';

/** What every event of EventBridge has. */
const envelopeSchema = z.object({
  id: someText,
  source: z.string(),
  account: z.string(),
  'detail-type': z.string(),
  detail: z.record(z.string(), z.unknown()),
  time: z.catch(z.optional(z.string()), undefined),
});

export interface HeardEvent {
  /** Deliveries of one event have it in common. */
  readonly id: string;
  /** Nothing, that a fault is there, or that some are over. */
  readonly reports: readonly FaultReport[];
}

/** An event that no rule of the stack should have let through. */
export class UnknownEventError extends Error {
  override readonly name = 'UnknownEventError';

  constructor(found: string, options?: ErrorOptions) {
    super(
      `An event that this function does not know: ${found}. Nobody was told of it. Its rules in EventBridge and its ` +
        'code come from one `terraform apply`: run it again, and compare the rule with what modules/rotation-alarms/ has.',
      options,
    );
  }
}

/**
 * What an event of EventBridge says of faults.
 *
 * @throws UnknownEventError also if it is of another account or stack.
 */
export function readEvent(input: unknown, place: NotificationPlace): HeardEvent {
  const envelope = envelopeSchema.safeParse(input);
  if (!envelope.success) throw new UnknownEventError('it has no id, source, account, detail-type and detail');
  const { account, detail } = envelope.data;
  if (account !== place.accountId) throw new UnknownEventError('it is of another account');
  if (envelope.data.source === EVENT_SOURCE && detail['stack'] !== place.stack)
    throw new UnknownEventError('it is of another stack');
  return { id: envelope.data.id, reports: reportsOf(envelope.data, place) };
}

function reportsOf(
  envelope: z.output<typeof envelopeSchema>,
  place: NotificationPlace,
): readonly FaultReport[] {
  const leak = readLeakReport(envelope, Date.parse(envelope.time ?? '') || 0);
  return leak === undefined ? otherReportsOf(envelope, place) : tellReport(leak);
}

function otherReportsOf(
  { id, source, 'detail-type': detailType, detail }: z.output<typeof envelopeSchema>,
  { stack, secretPrefix }: NotificationPlace,
): readonly FaultReport[] {
  try {
    if (detailType === API_CALL) return readSuspiciousAct(detail, { id, secretPrefix });
    switch (source) {
      case EVENT_SOURCE:
        // One apply updates this function, the others and the rules, in no order. An event that only a newer version knows
        // comes again, or ends in the queue that is watched.
        if (!isDetailType(detailType)) throw new UnknownEventError(`${detailType} of ${source}`);
        return readLifecycleEvent(detailType, detail);
      case 'aws.cloudwatch':
        return readAlarmEvent(detail, stack);
      case 'aws.secretsmanager':
        return readServiceEvent(detail, secretPrefix);
      default:
        throw new UnknownEventError(`${detailType} of ${source}`);
    }
  } catch (error) {
    if (!(error instanceof $ZodError)) throw error;
    throw new UnknownEventError(`${detailType} of ${source} (${z.prettifyError(error)})`, { cause: error });
  }
}
