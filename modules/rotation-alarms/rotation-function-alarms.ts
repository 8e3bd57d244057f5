import type { AlarmDefinition } from './alarm-definition';
import { ofFunction, ofStack, ofUser } from './metrics';
import { SEEN_FOR_A_DAY } from './timings';

const READ_THE_LOG = (functionName: string): string =>
  `read the log group /aws/lambda/${functionName}; the last error says what was found and what to do. Secrets Manager tries again by itself, so a single failure may be over already.`;

export interface WatchedFunction {
  /** The stack's prefix. */
  readonly stack: string;
  readonly stableKey: string;
  /**
   * What the names in the Terraform addresses begin with. Never a reference.
   * @default the stable key, which is then no reference either
   */
  readonly address?: string;
  readonly functionName: string;
}

/**
 * Whether the function of one user fails, or is kept from running.
 *
 * Lambda's own count of errors, because the function cannot miss itself there: a crash, a time-out or a lack of memory
 * ends an invocation before it can count anything. What it can count is taken off: a rotation that waits for a free slot
 * ends with an error, too, so that Secrets Manager leaves it for later, and is no failure (`RotationDeferred`). FILL makes
 * a count that was never made 0; without it the difference, and with it the crash, would be missing data.
 */
export function alarmsOfFunction({
  stack,
  stableKey,
  address = stableKey,
  functionName,
}: WatchedFunction): readonly AlarmDefinition[] {
  return [
    {
      kind: 'rotationFailed',
      stableKey,
      address: `${address}_rotation_failed`,
      means: `The rotation function of ${stableKey} ended with an error within the last 24 hours: a step of a rotation failed, or Terraform's first key, or a removal was refused that was not announced. The current key goes on working.`,
      first: READ_THE_LOG(functionName),
      watched: {
        metrics: {
          errors: ofFunction(functionName, 'Errors'),
          deferred: ofUser(stack, stableKey, 'RotationDeferred'),
        },
        expression: 'errors - FILL(deferred, 0)',
      },
      ...{ comparison: 'GreaterThanThreshold', threshold: 0, ...SEEN_FOR_A_DAY },
    },
    {
      kind: 'functionThrottled',
      stableKey,
      address: `${address}_throttled`,
      means: `Lambda did not let the rotation function of ${stableKey} run, because the account uses all of its concurrency in this region. ${THROTTLED}`,
      first: RAISE_CONCURRENCY,
      watched: ofFunction(functionName, 'Throttles'),
      ...{ comparison: 'GreaterThanThreshold', threshold: 0, ...SEEN_FOR_A_DAY },
    },
  ];
}

/** The same for the function that all users share. Its throttling is watched with that of the others of the stack. */
export function alarmOfSharedFunction(stack: string, functionName: string): AlarmDefinition {
  return {
    kind: 'rotationFailed',
    address: 'rotation-failed',
    means:
      'The rotation function ended with an error within the last 24 hours: a step of a rotation failed, or a first key of Terraform, or a removal was refused that was not announced. The current keys go on working.',
    first: READ_THE_LOG(functionName),
    watched: {
      metrics: {
        errors: ofFunction(functionName, 'Errors'),
        deferred: ofStack(stack, 'RotationDeferred', 'Sum'),
      },
      expression: 'errors - FILL(deferred, 0)',
    },
    ...{ comparison: 'GreaterThanThreshold', threshold: 0, ...SEEN_FOR_A_DAY },
  };
}

/**
 * One for all functions of the stack, on what they count themselves: it cannot see a crash, a time-out or throttling.
 * Those show as a rotation that is stuck or overdue, which the retirement function finds within a day.
 */
export function alarmOfAllFunctions(stack: string): AlarmDefinition {
  return {
    kind: 'rotationFailed',
    address: 'rotation-failed',
    means:
      'A step of a rotation failed within the last 24 hours. The current key of the user goes on working. The metric RotationFailed has the dimension User, too, which says whose.',
    first: "look for RotationFailed by user in CloudWatch, then read the log of that user's function.",
    watched: ofStack(stack, 'RotationFailed', 'Sum'),
    ...{ comparison: 'GreaterThanThreshold', threshold: 0, ...SEEN_FOR_A_DAY },
  };
}

export const THROTTLED =
  'Whoever invoked it tries again, so nothing is lost yet; it has to end before a rotation or a retirement is late.';

export const RAISE_CONCURRENCY =
  "look at Lambda's ConcurrentExecutions in this region, find who uses them up, and have the quota raised if it is too low (new accounts begin with 10).";
