import { randomUUID } from 'node:crypto';

import type { Context } from 'aws-lambda';

import {
  closeKeptConnections,
  createLifecycle,
  createQuarantineReader,
  createSweepPorts,
} from '../aws/clients';
import { createLog } from '../aws/powertools-log';
import { PowertoolsMetrics } from '../aws/powertools-metrics';
import { systemClock } from '../aws/system-clock';
import { MINUTE } from '../../contract/instant';
import { pacedAccessKeys } from '../core/retirement/paced-access-keys';
import { IAM_RATE, Pacer } from '../core/retirement/pacer';
import { sweep } from '../core/retirement/sweep';
import { retireEnvSchema } from '../../contract/env/retire';
import { IN_ENGLISH } from '../../contract/schema-parts';
import { Tally, type SweepResult } from './tally';

const env = retireEnvSchema.parse(process.env, IN_ENGLISH);
const aws = createSweepPorts(env.TABLE_NAME);
const quarantine = env.QUARANTINE === 'looked-at' ? createQuarantineReader() : undefined;
const lifecycleLoggingTo = createLifecycle(env.STACK);

/** The longest visit: waiting for a lease and for an open attempt, and the acts. No visit begins with less time left. */
const LONGEST_VISIT = 5 * MINUTE;

/** EventBridge Scheduler invokes it: one sweep, which visits all users of the stack. */
export async function handler(_input: unknown, context: Context): Promise<SweepResult> {
  closeKeptConnections();
  const log = createLog({ run: context.awsRequestId });
  const overAt = systemClock.now() + context.getRemainingTimeInMillis();
  const pacer = new Pacer(systemClock, IAM_RATE);
  const metrics = new PowertoolsMetrics(env.STACK);
  const ports = {
    ...aws,
    quarantine,
    keys: pacedAccessKeys(aws.keys, pacer),
    clock: systemClock,
    newHolder: randomUUID,
    log,
    lifecycle: lifecycleLoggingTo(log),
    metrics,
  };
  const tally = new Tally();
  const summary = await sweep(ports, {
    stack: env.STACK,
    mode: env.MODE,
    maximumDeletions: env.MAXIMUM_DELETIONS,
    concurrency: 16,
    stopAt: overAt - LONGEST_VISIT,
    overAt,
    metricsPerUser: env.METRICS_PER === 'user',
    onVisited: (result) => tally.add(result),
  }).finally(() => metrics.publish());
  const result = tally.result(summary);
  log.info('the sweep is over', { ...result });
  return result;
}
