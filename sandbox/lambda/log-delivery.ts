import type { Moto } from '../moto/moto';
import type { LambdaFunction } from './functions';

const TARGET = 'Logs_20140328';

/**
 * Puts an invocation's log into the function's log group, if there is one. Nothing is created that Terraform
 * would have to know of; the log is kept in memory in any case.
 */
export async function deliverLog(
  moto: Moto,
  fn: LambdaFunction,
  logStreamName: string,
  log: string,
): Promise<void> {
  const stream = { logGroupName: String(fn.loggingConfig['LogGroup']), logStreamName };
  const created = await moto.json('logs', `${TARGET}.CreateLogStream`, stream, fn.region);
  // The stream is that of the function's process, whose later invocations find it there.
  if (created.status !== 200 && !created.body.includes('ResourceAlreadyExistsException')) return;
  // The machine's time, not the sandbox's: moto refuses events from the future.
  const timestamp = Date.now();
  const logEvents = log.split('\n').map((message) => ({ timestamp, message: message || ' ' }));
  await moto.json('logs', `${TARGET}.PutLogEvents`, { ...stream, logEvents }, fn.region);
}
