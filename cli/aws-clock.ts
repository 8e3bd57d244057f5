import { setTimeout as sleep } from 'node:timers/promises';

import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import { SECOND, type Milliseconds } from '../contract/instant';
import type { Clock } from '../handlers/core/model/ports';
import { CLOCK_SKEW } from '../handlers/core/model/timing';
import { clientConfig, type AwsConnection } from './aws-options';

/** AWS's time, and how far it is ahead of this machine's: requests are signed with it, too. */
export interface AwsClock extends Clock {
  readonly offset: Milliseconds;
}

/**
 * AWS's own time. Leases and overlaps are compared with moments that functions wrote down, whose clocks Lambda keeps;
 * a person's machine may be minutes off, and would take a lease that another process still holds.
 */
export async function createAwsClock(connection: AwsConnection): Promise<AwsClock> {
  const offset = await measureOffset(connection);
  return {
    offset,
    now: () => Date.now() + offset,
    sleep: async (duration) => {
      await sleep(duration);
    },
  };
}

/** How far AWS's clock is ahead of ours; 0 where they agree as far as a header in whole seconds can show. */
async function measureOffset(connection: AwsConnection): Promise<Milliseconds> {
  const client = new STSClient(clientConfig(connection));
  let serverDate: string | undefined;
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      serverDate = readDateHeader(result.response);
      return result;
    },
    { step: 'deserialize', name: 'readServerDate', priority: 'low' },
  );
  const sentAt = Date.now();
  await client.send(new GetCallerIdentityCommand({}));
  const receivedAt = Date.now();
  const serverTime = Date.parse(serverDate ?? '') + SECOND / 2;
  if (Number.isNaN(serverTime))
    throw new Error('AWS STS answered without a Date header, so the time is not known.');
  const offset = serverTime - (sentAt + receivedAt) / 2;
  return Math.abs(offset) < CLOCK_SKEW ? 0 : Math.round(offset);
}

function readDateHeader(response: unknown): string | undefined {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return undefined;
  const { date } = response.headers as Readonly<Record<string, string>>;
  return date;
}
