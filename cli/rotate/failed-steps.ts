import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod';

import type { Instant } from '../../contract/instant';
import { logGroupName } from '../../contract/names';
import { Pacer, type PacerOptions } from '../../handlers/core/retirement/pacer';
import { clientConfig } from '../aws-options';
import { explainErrorInSentence } from '../explain-error';
import type { Stack } from '../stack';

/** As the rotation function logs a step that failed. */
const failedStep = z.object({
  level: z.literal('ERROR'),
  token: z.string(),
  step: z.string(),
  error: z.object({ message: z.string() }),
});

/**
 * Below what CloudWatch allows an account in a region, which differs between regions: all rotations together read so often.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
const RATE: PacerOptions = { startRate: 2, maximumRate: 4 };

/** A rotation whose steps are looked for. */
export interface LoggedRotation {
  readonly rotationFunction: string;
  readonly token: string;
  readonly askedAt: Instant;
}

/** What the log shows. */
export interface LogLook {
  /** Why a step failed last; undefined where none did, as far as could be read. */
  readonly why: string | undefined;
  /** Why the log could not be read, in a sentence. That is no fault of the rotation. */
  readonly unreadable?: string;
}

export type ReadFailedStep = (rotation: LoggedRotation) => Promise<LogLook>;

/** Reads why a step of a rotation failed, as the function logged it: Secrets Manager itself shows that nowhere. */
export function createFailedSteps({
  connection,
  clock,
}: Pick<Stack, 'connection' | 'clock'>): ReadFailedStep {
  const logs = new CloudWatchLogsClient(clientConfig(connection));
  const pacer = new Pacer(clock, RATE);
  return async ({ rotationFunction, token, askedAt }) => {
    let nextToken: string | undefined;
    let why: string | undefined;
    try {
      do {
        const query = { logGroupName: logGroupName(rotationFunction), startTime: askedAt, nextToken };
        const page = await pacer.read(() => logs.send(new FilterLogEventsCommand(query)));
        for (const { message = '' } of page.events ?? []) why = failureIn(message, token) ?? why;
        ({ nextToken } = page);
      } while (nextToken !== undefined);
    } catch (error) {
      return { why, unreadable: explainErrorInSentence(error) };
    }
    return { why };
  };
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
