import {
  EventBridgeClient,
  EventBridgeServiceException,
  PutEventsCommand,
} from '@aws-sdk/client-eventbridge';

import { iamEventsRegion } from '../../contract/iam-events-region';
import { DRILL_DETAIL_TYPE, DRILL_SOURCE, type LeakDrill } from '../../contract/leak-drill';
import { clientConfig } from '../aws-options';
import { explainEnd, explainErrorInSentence, inSentence } from '../explain-error';
import type { Stack } from '../stack';
import type { DrillPlan } from './plan-drill';

export interface DrillBegun {
  readonly eventId: string;
  readonly eventRegion: string;
  /** In milliseconds since 1970. */
  readonly at: number;
}

/**
 * Puts the event where AWS Health puts its own, so that it comes the same way.
 *
 * @throws Error if EventBridge does not take it, or does not say whether it did
 */
export async function putDrill(
  { clock, connection, prefix, region }: Stack,
  { leakedKeyId, settings }: DrillPlan,
): Promise<DrillBegun> {
  const eventRegion = iamEventsRegion(settings.secretArn.split(':')[1] ?? 'aws') ?? region;
  const at = clock.now();
  const detail: LeakDrill = { stack: prefix, keyId: leakedKeyId, at: new Date(at).toISOString() };
  const client = new EventBridgeClient(clientConfig({ ...connection, region: eventRegion }));
  // Whatever was sent twice names the same key, which is replaced once.
  const entry = await client
    .send(
      new PutEventsCommand({
        Entries: [{ Source: DRILL_SOURCE, DetailType: DRILL_DETAIL_TYPE, Detail: JSON.stringify(detail) }],
      }),
    )
    .then(
      ({ Entries = [] }) => Entries[0],
      (error: unknown) => {
        if (error instanceof EventBridgeServiceException)
          throw refused(eventRegion, explainEnd(error), error);
        throw new Error(
          `Whether EventBridge in ${eventRegion} took the event of the drill is not known, so the drill may have begun: ` +
            `${explainErrorInSentence(error)} See \`status ${settings.stableKey}\`.`,
          { cause: error },
        );
      },
    );
  if (entry?.EventId !== undefined) return { eventId: entry.EventId, eventRegion, at };
  const why = [entry?.ErrorCode, entry?.ErrorMessage].filter(Boolean).join(': ') || 'without a reason';
  throw refused(eventRegion, why);
}

const refused = (eventRegion: string, why: string, cause?: unknown): Error =>
  new Error(
    `EventBridge in ${eventRegion} did not take the event of the drill: ${inSentence(why)} Nothing was changed.`,
    { cause },
  );
