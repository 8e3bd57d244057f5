import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

import type { LocalAws } from '../local-aws';

/** What the retirement function did for one user, and why. */
export interface Retirement {
  readonly user: string;
  /** `deactivate`, `delete`, `requestRotation`, … */
  readonly decision: string;
  readonly keyId?: string;
  readonly reason: string;
}

/**
 * Runs the retirement function once, as EventBridge Scheduler does every hour, and gives what it logged that it does.
 *
 * @throws Error if the run fails.
 */
export async function runRetirement(aws: LocalAws, functionName: string): Promise<readonly Retirement[]> {
  const logged = aws.functionLogs(functionName).length;
  const lambda = new LambdaClient(aws.clientConfig());
  const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName: functionName }));
  const log = aws.functionLogs(functionName).slice(logged);
  if (FunctionError !== undefined) throw new Error(`The retirement function failed:\n${log}`);
  return log
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Partial<Retirement>)
    .filter((entry): entry is Retirement => entry.decision !== undefined);
}
