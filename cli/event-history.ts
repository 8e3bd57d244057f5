import { setTimeout as sleep } from 'node:timers/promises';

import {
  CloudTrailClient,
  type Event,
  LookupEventsCommand,
  type LookupAttribute,
} from '@aws-sdk/client-cloudtrail';

import { SECOND, type Instant } from '../contract/instant';
import { type AwsConnection, clientConfig } from './aws-options';

/*
 * CloudTrail's event history: management events of the last 90 days, of one region, also where nobody made a trail.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html
 */

/** How far back it goes, in days. */
export const EVENT_HISTORY_DAYS = 90;

/**
 * Calls a second. CloudTrail allows two in each account and region, and the retirement function takes some.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export const LOOK_UPS_A_SECOND = 1.5;

export interface EventQuery {
  readonly attribute: Required<LookupAttribute>;
  readonly since: Instant;
  readonly until: Instant;
}

/** Reads all events, newest first, page by page, at the rate that CloudTrail allows. */
export async function* lookUpEvents(
  connection: AwsConnection,
  { attribute, since, until }: EventQuery,
): AsyncGenerator<Event> {
  const client = new CloudTrailClient({ ...clientConfig(connection), maxAttempts: 8, retryMode: 'adaptive' });
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new LookupEventsCommand({
        LookupAttributes: [attribute],
        StartTime: new Date(since),
        EndTime: new Date(until),
        MaxResults: 50,
        NextToken: nextToken,
      }),
    );
    yield* page.Events ?? [];
    if (page.NextToken !== undefined && page.NextToken === nextToken)
      throw new Error('CloudTrail LookupEvents answered with the page that it had answered before.');
    nextToken = page.NextToken;
    await sleep(SECOND / LOOK_UPS_A_SECOND);
  } while (nextToken !== undefined);
}
