import {
  CloudWatchLogsClient,
  CloudWatchLogsServiceException,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod';

import type { Instant } from '../../contract/instant';
import { logGroupName } from '../../contract/names';
import { clientConfig } from '../aws-options';
import type { Stack } from '../stack';

/** As the rotation function logs a step that failed. */
const failedStep = z.object({
  level: z.literal('ERROR'),
  token: z.string(),
  step: z.string(),
  error: z.object({ message: z.string() }),
});

/**
 * Why a step of a rotation failed, as the function logged it: Secrets Manager itself shows that nowhere.
 *
 * @returns undefined where no step failed, or the log may not be read
 */
export async function readFailedStep(
  { connection }: Stack,
  rotationFunction: string,
  { token, askedAt }: { readonly token: string; readonly askedAt: Instant },
): Promise<string | undefined> {
  const logs = new CloudWatchLogsClient(clientConfig(connection));
  let nextToken: string | undefined;
  let last: string | undefined;
  try {
    do {
      const page = await logs.send(
        new FilterLogEventsCommand({
          logGroupName: logGroupName(rotationFunction),
          startTime: askedAt,
          nextToken,
        }),
      );
      for (const { message = '' } of page.events ?? []) last = failureIn(message, token) ?? last;
      ({ nextToken } = page);
    } while (nextToken !== undefined);
  } catch (error) {
    const isUnreadable =
      error instanceof CloudWatchLogsServiceException &&
      ['AccessDeniedException', 'ResourceNotFoundException'].includes(error.name);
    if (!isUnreadable) throw error;
  }
  return last;
}

function failureIn(line: string, token: string): string | undefined {
  if (!line.includes(token)) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    // Lambda's own lines are no JSON.
    return undefined;
  }
  const found = failedStep.safeParse(parsed);
  if (!found.success || found.data.token !== token) return undefined;
  return found.data.error.message;
}
