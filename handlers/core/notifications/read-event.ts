import * as z from 'zod';

import { EVENT_SOURCE } from '../telemetry/names';
import type { FaultReport } from './fault-report';
import { readAlarmEvent } from './read-alarm-event';
import { readLifecycleEvent } from './read-lifecycle-event';
import { readServiceEvent } from './read-service-event';

/** What every event of EventBridge has. */
const envelopeSchema = z.object({
  source: z.string(),
  'detail-type': z.string(),
  detail: z.record(z.string(), z.unknown()),
});

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
 * What an event of EventBridge says of faults: nothing, that one is there, or that some are over.
 *
 * @throws UnknownEventError
 */
export function readEvent(input: unknown, stack: string): readonly FaultReport[] {
  const envelope = envelopeSchema.safeParse(input);
  if (!envelope.success) throw new UnknownEventError('it has no source, detail-type and detail');
  const { source, 'detail-type': detailType, detail } = envelope.data;
  try {
    switch (source) {
      case EVENT_SOURCE:
        return readLifecycleEvent(detailType, detail);
      case 'aws.cloudwatch':
        return readAlarmEvent(detail, stack);
      case 'aws.secretsmanager':
        return readServiceEvent(detail, stack);
      default:
        throw new UnknownEventError(`${detailType} of ${source}`);
    }
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new UnknownEventError(`${detailType} of ${source} (${z.prettifyError(error)})`, { cause: error });
  }
}
